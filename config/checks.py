"""Checks that refuse a half-configured production (PRODUCTION=yes, or check --deploy)."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from config.start_problems import Problem, problems
from config.starting import not_heeded, startup_settings
from routing.clocks.reminding import hours_of, steps_of
from sandbox.strength import holds_nothing, missing_walls
from web.shared.walls import wall_words


@register(Tags.security)
def settings_are_fit(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Return what `config.starting` refuses at a start, as errors of `manage check`."""
    return _errors(problems(startup_settings()))


@register(Tags.security, deploy=True)
def deployment_is_whole(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Return the errors that PRODUCTION=yes would give, under `check --deploy` whatever it says."""
    return [] if settings.PRODUCTION else _errors(problems(startup_settings(), production=True))


@register(Tags.security, deploy=True)
def walls_stand(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return warnings for the parts of the sandbox around untrusted files that are missing here."""
    kind = Error if holds_nothing() else Warning
    return [
        kind(" ".join(wall_words(wall)), id=f"sijill.walls.{wall}")
        for wall in missing_walls() or ()
    ]


@register(Tags.security, deploy=True)
def hosts_are_listed(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return a warning where the office may reach every host."""
    words = _("not set: this office may reach every host (docs/settings.md).")
    return [] if settings.OUTGOING_LISTED else [_unset("OUTGOING_HOSTS", words)]


@register(Tags.security, deploy=True)
def security_is_watched(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return a warning where security events stay on the machine that they are about."""
    words = _("not set: security events stay on this machine (docs/settings.md).")
    return [] if settings.SECURITY_LOG else [_unset("SECURITY_LOG", words)]


@register(Tags.security, deploy=True)
def hosts_are_separate(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return a warning where staff and citizens come in at one host."""
    words = _("not set: desk and portal share one host (docs/settings.md).")
    return [] if settings.STAFF_URL else [_unset("STAFF_URL", words)]


@register(Tags.security, deploy=True)
def all_is_heeded(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return a warning for each variable that is misspelt, or overruled by a file."""
    return [Warning(words, id="sijill.not_heeded") for words in not_heeded()]


@register()
def reminders_are_readable(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Return errors for reminder steps and office hours that cannot be read."""
    found = []
    readers = {"REMINDERS": steps_of, "SILENCE_REMINDERS": steps_of, "OFFICE_HOURS": hours_of}
    for name, read in readers.items():
        try:
            read(getattr(settings, name))
        except ImproperlyConfigured as error:
            found.append(Error(f"{name}: {error}", id=f"sijill.{name}"))
    return found


def _unset(setting: str, words: str) -> CheckMessage:
    return Warning(f"{setting}: {words}", id=f"sijill.{setting}")


def _errors(found: Sequence[Problem]) -> list[Error]:
    return [
        Error(f"{problem.setting}: {problem.words}", id=f"sijill.{problem.setting}")
        for problem in found
    ]
