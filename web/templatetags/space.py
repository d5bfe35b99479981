"""Template tags of my space: names and values of what is kept of a person, in words."""

import re
from typing import Any, Final

from django import template
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from org.signs import listed
from org.written_days import date_format

register = template.Library()

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

WORDS: Final[dict[str, Any]] = {
    "person": gettext_lazy("You"),
    "contacts": gettext_lazy("Contacts"),
    "electronic_identities": gettext_lazy("Electronic identity"),
    "sessions": gettext_lazy("My sessions"),
    "since": gettext_lazy("Since"),
    "last_seen": gettext_lazy("Last seen"),
    "browser": gettext_lazy("Browser"),
    "network": gettext_lazy("From about"),
    "requests_and_letters": gettext_lazy("Requests and letters"),
    "messages": gettext_lazy("Messages"),
    "drafts": gettext_lazy("My drafts"),
    "mandates": gettext_lazy("Mandates"),
    "calls_and_visits": gettext_lazy("Calls and visits"),
    "history": gettext_lazy("History of my space"),
    "name": gettext_lazy("Name"),
    "kind": gettext_lazy("Kind"),
    "language": gettext_lazy("Language"),
    "identity_level": gettext_lazy("Level of identity"),
    "preferences": gettext_lazy("Preferences"),
    "opened_at": gettext_lazy("Opened"),
    "way": gettext_lazy("Way"),
    "value": gettext_lazy("Address"),
    "verified_at": gettext_lazy("Verified"),
    "issuer": gettext_lazy("Issuer"),
    "linked_at": gettext_lazy("Linked"),
    "number": gettext_lazy("Registry number"),
    "registered_at": pgettext_lazy("day", "Registered"),
    "subject": gettext_lazy("Subject"),
    "service": gettext_lazy("Service"),
    "answers": gettext_lazy("Answers"),
    "contract": gettext_lazy("Contract"),
    "stage": gettext_lazy("Stage"),
    "at": gettext_lazy("When"),
    "from_me": gettext_lazy("Written by you"),
    "text": gettext_lazy("Text"),
    "saved_at": gettext_lazy("Saved"),
    "kept_until": gettext_lazy("Kept until"),
    "contact": gettext_lazy("Contact"),
    "side": gettext_lazy("You are"),
    "agent": gettext_lazy("who acts"),
    "principal": gettext_lazy("for whom one acts"),
    "other": gettext_lazy("The other"),
    "services": gettext_lazy("Services"),
    "contracts": gettext_lazy("Contracts"),
    "until": gettext_lazy("Until"),
    "made_at": gettext_lazy("Made"),
    "confirmed_at": gettext_lazy("Confirmed"),
    "ended_at": gettext_lazy("Ended"),
    "readings": gettext_lazy("Readings"),
    "meter": gettext_lazy("Meter"),
    "index": gettext_lazy("Index"),
    "read_on": gettext_lazy("Read on"),
    "sent_at": gettext_lazy("Sent on"),
    "state": gettext_lazy("State"),
    "payments": gettext_lazy("Payments"),
    "receipt": gettext_lazy("Receipt no."),
    "paid_at": gettext_lazy("Paid on"),
    "begun_at": gettext_lazy("Begun on"),
    "amount": gettext_lazy("Amount"),
    "bills": gettext_lazy("Bills"),
    "order": gettext_lazy("Order"),
    "proof": gettext_lazy("Proof"),
    "proven_at": gettext_lazy("Proven"),
    "channel": gettext_lazy("Channel"),
    "telephone": gettext_lazy("Telephone"),
    "notes": gettext_lazy("Notes"),
    "what": gettext_lazy("What"),
    "told_by": gettext_lazy("How to be told"),
    "ar": "العربية",
    "fr": "Français",
    "en": "English",
}


@register.filter
def data_words(name: str) -> str:
    """Return the name of a part or value of a person's data in words."""
    return str(WORDS.get(name, name))


@register.filter
def data_value(value: Any) -> str:
    """Return one value as a person reads it: moments as dates, lists and tables in one line."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        pairs = ({"name": data_words(name), "value": data_value(value[name])} for name in value)
        return " · ".join(_("%(name)s: %(value)s") % pair for pair in pairs)
    if isinstance(value, list):
        return listed(data_value(one) for one in value)
    text = str(value)
    if len(text) >= len("2026-01-01T00:00") and text[10:11] == "T":
        moment = parse_datetime(text)
        if moment is not None:
            return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
    if _DAY.fullmatch(text) and (day := parse_date(text)):
        return date_format(day, "DATE_FORMAT")
    return data_words(text)
