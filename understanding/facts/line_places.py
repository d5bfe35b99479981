"""Where each line of a letter stands, and what it is beside a name: marks for candidates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from language.bidi import strip_bidi_controls
from language.dates import find_dates
from understanding.facts.letterhead_words import (
    ADDRESS,
    ADDRESSEE,
    CONTACT,
    END,
    INVOCATION,
    MINISTRY,
    NOT_SENDER,
    NUMBERED,
    STATE,
    UNIT,
)
from understanding.facts.lines import READ_CHARACTERS, READ_LINES, Line
from understanding.facts.persons import is_role
from understanding.facts.signature import CLOSING, ENCLOSED
from understanding.facts.subject_dates import is_title

LONG: Final = 95  # characters: running text
_HEAD: Final = 16  # lines at the top of which marks are made
_FOOT: Final = 14  # and at the bottom


@dataclass(frozen=True, slots=True)
class Placed:
    """A line with its number, the zone it stands in, and the marks of its place and kind."""

    line: Line
    number: int
    zone: str
    kind: str
    marks: tuple[str, ...]
    columns: tuple[str, ...] = ()  # two or more where wide gaps divide the line


def placed_lines(lines: Sequence[Line], columns: Mapping[str, Sequence[str]]) -> list[Placed]:
    """Return the lines of head and foot, each with its place; running text between is left out."""
    count = len(lines)
    numbers = [*range(min(_HEAD, count)), *range(max(_HEAD, count - _FOOT), count)]
    kinds = {number: _kind(lines[number]) for number in numbers}
    begins = next((n for n in numbers if kinds[n] in ("greeting", "text")), count)
    texts = [n for n in numbers if n >= begins and kinds[n] in ("text", "closing")]
    ends = texts[-1] if texts else begins
    addressed = next((n for n in numbers if n < begins and kinds[n] == "addressee"), count)
    placed = []
    for number in numbers:
        zone = _zone(number, begins, ends, addressed)
        marks = _marks(number, zone, begins, ends, count)
        marks += (
            f"above:{kinds.get(number - 1, 'none')}",
            f"below:{kinds.get(number + 1, 'none')}",
        )
        divided = tuple(columns.get(lines[number].text, ()))
        placed.append(Placed(lines[number], number, zone, kinds[number], marks, divided))
    return placed


_GAP: Final = re.compile(r"\s{3,}|\t")


def columns_of(text: str) -> dict[str, list[str]]:
    """Return line without wide gaps -> the pieces between them, of each line that has some."""
    divided = {}
    for line in strip_bidi_controls(text[:READ_CHARACTERS]).splitlines()[:READ_LINES]:
        pieces = _GAP.split(line.strip())
        if len(pieces) > 1:
            divided[" ".join(line.split())] = [" ".join(piece.split()) for piece in pieces]
    return divided


def _zone(number: int, begins: int, ends: int, addressed: int) -> str:
    if number < begins:
        return "head" if number < addressed else "address"
    return "text" if number <= ends else "foot"


def _marks(number: int, zone: str, begins: int, ends: int, count: int) -> tuple[str, ...]:
    top = f"top:{number}" if number < 4 else "top:more"
    from_end = count - 1 - number
    last = f"last:{from_end}" if from_end < 4 else "last:more"
    after = f"after:{min(number - ends, 5)}" if zone == "foot" else f"zone:{zone}"
    return (f"zone:{zone}", f"{zone}/{top}" if zone in ("head", "text") else f"{zone}/-",
            f"{zone}/{last}" if zone != "head" else "head/-", after)  # fmt: skip


def _kind(line: Line) -> str:
    """Return what a line is, by its words alone."""
    folded = line.folded
    for name, pattern in _KINDS:
        if pattern.match(folded):
            return name
    if CLOSING.search(folded) and len(folded) < 260:
        return "closing"
    if len(line.text) > LONG or _is_phrase(line):
        return "text"
    if is_title(line):
        return "title"
    if is_role(line.text):
        return "role"
    if CONTACT.search(folded):
        return "contact"
    if ADDRESS.match(folded):
        return "street"
    if find_dates(line.text):
        return "date"
    if STATE.search(folded) or MINISTRY.match(folded):
        return "state"
    if UNIT.match(folded):
        return "unit"
    if NUMBERED.search(folded):
        return "numbered"
    return "digits" if re.search(r"\d", folded) else "words"


_KINDS: Final = (
    ("enclosed", ENCLOSED), ("copy", NOT_SENDER), ("greeting", END), ("invocation", INVOCATION),
    ("addressee", ADDRESSEE),
)  # fmt: skip


def _is_phrase(line: Line) -> bool:
    words = line.text.split()
    return len(words) > 4 and bool(re.search(r"[^\W\d_]{3,}\W?[.؟!:,،…]$", line.text))
