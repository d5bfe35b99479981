"""The letters that names are learnt from, with the answers of rules not yet mended by them."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benches._reference_tables import GRADED, LEARNT_FROM, graded_letters
from language.strokes import strokes_in_place
from understanding.facts.sender_rules import Sender
from understanding.facts.subject_dates import Fact

ANSWERS: Final = GRADED / "first_answers.jsonl"
_HELD_BACK: Final = (
    Path(__file__).resolve().parents[1] / "tests/understanding/letters_held_back_facts.jsonl"
)


@dataclass(frozen=True, slots=True)
class Known:
    """A letter whose writer is known; `part` is its file: each but 1 is of one hand."""

    part: str
    text: str
    names: tuple[str, ...]
    bodies: tuple[str, ...]
    rules: Sender


def known_letters() -> list[Known]:
    """Return the graded letters that may be looked at, and half 1 of the held-back ones."""
    answers = {
        row["id"]: row for row in map(json.loads, ANSWERS.read_text(encoding="utf-8").splitlines())
    }
    graded = [
        Known(
            one.half,
            strokes_in_place(one.text),
            tuple(one.facts["name"]),
            tuple(one.facts["organisation"]),
            _answered(answers[one.ident]),
        )
        for one in graded_letters(LEARNT_FROM)
    ]
    return graded + list(_first_half())


def _answered(row: dict[str, Any]) -> Sender:
    facts = {
        name: Fact(one[0], one[1], tuple(one[2]), one[3]) if (one := row[name]) else None
        for name in ("organisation", "person", "main")
    }
    return Sender(**facts)


def _first_half() -> Iterator[Known]:
    for row in map(json.loads, _HELD_BACK.read_text(encoding="utf-8").splitlines()):
        if zlib.crc32(row["id"].encode()) % 2 == 0:
            true = row["facts"]["sender"]
            names, bodies = (tuple(filter(None, [true.get(k)])) for k in ("name", "organisation"))
            yield Known("1", strokes_in_place(row["text"]), names, bodies, Sender())
