"""Checks that refuse a half-configured production (PRODUCTION=yes, or check --deploy)."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from routing.clocks.reminding import hours_of, steps_of


def _required() -> list[tuple[str, bool, str]]:
    """(setting, is it fine, what to do)."""
    strong = settings.SECRET_KEY != settings.DEVELOPMENT_SECRET and len(settings.SECRET_KEY) >= 40
    public = settings.PUBLIC_URL.startswith("https://")
    hosts = set(settings.ALLOWED_HOSTS) - {"127.0.0.1", "localhost", "[::1]", "testserver"}
    database = "sqlite" not in settings.DATABASES["default"]["ENGINE"]
    return [
        (
            "SECRET_KEY",
            strong,
            "Set SECRET_KEY or SECRET_KEY_FILE to 40 or more random characters.",
        ),
        ("PUBLIC_URL", public, "Set PUBLIC_URL to the https:// address that people use."),
        ("ALLOWED_HOSTS", bool(hosts), "Set ALLOWED_HOSTS to the host names of PUBLIC_URL."),
        ("DATABASE_URL", database, "Set DATABASE_URL to a postgres:// address."),
        ("BROKER_URL", bool(settings.BROKER_URL), "Set BROKER_URL to redis:// or amqp://."),
        ("DEBUG", not settings.DEBUG, "Unset DEBUG."),
    ]


@register(Tags.security)
def production_is_whole(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Errors for each thing that a production office lacks; none for an embedded one.

    An office with an https:// address needs a key of its own even when it calls itself embedded.
    """
    if settings.PRODUCTION:
        return _missing()
    if settings.PUBLIC_URL.startswith("https://"):  # open to others: never with a known key
        return [error for error in _missing() if error.id in {"sijill.SECRET_KEY", "sijill.DEBUG"}]
    return []


@register(Tags.security, deploy=True)
def deployment_is_whole(app_configs: Any, **kwargs: Any) -> list[Error]:
    """The same under `check --deploy`, whatever PRODUCTION says."""
    return [] if settings.PRODUCTION else _missing()


@register()
def reminders_are_readable(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Errors for steps of reminders and office hours that say nothing."""
    found = []
    readers = {"REMINDERS": steps_of, "SILENCE_REMINDERS": steps_of, "OFFICE_HOURS": hours_of}
    for name, read in readers.items():
        try:
            read(getattr(settings, name))
        except ImproperlyConfigured as error:
            found.append(Error(f"{name}: {error}", id=f"sijill.{name}"))
    return found


def _missing() -> list[Error]:
    return [
        Error(f"{name} is not fit for production.", hint=hint, id=f"sijill.{name}")
        for name, fine, hint in _required()
        if not fine
    ]
