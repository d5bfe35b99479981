"""What an event of security says of itself, in words: codes are for files and programs."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from identity.models import SecurityEvent
from org.signs import listed
from org.written_days import written_day

# How it was done -> its words; "" where that goes without saying.
WAYS: Final[dict[str, Any]] = {
    "here": "",
    "provider": _("by the identity provider"),
    "api": _("over the API"),
    "command": _("by a command of the server"),
    "password": _("by password"),
    "mfa": _("by code or passkey"),
    "password_reset": _("by a link sent by mail"),
    "invitation": _("by the link of an invitation"),
    "password_changed": "",
    "totp_activated": _("app with codes"),
    "totp_deactivated": _("app with codes"),
    "webauthn_added": _("passkey"),
    "webauthn_removed": _("passkey"),
    "recovery_codes_generated": "",
}
# A fact's name -> its words; a name that is not here is shown as it is.
NAMES: Final[dict[str, Any]] = {
    "access": pgettext_lazy("security record", "access"),
    "areas": pgettext_lazy("security record", "areas"),
    "change": pgettext_lazy("security record", "change"),
    "days": pgettext_lazy("security record", "days"),
    "department": pgettext_lazy("security record", "department"),
    "export": pgettext_lazy("security record", "export"),
    "for": pgettext_lazy("security record", "in place of"),
    "format": pgettext_lazy("security record", "format"),
    "from": pgettext_lazy("security record", "from"),
    "group": pgettext_lazy("security record", "group"),
    "letters": pgettext_lazy("security record", "letters"),
    "page": pgettext_lazy("security record", "page"),
    "partner": pgettext_lazy("security record", "partner"),
    "picture": pgettext_lazy("security record", "scanned signature"),
    "reason": pgettext_lazy("security record", "reason"),
    "rows": pgettext_lazy("security record", "rows"),
    "sessions": pgettext_lazy("security record", "sessions"),
    "to": pgettext_lazy("security record", "to"),
    "token": pgettext_lazy("security record", "token"),
    "tokens": pgettext_lazy("security record", "tokens"),
    "what": pgettext_lazy("security record", "of what"),
    "why": pgettext_lazy("security record", "reason"),
}
# Values of facts that are codes of the program; the others are names, numbers and days.
VALUES: Final[dict[tuple[str, str], Any]] = {
    ("change", "clearance"): pgettext_lazy("security record", "clearance"),
    ("change", "departments"): pgettext_lazy("security record", "departments"),
    ("change", "duty"): pgettext_lazy("security record", "duty"),
    ("change", "is_active"): pgettext_lazy("security record", "account open or closed"),
    ("change", "stands_in"): pgettext_lazy("security record", "stands in"),
    ("change", "stands_in_no_more"): pgettext_lazy("security record", "stands in no more"),
    ("change", "created"): pgettext_lazy("security record", "person added"),
    ("change", "changed"): pgettext_lazy("security record", "person changed"),
    ("change", "removed"): pgettext_lazy("security record", "person removed"),
    ("change", "joined"): pgettext_lazy("security record", "joined the department"),
    ("change", "left"): pgettext_lazy("security record", "left the department"),
    ("change", "group_created"): pgettext_lazy("security record", "group added"),
    ("change", "group_changed"): pgettext_lazy("security record", "group changed"),
    ("change", "group_removed"): pgettext_lazy("security record", "group removed"),
    ("picture", "given"): pgettext_lazy("security record", "given"),
    ("picture", "removed"): pgettext_lazy("security record", "removed"),
    ("reason", "command"): _("by a command of the server"),
    ("reason", "deactivated"): pgettext_lazy("security record", "account closed"),
    ("what", "bank_partner"): pgettext_lazy("security record", "secret of a bank"),
    ("why", "idle"): pgettext_lazy("security record", "nothing was done for long"),
    ("why", "longest"): pgettext_lazy("security record", "longest time of a session reached"),
}


def detail_words(row: SecurityEvent) -> str:
    """Return what an event says of itself, on one line of the page."""
    said = [str(WAYS.get(value, value)) for name, value in row.detail.items() if name == "way"]
    said += [
        str(_("%(name)s: %(value)s"))
        % {"name": NAMES.get(name, name), "value": _words(name, value)}
        for name, value in row.detail.items()
        if name != "way" and value not in ("", [])
    ]
    return " · ".join(words for words in said if words)


def coded(row: SecurityEvent) -> str:
    """Return the same in codes, for files and programs."""
    return " · ".join(f"{name}: {_plain(value)}" for name, value in row.detail.items())


def _words(name: str, value: Any) -> str:
    parts = value if isinstance(value, list) else str(value).split(", ")
    return listed(_one(name, str(part)) for part in parts)


def _one(name: str, value: str) -> str:
    if name in ("from", "to"):
        return written_day(value)
    return str(VALUES.get((name, value), value))


def _plain(value: Any) -> str:
    return listed(value) if isinstance(value, list) else str(value)
