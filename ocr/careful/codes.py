"""Latin codes in the numbers of an Arabic page, BRT in 512/BRT/2026, by the second reader.

The engine's Arabic models know no Latin letters, and the reader of digits sees figures in them
(512/887/2026). The second reader reads such a number once more from the page. It is believed where
its figures stand there already, and otherwise where the engine's Latin models read the same: no
number is the word of one reader alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ocr.engines.contract import PixelBox, ReadPlaces, SeenLine, SeenWord
from ocr.engines.number_words import DOUBTED, joined, number_words

_MOST: Final = 10  # numbers of a page
_NEAR: Final = 0.6  # heights of the page's letters between pieces of one number
_BESIDE: Final = 0.8  # heights of paper shown beside it, as far as no other word stands there
_ABOVE: Final = 0.15  # heights of its box shown above and below
_SURE: Final = 0.8  # a number with Latin letters that the engine is surer of is not asked about
_SURE_OF_CODE: Final = 0.9  # of the second reader
_WIDE, _VERY_WIDE = 1.0, 1.6  # heights of its box a sign: wider is more than was read
_LEAST_DIGITS, _MANY_DIGITS = 2, 6

_STROKE: Final = re.compile(r"[/\\|]|\w-\w")
_DATE: Final = re.compile(r"\W*\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}\W*")
_LATIN: Final = re.compile(r"[A-Z]{2}")
_LATIN_CODE: Final = re.compile(r"[A-Z]{2,}")
_ARABIC: Final = re.compile("[\u0621-\u064a]")
_PART: Final = r"(?:[A-Z]{2,8}|\d{1,9})"
_CODED: Final = re.compile(
    rf"(?<![^\W_])([/\-]?)({_PART}(?:[/\-]{_PART}){{1,4}})([/\-]?)(?![^\W_])"
)
_HEAD: Final = re.compile("(?:[(\\[«]|(?:رقم|عدد|المرجع)\\W?)+")
_TAIL: Final = re.compile(r"(?<=\w)[،,.;؛:)]$")
_ALIKE: Final = str.maketrans("01l|!58)]", "OIIIISBJJ")


@dataclass(frozen=True, slots=True)
class Asked:
    """A number to be read again: the words of a line that it was read as, and its place."""

    row: int
    words: tuple[SeenWord, ...]
    place: PixelBox

    @property
    def text(self) -> str:
        """What was read of it, without spaces."""
        return joined(self.words)


def with_codes(
    lines: list[SeenLine], *, height: float, second: ReadPlaces, latin: ReadPlaces
) -> list[SeenLine]:
    """Return an Arabic page's lines with the Latin codes of their numbers read again.

    `height` is that of the page's letters, `latin` reads by the engine's Latin models.
    """
    every = (one for n, line in enumerate(lines) for one in numbers_of(line, n, height, _lost))
    asked = list(every)[:_MOST]
    seen = second([one.place for one in asked]) if asked else ()
    read = [(one, found) for one, line in zip(asked, seen, strict=True) if (found := _coded(line))]
    believed = [(one, found) for one, found in read if _has_figures_of(one.text, found)]
    doubted = [pair for pair in read if pair not in believed]
    witnesses = latin([one.place for one, _ in doubted]) if doubted else ()
    believed += [pair for pair, line in zip(doubted, witnesses, strict=True)
                 if line and _is_witnessed(pair[1].text, line.text)]  # fmt: skip
    out = list(lines)
    for one, number in believed:
        out[one.row] = put(out[one.row], one, number)
    return out


def numbers_of(
    line: SeenLine, row: int, height: float, doubted: Callable[[Sequence[SeenWord]], bool]
) -> list[Asked]:
    """Return the numbers of a line that are doubted, each of one word or of several beside it."""
    return [
        Asked(row, group, _place(line, group, height))
        for group in number_words(line, _NEAR * height)
        if doubted(group)
    ]


def _lost(group: Sequence[SeenWord]) -> bool:
    """Return whether these words may be a number whose Latin code was lost."""
    text = joined(group)
    digits, sure = len(re.findall(r"\d", text)), min(w.confidence for w in group)
    if digits < _LEAST_DIGITS or _DATE.fullmatch(text):
        return False
    if _STROKE.search(text):
        return sure < _SURE or not _LATIN.search(text)
    left, top, right, bottom = SeenLine(tuple(group), 0).box
    wide = (right - left) / (max(bottom - top, 1.0) * len(text))
    doubted = sure < DOUBTED and (wide > _WIDE or digits >= _MANY_DIGITS)
    return doubted or wide > _VERY_WIDE


def _place(line: SeenLine, group: Sequence[SeenWord], height: float) -> PixelBox:
    """Return where a number stands, with some paper around it up to the words beside it."""
    left, top, right, bottom = SeenLine(tuple(group), 0).box
    others = [word.box for word in line.words if word not in group]
    beside, above = _BESIDE * height, _ABOVE * (bottom - top)
    return (
        max([0.0, left - beside, *(box[2] for box in others if box[2] <= left)]),
        max(0.0, top - above),
        min([right + beside, *(box[0] for box in others if box[0] >= right)]),
        bottom + above,
    )


def _coded(line: SeenLine | None) -> SeenWord | None:
    """Return the one number with a code in capitals that was surely read, in order of writing.

    A stroke at an end leads to another line: on an Arabic page the left end is the last.
    """
    if line is None or line.confidence < _SURE_OF_CODE:
        return None
    found = [(word, match) for word in line.words for match in _CODED.finditer(word.text)]
    if len(found) != 1:
        return None
    ((word, match),) = found
    ahead, number, behind = match.groups()
    if not _LATIN.search(number) or not re.search(r"\d", number):
        return None
    return replace(word, text=f"{behind}{number}{ahead}")


def _has_figures_of(read: str, number: SeenWord) -> bool:
    """Return whether the figures of a number are those read, but for figures that are its codes."""
    if _ARABIC.search(read):
        return False
    left = re.findall(r"\d+", read)
    for part in re.findall(r"\d+", number.text):
        if part not in left:
            return False
        left.remove(part)
    return len(left) <= len(_LATIN_CODE.findall(number.text))


def _is_witnessed(number: str, read: str) -> bool:
    """Return whether another reading holds the whole number, signs that look alike taken as one.

    A stroke at an end may be read as a figure.
    """
    wanted = number.strip("/-").translate(_ALIKE)
    edge = "I?" if len(wanted) < len(number) else ""
    pattern = rf"(?<![^\W_]){edge}{re.escape(wanted)}(?![^\W_])"
    return re.search(pattern, re.sub(r"\s*/\s*", "/", read).translate(_ALIKE)) is not None


def put(line: SeenLine, one: Asked, number: SeenWord) -> SeenLine:
    """Return the line with the number in place of the words that it was read as."""
    left, _, right, _ = number.box
    meant = [word for word in one.words if left <= (word.box[0] + word.box[2]) / 2 <= right]
    meant = meant or list(one.words)
    read = joined(meant)
    text = number.text
    if (head := _HEAD.match(read)) and not text.startswith(head[0]):
        text = head[0] + text
    if (tail := _TAIL.search(read)) and not text.endswith(tail[0]):
        text += tail[0]
    whole = replace(number, text=text, box=SeenLine(tuple(meant), 0).box)
    first = min(line.words.index(word) for word in meant)
    words = [whole if n == first else word for n, word in enumerate(line.words)]
    return replace(line, words=tuple(word for word in words if word not in meant))
