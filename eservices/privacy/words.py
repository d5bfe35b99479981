"""Names and values of a print-out in words."""

from typing import Any, Final

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WORDS: Final[dict[str, Any]] = {
    "name": gettext_lazy("Name"),
    "kind": gettext_lazy("Kind"),
    "language": gettext_lazy("Language"),
    "way": gettext_lazy("Way"),
    "value": gettext_lazy("Value"),
    "notes": gettext_lazy("Notes"),
    "made_at": gettext_lazy("Made"),
    "changed_at": gettext_lazy("Changed"),
    "entered_at": gettext_lazy("Entered"),
    "verified_at": gettext_lazy("Verified"),
    "confirmed_at": gettext_lazy("Confirmed"),
    "opened_at": gettext_lazy("Opened"),
    "ended_at": gettext_lazy("Ended"),
    "saved_at": gettext_lazy("Saved"),
    "registered_at": gettext_lazy("Registered"),
    "until": gettext_lazy("Until"),
    "reached_by": gettext_lazy("Reached by"),
    "from_letter": gettext_lazy("From the letter"),
    "also_kept_as": gettext_lazy("Also kept as"),
    "at": gettext_lazy("When"),
    "what": gettext_lazy("What"),
    "columns": gettext_lazy("What was changed"),
    "number": gettext_lazy("Number"),
    "as": gettext_lazy("As"),
    "channel": gettext_lazy("Way in or out"),
    "subject": gettext_lazy("Subject"),
    "stage": gettext_lazy("Stage"),
    "recipient": gettext_lazy("Recipient"),
    "documents": gettext_lazy("Documents"),
    "answered_by": gettext_lazy("Answered by"),
    "others_named": gettext_lazy("Third persons named in it"),
    "content_destroyed": gettext_lazy("Its content was destroyed"),
    "identity_level": gettext_lazy("Level of identity"),
    "consents": gettext_lazy("Consents and preferences"),
    "told_by": gettext_lazy("How to be told"),
    "electronic_identities": gettext_lazy("Electronic identities"),
    "mandates": gettext_lazy("Mandates"),
    "side": gettext_lazy("Side"),
    "services": gettext_lazy("Services"),
    "contracts": gettext_lazy("Contracts"),
    "service": gettext_lazy("Service"),
    "answers": gettext_lazy("Answers"),
    "contract": gettext_lazy("Contract"),
    "outcome": gettext_lazy("Outcome"),
    "from_the_person": gettext_lazy("Written by the person"),
    "text": gettext_lazy("Text"),
    "telephone": gettext_lazy("Telephone"),
    "email": gettext_lazy("E-mail"),
    "address": gettext_lazy("Address"),
    "meters": gettext_lazy("Meters"),
    "meter": gettext_lazy("Meter"),
    "period": gettext_lazy("Period"),
    "index": gettext_lazy("Index"),
    "issued_on": gettext_lazy("Issued"),
    "due_on": gettext_lazy("Due"),
    "amount": gettext_lazy("Amount"),
    "remaining": gettext_lazy("Remaining"),
    "duty": gettext_lazy("Duty of who looked"),
    "times": gettext_lazy("Times"),
    "reason": gettext_lazy("Reason"),
    "wanted": gettext_lazy("Asked for"),
}
# What happens to a contact, as its history keeps it.
EVENTS: Final[dict[str, Any]] = {
    "created": gettext_lazy("made"),
    "edited": gettext_lazy("changed"),
    "verified": gettext_lazy("verified"),
    "forgot": gettext_lazy("a way to reach them was removed"),
    "merged": gettext_lazy("two entries were found to be one"),
    "unmerged": gettext_lazy("two entries were told apart again"),
}


def name_in_words(name: str) -> str:
    """Return the name of a value in words."""
    return str(WORDS.get(name, name))


def in_words(value: Any) -> str:
    """Return a value as a person reads it: moments as dates, lists and tables in one line."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return " · ".join(f"{name_in_words(name)}: {in_words(one)}" for name, one in value.items())
    if isinstance(value, list):
        return " ; ".join(in_words(one) for one in value)
    text = str(value)
    if len(text) >= len("2026-01-01T00:00") and text[10:11] == "T":
        try:
            moment = parse_datetime(text)
        except ValueError:
            moment = None
        if moment is not None:
            return date_format(moment, "j F Y · H:i")
    return str(EVENTS.get(text, text))
