"""A page that holds two scripts, read in each: every stretch of a line as its own script has it.

An engine reads Arabic as Latin nonsense and Latin as Arabic nonsense, often surely; the ink itself
tells which it is, since Arabic is joined (see `ocr.picture.layout.joined_share`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocr.careful.secondlook import put_between, stretches_of
from ocr.engines.contract import PixelBox, SeenLine, SeenWord
from ocr.picture.layout import Page, boxes_inside, dots_per_letter, joined_share
from ocr.quality import is_arabic

_JOINED, _APART = 0.4, 0.2  # shares of joined ink: above Arabic, below Latin
_DOTS = 0.25  # and above this, or it is blurred Latin: see ocr.picture.layout.dots_per_letter
_LEAST_LINES, _LEAST_SHARE = 3, 0.12  # lines of the other script, and their share of the letters
_SURE = 0.9  # a line this confident is of the script it was read in
_LEAST = 0.5  # a stretch less confident than this is no better reading of anything
_PRIOR, _CLEAR = 0.15, 0.15  # the ink outweighs so much confidence; without it so much is needed


def holds_other_script(page: Page, lines: Sequence[SeenLine], *, arabic: bool) -> bool:
    """Whether the ink of several lines is not of the script that they were read in (`arabic`)."""
    if not page.height:
        return False
    odd = [
        line for line in lines if line.confidence < _SURE and _looks_other(page, line.box, arabic)
    ]
    letters = sum(len(line.text) for line in lines)
    share = sum(len(line.text) for line in odd) / max(letters, 1)
    return len(odd) >= _LEAST_LINES and share >= _LEAST_SHARE


def of_both(
    page: Page, lines: Sequence[SeenLine], others: Sequence[SeenLine], *, arabic: bool
) -> list[SeenLine]:
    """Lines of a page read in one script (`arabic`: in Arabic), with those stretches of its reading
    in the other one that fit the ink better, in reading order."""
    out, found = list(lines), []
    for part in (piece for line in others for piece in stretches_of(line, page)):
        inside = [word for line in out for word in line.words if _is_in(word, part.box)]
        if _is_better(page, part, inside, arabic):
            gone = {id(word) for word in inside}
            out = [_without(line, gone) for line in out]
            found.append(part)
    return put_between([line for line in out if line.words], found)


def _looks_other(page: Page, box: PixelBox, arabic: bool) -> bool:
    ink = boxes_inside(page, box)
    share = joined_share(ink, page.height)
    if arabic:
        return share < _APART
    return share > _JOINED and dots_per_letter(ink, page.height) > _DOTS


def _is_better(page: Page, part: SeenLine, inside: Sequence[SeenWord], arabic: bool) -> bool:
    if part.confidence < _LEAST or is_arabic(part.text) == arabic or len(part.text) < 2:
        return False
    old = SeenLine(tuple(inside), 0).confidence
    needed = old - _PRIOR if _looks_other(page, part.box, arabic) else old + _CLEAR
    return part.confidence > needed


def _is_in(word: SeenWord, box: PixelBox) -> bool:
    x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _without(line: SeenLine, gone: set[int]) -> SeenLine:
    return replace(line, words=tuple(word for word in line.words if id(word) not in gone))
