"""The settings of mailbox, watched folder, mails and SMS, as they may be shown: without secrets."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs.mailing import mail_leaves

HIDDEN: Final = "•••••"
NAMES: Final[dict[str, Any]] = {
    "mailbox": gettext_lazy("Mailbox"),
    "folder": gettext_lazy("Watched folder"),
    "email": gettext_lazy("Outgoing mail"),
    "sms": gettext_lazy("SMS"),
}


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel: whether it is set up, and its settings by their names in the environment."""

    code: str
    name: str
    set_up: bool
    rows: list[tuple[str, str]]


def channels() -> list[Channel]:
    """Return the four channels with their settings."""
    told = {
        "mailbox": (bool(settings.MAILBOX_URL), _mailbox()),
        "folder": (bool(settings.WATCH_FOLDER), _folder()),
        "email": (mail_leaves(), _email()),
        "sms": (settings.SMS_URL.startswith("http"), _sms()),
    }
    return [Channel(code, str(NAMES[code]), *told[code]) for code in NAMES]


def masked(url: str, *, path: bool = True) -> str:
    """Return an address without its password and query, and without its path where that is one."""
    parts = urlsplit(url)
    if parts.scheme in {"", "file"}:
        return url
    user, at, host = parts.netloc.rpartition("@")
    name, colon, _secret = user.partition(":")
    shown = f"{name}{f':{HIDDEN}' if colon else ''}{at}{host}"
    rest = parts.path if path else "/…" if parts.path.strip("/") else ""
    return f"{parts.scheme}://{shown}{rest}{'?…' if parts.query else ''}"


def _mailbox() -> list[tuple[str, str]]:
    return [
        ("MAILBOX_URL", masked(settings.MAILBOX_URL) or "—"),
        ("MAILBOX_DONE", settings.MAILBOX_DONE or "—"),
    ]


def _folder() -> list[tuple[str, str]]:
    return [
        ("WATCH_FOLDER", settings.WATCH_FOLDER or "—"),
        ("WATCH_SECONDS", str(settings.WATCH_SECONDS)),
    ]


def _email() -> list[tuple[str, str]]:
    return [("EMAIL_URL", _email_url()), ("EMAIL_FROM", settings.DEFAULT_FROM_EMAIL)]


def _email_url() -> str:
    kept = settings.EMAIL_BACKEND.split(".")[-2]
    if kept == "filebased":
        return f"file://{getattr(settings, 'EMAIL_FILE_PATH', '')}"
    if kept != "smtp":
        return f"{kept}://"
    secret = f":{HIDDEN}" if settings.EMAIL_HOST_PASSWORD else ""
    user = f"{settings.EMAIL_HOST_USER}{secret}@" if settings.EMAIL_HOST_USER else ""
    scheme = "smtps" if settings.EMAIL_USE_SSL else "smtp"
    return f"{scheme}://{user}{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"


def _sms() -> list[tuple[str, str]]:
    key = HIDDEN if settings.SMS_KEY else _("not set")
    return [("SMS_URL", masked(settings.SMS_URL, path=False)), ("SMS_KEY", key)]
