"""Letters of the register that a file probably came as before: `same_as` of `understand_file`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection

from ocr.media import sniff
from ocr.reading import Reading
from registry.doubles.finding import Known, find_same
from registry.doubles.index import MOST_LOOKS, Seen
from registry.files.kinds import EML
from registry.mails import message_id_of
from registry.models.letters import Letter
from routing.proposals.comparing import received_by_numbers
from understanding.letters.understanding import Understanding

_CHUNK = 1 << 20
_QUOTED_SCORE = 0.7


def same_letters(path: Path, reading: Reading, understood: Understanding) -> list[dict[str, Any]]:
    """Return numbers, scores and reasons, best first; empty where the office has no database.

    Reads only.
    """
    if not _has_file():
        return []
    try:
        return _found(_known(path, reading, understood), quoted=_quoted(understood))
    except DatabaseError:
        return []


def _has_file() -> bool:
    """Return whether the database's file exists, if it is one: connecting would create it."""
    return connection.vendor != "sqlite" or Path(connection.settings_dict["NAME"]).exists()


def _known(path: Path, reading: Reading, understood: Understanding) -> Known:
    written = understood.best("document_date")
    seen = Seen(
        text="\n\n".join(page.text for page in reading.pages).strip(),
        looks=tuple(page.look for page in reading.pages[:MOST_LOOKS]),
        sha256=_hash(path),
        message_id=message_id_of(path) if sniff(path) == EML else "",
    )
    return Known(
        (seen,),
        sender=_value(understood, "sender"),
        reference=_value(understood, "external_reference"),
        written=date.fromisoformat(written.value) if written else None,
    )


def _found(known: Known, *, quoted: Sequence[str]) -> list[dict[str, Any]]:
    found = {one.letter_id: (one.score, list(one.reasons)) for one in find_same(known)}
    for letter_id in received_by_numbers(quoted):
        found.setdefault(letter_id, (_QUOTED_SCORE, ["quotes_number"]))
    numbers = dict(Letter.objects.filter(pk__in=found).values_list("pk", "number"))
    rows = [
        {"number": numbers[pk], "score": score, "reasons": reasons}
        for pk, (score, reasons) in found.items()
    ]
    return sorted(rows, key=lambda row: (-row["score"], row["number"]))


def _quoted(understood: Understanding) -> list[str]:
    return [one.value for one in understood.of("quoted_number")]


def _value(understood: Understanding, field: str) -> str:
    best = understood.best(field)
    return best.value if best else ""


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
