"""Where each line of a letter stands, and what it is beside a name: marks for candidates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
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
_FORMULA: Final = 260  # characters of a closing, at most
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
        pieces = [" ".join(piece.split()) for piece in _GAP.split(line) if piece.strip()]
        if len(pieces) > 1:
            divided[" ".join(line.split())] = pieces
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
    return next((name for name, holds in _KINDS if holds(line)), "words")


def _closes(line: Line) -> bool:
    return CLOSING.search(line.folded) is not None and len(line.folded) < _FORMULA


def _is_phrase(line: Line) -> bool:
    words = line.text.split()
    return len(words) > 4 and bool(re.search(r"[^\W\d_]{3,}\W?[.؟!:,،…]$", line.text))


_KINDS: Final[tuple[tuple[str, Callable[[Line], object]], ...]] = (
    ("enclosed", lambda line: ENCLOSED.match(line.folded)),
    ("copy", lambda line: NOT_SENDER.match(line.folded)),
    ("greeting", lambda line: END.match(line.folded)),
    ("invocation", lambda line: INVOCATION.match(line.folded)),
    ("addressee", lambda line: ADDRESSEE.match(line.folded)),
    ("closing", _closes),
    ("text", lambda line: len(line.text) > LONG or _is_phrase(line)),
    ("title", is_title),
    ("role", lambda line: is_role(line.text)),
    ("contact", lambda line: CONTACT.search(line.folded)),
    ("street", lambda line: ADDRESS.match(line.folded)),
    ("date", lambda line: find_dates(line.text)),
    ("state", lambda line: STATE.search(line.folded) or MINISTRY.match(line.folded)),
    ("unit", lambda line: UNIT.match(line.folded)),
    ("numbered", lambda line: NUMBERED.search(line.folded)),
    ("digits", lambda line: re.search(r"\d", line.folded)),
)
