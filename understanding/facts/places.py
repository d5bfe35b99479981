"""The place of a fact in a letter: its characters, its page, and its box on that page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from language.bidi import BIDI_CONTROLS

Box = tuple[float, float, float, float]
PlacedWord = tuple[str, Box]  # a word of a reading, and where it stands: fractions of the page
PAGE_BREAK: Final = "\f"
_GAP: Final = rf"[\s{BIDI_CONTROLS}]+"
_MARKS: Final = f"[{BIDI_CONTROLS}]*"
_LOOK_AHEAD: Final = 400  # characters: bounds the effect of a word that the text spells otherwise


@dataclass(frozen=True, slots=True)
class Place:
    """A half-open span of characters in the letter's text.

    `page` counts from 1, and `box` is (x0, y0, x1, y1) in fractions of that page, or None where no
    words with boxes are known. Of a registered letter also the id of the `document` whose page it
    is, and the `words` there.
    """

    start: int
    end: int
    page: int = 1
    box: Box | None = None
    document: str = ""
    words: str = ""


def find_place(text: str, value: str, words: str) -> Place | None:
    """Return the place of `value` within `words`, else of `words`; None where neither occurs.

    Direction marks and the width of gaps are ignored, as they are when facts are read.
    """
    around = _span(text, words, 0, len(text))
    within = _span(text, value, *around) if around else None
    span = within or around or _span(text, value, 0, len(text))
    if span is None:
        return None
    return Place(*span, page=text.count(PAGE_BREAK, 0, span[0]) + 1)


def box_of(page_text: str, words: Sequence[PlacedWord], start: int, end: int) -> Box | None:
    """Return the box around the words at characters `start` to `end` of a page's text."""
    boxes = [words[n][1] for n in words_at(page_text, words, start, end)]
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def words_at(page_text: str, words: Sequence[PlacedWord], start: int, end: int) -> list[int]:
    """Return which words stand at characters `start` to `end` of a page's text, by number."""
    return [n for at, until, n in _aligned(page_text, words) if at < end and until > start]


def _aligned(text: str, words: Iterable[PlacedWord]) -> Iterable[tuple[int, int, int]]:
    """Yield each word's characters and number; words stand in a page's text in their own order."""
    after = 0
    for number, (word, _) in enumerate(words):
        at = text.find(word, after, after + _LOOK_AHEAD) if word else -1
        if at >= 0:
            after = at + len(word)
            yield at, after, number


def _span(text: str, piece: str, start: int, end: int) -> tuple[int, int] | None:
    tokens = piece.rstrip("…").split()
    if not tokens:
        return None
    as_written = " ".join(tokens)
    at = text.find(tokens[0], start, end)  # nearly all: no pattern need be compiled
    if at >= 0 and text.startswith(as_written, at, end):
        return at, at + len(as_written)
    # A direction mark may stand before or after any sign, so signs are looked for one by one.
    plain = _find(text, _GAP.join(re.escape(token) for token in tokens), start, end)
    if plain or not any(mark in text for mark in BIDI_CONTROLS):
        return plain
    marked = (_MARKS.join(re.escape(sign) for sign in token) for token in tokens)
    return _find(text, _GAP.join(marked), start, end)


def _find(text: str, pattern: str, start: int, end: int) -> tuple[int, int] | None:
    match = re.compile(pattern).search(text, start, end)
    return match.span() if match else None
