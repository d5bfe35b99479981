"""Names and values of a print-out in words."""

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from eservices.privacy.service_words import Services
from org.signs import colon
from org.written_days import date_format

WORDS: Final[dict[str, Any]] = {
    "name": gettext_lazy("Name"),
    "kind": gettext_lazy("Kind"),
    "language": gettext_lazy("Language"),
    "way": gettext_lazy("Way"),
    "value": gettext_lazy("Value"),
    "notes": gettext_lazy("Notes"),
    "made_at": pgettext_lazy("before a date", "Made"),
    "changed_at": pgettext_lazy("before a date", "Changed"),
    "entered_at": pgettext_lazy("before a date", "Entered"),
    "verified_at": pgettext_lazy("before a date", "Verified"),
    "confirmed_at": pgettext_lazy("before a date", "Confirmed"),
    "opened_at": pgettext_lazy("before a date", "Opened"),
    "ended_at": pgettext_lazy("before a date", "Ended"),
    "saved_at": pgettext_lazy("before a date", "Saved"),
    "registered_at": pgettext_lazy("day", "Registered"),
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
    "issued_on": pgettext_lazy("before a date", "Issued"),
    "due_on": pgettext_lazy("the day by which a bill is paid", "Due"),
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


LEVELS: Final[dict[int, Any]] = {
    0: gettext_lazy("nothing is verified"),
    1: gettext_lazy("a way of contact is verified"),
    2: gettext_lazy("the link to a contract is proven"),
    3: gettext_lazy("national electronic identity"),
}
# How a person wants to be told, as their preferences keep it.
TOLD_BY: Final[dict[str, Any]] = {
    "email": gettext_lazy("by e-mail"),
    "phone": gettext_lazy("by SMS"),
    "none": gettext_lazy("not at all"),
}
_BETWEEN: Final = {"ar": "؛ ", "fr": "\u00a0; ", "en": "; "}
_MOMENTS: Final = ("at", "until")


def name_in_words(name: str) -> str:
    """Return the name of a value in words."""
    return str(WORDS.get(name, name))


class Words:
    """The values of a print-out as a person reads them, in the active language."""

    def __init__(self) -> None:
        self._language = (get_language() or "fr")[:2]
        self._services = Services(self._language)

    def rows(self, part: str, rows: Sequence[dict[str, Any]]) -> list[list[tuple[str, str]]]:
        """Return the rows of a part as pairs of name and value."""
        spoken = self._services.spoken(part, rows)
        return [
            [(name_in_words(name), self.value(value, name, part)) for name, value in row.items()]
            for row in spoken
        ]

    def value(self, value: Any, name: str = "", part: str = "") -> str:
        """Return a value in words, by the field in which it stands and never by what it is."""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, dict):
            # Answers stand under their questions, everything else under names of ours.
            own = name != "answers"
            named = (
                (name_in_words(inner) if own else inner, self.value(one, inner if own else ""))
                for inner, one in value.items()
            )
            return " · ".join(f"{said}{colon()} {words}" for said, words in named)
        if isinstance(value, list):
            between = _BETWEEN.get(self._language, "; ")
            return between.join(self.value(one, name, part) for one in value)
        return self._text(value, name, part)

    def _text(self, value: Any, name: str, part: str) -> str:
        text = str(value)
        if name in _MOMENTS or name.endswith(("_at", "_on")):
            return _day_in_words(text)
        if name == "services" and part != "contracts":
            return self._services.name(text)
        tables: dict[str, dict[Any, Any]] = {
            "language": dict(settings.LANGUAGES),
            "identity_level": LEVELS,
            "told_by": TOLD_BY,
            "columns": WORDS,
            "what": EVENTS if part == "history" else {},
        }
        return str(tables.get(name, {}).get(value, text))


def _day_in_words(text: str) -> str:
    """Return a day or moment as people write it; what is neither as it is."""
    try:
        if (day := parse_date(text)) is not None:
            return date_format(day, "j F Y")
        moment = parse_datetime(text)
    except ValueError:
        return text
    return date_format(moment, "j F Y · H:i") if moment is not None else text
