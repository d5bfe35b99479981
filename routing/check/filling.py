"""Sure suggestions fill what is still empty: a letter's columns, and a missing sender."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from language.fold import fold
from language.lines import one_line
from registry.corrections import BadCorrectionError
from registry.models.letters import Letter, Party
from understanding.facts.columns import COLUMNS, OF_SENDER, column_value, sender_lengths
from understanding.letters.understanding import Understanding

PLAUSIBLE_AGE = timedelta(days=400)


def fillings(letter: Letter, result: Understanding) -> tuple[dict[str, Any], Party | None]:
    """Return columns to fill and a sender to add, from sure suggestions where nothing stands."""
    changes: dict[str, Any] = {}
    for field in COLUMNS:
        best = result.best(field)
        if best is None or not best.sure or getattr(letter, field):
            continue
        try:
            value = column_value(field, one_line(best.value))
        except BadCorrectionError:
            continue
        if value and (field != "document_date" or _plausible(letter, value)):
            changes[field] = value
    return changes, _sender(letter, result)


def _plausible(letter: Letter, written: date) -> bool:
    """Return whether a letter of this date may plausibly arrive now.

    A misread year must not fill a column.
    """
    age = timezone.localdate(letter.received_at) - written
    return timedelta(0) <= age <= PLAUSIBLE_AGE


def _sender(letter: Letter, result: Understanding) -> Party | None:
    """Return who wrote and how they are reached; None where nobody is sure or a sender is known."""
    lengths = sender_lengths()
    values: dict[str, str] = {}
    for fact, name in OF_SENDER.items():
        best = result.best(fact)
        if best and best.sure:
            values[name] = one_line(best.value, lengths[name])
    if fold(values.get("organisation", "")) == fold(values.get("name", "")):
        values.pop("organisation", None)
    if not is_email(values.get("email", "")):
        values.pop("email", None)
    named = values.get("name") or values.get("organisation")
    senders = Party.objects.filter(letter=letter, role=Party.Role.SENDER)
    if not named or senders.exists():
        return None
    return Party(letter=letter, role=Party.Role.SENDER, **values)


def is_email(text: str) -> bool:
    """Return whether a text is an e-mail address; an empty one is none."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
