"""Partners' messages, keys and history in words."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from channels.kinds import HookType

EVENTS: Final[dict[HookType, Any]] = {
    HookType.CHANGED: _("Any change: the present state"),
    HookType.REGISTERED: _("Letter registered"),
    HookType.ASSIGNED: _("Letter given to a department"),
    HookType.ACCEPTED: _("Letter taken in hand"),
    HookType.PIECES_ASKED: _("Missing pieces asked for"),
    HookType.ANSWERED: _("Letter answered"),
    HookType.CLOSED: _("Matter closed"),
    HookType.REOPENED: _("Letter reopened"),
    HookType.VOIDED: _("Registration voided"),
    HookType.REQUEST_MOVED: _("Request for a service moved to another stage"),
    HookType.REPLY_DISPATCHED: _("Reply dispatched"),
    HookType.REPLY_DELIVERED: _("Reply delivered"),
    HookType.TEST: _("Test call"),
}
ERRORS: Final[dict[str, Any]] = {
    "webhook_address": _("This address cannot be called."),
    "webhook_away": _("Nobody answered at this address."),
    "webhook_refused": _("The message was not accepted."),
}
ACTS: Final[dict[str, Any]] = {
    "partner_made": _("Partner made"),
    "partner_key_made": _("Key made"),
    "partner_key_replaced": _("Key replaced; both are valid for a week"),
    "partner_key_revoked": _("Key revoked"),
    "partner_webhook_set": _("Address and events of the messages set"),
    "partner_webhook_secret": _("New secret; the old one is valid for a day"),
    "partner_webhook_on": _("Messages switched on again"),
    "partner_webhook_off": _("Messages switched off by the machine"),
    "partner_webhook_tried": _("Test call made"),
    "partner_webhook_again": _("Message sent again"),
}


def event_words(kind: str) -> str:
    """Return a message's content in words; its type where this version does not know it."""
    return str(EVENTS[HookType(kind)]) if kind in set(HookType) else kind


def error_words(code: str) -> str:
    """Return why a message was not taken, in words."""
    return str(ERRORS.get(code, code))
