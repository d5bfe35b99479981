"""What was understood of a file, as plain values: the answer of `understand_file --json`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from ocr.reading import Reading
from understanding.facts.enclosures import count_names
from understanding.facts.places import PAGE_BREAK, box_of
from understanding.letters.understanding import Suggested, Understanding

_PERIOD: Final = re.compile(r"P(\d+)D")
_OF_SENDER: Final = {
    "name": "sender",
    "organisation": "sender_organisation",
    "person": "sender_person",
    "role": "sender_role",
    "address": "sender_address",
    "email": "sender_email",
    "phone": "sender_phone",
    "customer_number": "customer_number",
}


def describe(
    understood: Understanding,
    *,
    reading: Reading,
    language: str,
    same_as: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """Return every fact in its place; None or an empty list for what the letter does not say.

    `automatic`: the letter would go to its department without review by a person. `facts` repeats
    each fact with its score, reasons and source: characters of the text, page, box (fractions of
    the page). `same_as`: letters of the register, as `config.same_letters` finds them.
    """
    department = understood.best("department")
    return {
        "language": language,
        "kind": _scored(understood, "kind"),
        "department": _scored(understood, "department"),
        "automatic": bool(department and department.sure),
        "subject": _scored(understood, "subject"),
        "sender": _sender(understood),
        "recipient": _value(understood, "recipient"),
        "place": _value(understood, "place"),
        "document_date": _date(understood, reading.text),
        "external_references": understood.external_references(),
        "our_references": _values(understood, "quoted_number"),
        "deadline": _deadline(understood, reading.text),
        "urgent": understood.best("urgency") is not None,
        "amounts": [_amount(one, reading.text) for one in understood.of("amount")],
        "enclosures": _enclosures(understood),
        "same_as": list(same_as),
        "facts": [_fact(one, reading) for one in understood.suggestions],
    }


def _scored(understood: Understanding, field: str) -> dict[str, Any]:
    best = understood.best(field)
    if best is None:
        return {"value": None, "score": 0.0, "reasons": []}
    return {"value": best.value, "score": round(best.score, 4), "reasons": list(best.reasons)}


def _value(understood: Understanding, field: str) -> str | None:
    best = understood.best(field)
    return best.value if best else None


def _values(understood: Understanding, field: str) -> list[str]:
    return [one.value for one in understood.of(field)]


def _sender(understood: Understanding) -> dict[str, Any]:
    best = understood.best("sender")
    values: dict[str, Any] = {name: _value(understood, field) for name, field in _OF_SENDER.items()}
    score = round(best.score, 4) if best else 0.0
    return values | {"score": score, "reasons": list(best.reasons) if best else []}


def _date(understood: Understanding, text: str) -> dict[str, Any] | None:
    best = understood.best("document_date")
    if best is None:
        return None
    return {
        "gregorian": best.value,
        "hijri": _value(understood, "document_date_hijri"),
        "text": _words(best, text),
        "score": round(best.score, 4),
        "reasons": list(best.reasons),
    }


def _deadline(understood: Understanding, text: str) -> dict[str, Any] | None:
    best = understood.best("deadline")
    if best is None:
        return None
    period = _PERIOD.fullmatch(best.value)
    return {
        "date": None if period else best.value,
        "days": int(period[1]) if period else None,
        "text": _words(best, text),
        "score": round(best.score, 4),
        "reasons": list(best.reasons),
    }


def _amount(one: Suggested, text: str) -> dict[str, Any]:
    value, _, currency = one.value.partition(" ")
    return {"value": float(value), "currency": currency, "text": _words(one, text)}


def _enclosures(understood: Understanding) -> dict[str, Any]:
    named = _values(understood, "enclosure")
    return {"named": named, "count": count_names(named)}


def _words(one: Suggested, text: str) -> str:
    return " ".join(text[one.place.start : one.place.end].split()) if one.place else one.value


def _fact(one: Suggested, reading: Reading) -> dict[str, Any]:
    return {
        "field": one.field,
        "value": one.value,
        "score": round(one.score, 4),
        "reasons": list(one.reasons),
        "sure": one.sure,
        "source": _source(one, reading),
    }


def _source(one: Suggested, reading: Reading) -> dict[str, Any] | None:
    if one.place is None:
        return None
    start, end, number = one.place.start, one.place.end, one.place.page
    page = reading.pages[number - 1]
    before = reading.text.rfind(PAGE_BREAK, 0, start) + 1
    words = [(word.text, word.box) for word in page.words]
    box = box_of(page.text, words, start - before, end - before)
    return {"page": page.number, "box": list(box) if box else None, "start": start, "end": end}
