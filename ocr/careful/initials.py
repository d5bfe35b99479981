"""Arabic initials in numbers, م.ز in 45/م.ز/2026, read again larger where they were misread.

Amid a Latin line they come back as other signs (45/2026/5.j), amid an Arabic one a letter may be
lost. Such a number is read again in Arabic by both of the engine's models. The initials of the one
are taken where its figures are those that stand there already, and the other saw some of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from language.numerals import ascii_digits
from ocr.careful.codes import numbers_of, put
from ocr.engines.contract import ReadPlaces, SeenLine, SeenWord
from ocr.engines.number_words import DOUBTED, joined

# Times the scale at which a page is read, for the engine and for its other models; and heights of
# paper beside a number.
SCALES: Final = (1.0, 1.5)
BESIDE: Final = 0.5
_MOST: Final = 4  # numbers of a page

_INITIALS: Final = re.compile("[\u0621-\u064a](?:\\.[\u0621-\u064a]){1,3}")
_LETTER: Final = re.compile("[\u0621-\u064a]")
# Figures on both sides of what was read for initials, or before it, as a Latin line shows them.
_PLACES: Final = (
    re.compile(r"(?<![\w/])\d{1,6}/(?P<initials>[^\s/()]{1,6})/(?:19|20)?\d\d(?!\w)"),
    re.compile(r"(?<![\w/])\d{1,6}/(?:19|20)?\d\d/(?P<initials>[^\s/()]{1,6})"),
)
_NO_INITIALS: Final = re.compile(r"\d+\W*|[A-Za-z]{2,}\W*|[\u0621-\u064a]{2,}")


def with_initials(
    lines: list[SeenLine], *, height: float, engine: ReadPlaces, witness: ReadPlaces
) -> list[SeenLine]:
    """Return a page's lines with the Arabic initials of their numbers read again.

    `height` is that of the page's letters; `engine` and `witness` read places of it in Arabic.
    """
    every = (one for n, line in enumerate(lines) for one in numbers_of(line, n, height, _lost))
    asked = list(every)[:_MOST]
    if not asked:
        return lines
    places = [SeenLine(one.words, 0).box for one in asked]
    out = list(lines)
    for one, place, *seen in zip(asked, places, witness(places), engine(places), strict=True):
        texts = [line.text if line else "" for line in seen]
        start, end = _place(one.text) or (0, 0)
        before, behind = one.text[:start], one.text[end:]
        figures = _figures(f"{before} {behind}")
        if initials := _agreed(figures, *texts) or _agreed(figures, *reversed(texts)):
            number = SeenWord(f"{before}{initials}{behind}", place, DOUBTED, one.words[0].by)
            out[one.row] = put(out[one.row], one, number)
    return out


def _lost(words: Sequence[SeenWord]) -> bool:
    """Return whether these words are a number whose initials were probably misread."""
    sure = min(word.confidence for word in words)
    return sure < DOUBTED and _place(joined(words)) is not None


def _place(read: str) -> tuple[int, int] | None:
    """Return from where to where what was read for initials stands, or None."""
    for pattern in _PLACES:
        match = pattern.search(ascii_digits(read))
        if match and not _is_known(match["initials"]):
            return match.span("initials")
    return None


def _is_known(code: str) -> bool:
    return bool(_NO_INITIALS.fullmatch(code) or _INITIALS.fullmatch(code))


def _agreed(figures: list[str], whole: str, other: str) -> str:
    """Return the initials in `whole`, or "" where figures or the other's letters are not those."""
    initials = _INITIALS.search(_number_in(whole))
    if initials is None or _figures(_number_in(whole)) != figures:
        return ""
    letters, seen = (_LETTER.findall(text) for text in (initials[0], _number_in(other)))
    following = iter(letters)
    return initials[0] if seen and all(letter in following for letter in seen) else ""


def _number_in(read: str) -> str:
    """Return the piece of what was read that holds most figures: words of a line are no part."""
    pieces = re.sub(r"\s*/\s*", "/", read).split()
    return max(pieces, key=lambda piece: len(re.findall(r"\d", piece)), default="")


def _figures(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", ascii_digits(text)))
