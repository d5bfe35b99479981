"""A second reading of what the first reading of a page left weak or missed.

Weak lines are read again in the page's other script (a letterhead with Arabic right and French
left); rows of ink that no word covers are read as lines of their own: half of the errors on Arabic
official pages are whole lines that the engine's layout analysis missed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr.engines.contract import PixelBox, SeenLine
from ocr.errors import EngineTimeout
from ocr.picture.layout import Page, boxes_inside, dots_per_letter, joined_share, scale_for
from ocr.picture.strip import Strip
from ocr.reading import Language

Again = Callable[[Image.Image, Language], list[SeenLine]]

_WEAK = 0.65
_MOST_LINES = 14
_SAMPLE = 4  # weak segments: where none of so many is in the other script, the page is poor
_MOST_SHARE = 0.6  # more weak lines than that: the page is poor, not bilingual
_BETTER = 0.10  # a second reading must be clearly more confident
_SURE_ENOUGH = 0.60
_LEAST_BLOTS_IN_ROW = 4
_LEAST_LETTERS = 3
_WIDE_GAP = 1.2  # text heights between two words that do not belong together
_NEAR_GAP = 2.5  # text heights between two weak segments that may be one
_FEW_DOTS = 0.2  # see layout.dots_per_letter
_MORE_APART = 0.75  # of the page's share of it: worn Arabic stands apart all over the page
_JOINED = 0.4  # share of connected ink that separates Arabic lines from Latin ones


def read_weak_lines(
    picture: Image.Image, page: Page, lines: list[SeenLine], other: Language, again: Again
) -> list[SeenLine]:
    """Replace weak segments that `other` reads clearly more confidently; return the lines."""
    if not other:
        return lines
    stretches = [piece for n, line in enumerate(lines) for piece in _stretches(n, line, page)]
    weak = _rejoined([piece for piece in stretches if _is_weak(piece.part, page, other)], page)
    if not weak or len(weak) > max(4, _MOST_SHARE * len(stretches)):
        return lines
    weak = sorted(weak, key=lambda piece: piece.part.confidence)[:_MOST_LINES]
    weak.sort(key=_unsure_letters, reverse=True)

    def surer(pieces: list[_Stretch]) -> list[tuple[_Stretch, SeenLine]]:
        strip = Strip(picture, [piece.part.box for piece in pieces], scale_for(page, other))
        seen = zip(pieces, strip.sort(again(strip.picture, other)), strict=True)
        return [(piece, new) for piece, new in seen if new and _is_surer(new, piece.part)]

    better = surer(weak[:_SAMPLE])
    if better and weak[_SAMPLE:]:
        with contextlib.suppress(EngineTimeout):  # what the sample gained stands
            better += surer(weak[_SAMPLE:])
    out = list(lines)
    for piece, new in sorted(better, key=lambda pair: -pair[0].first):
        words = out[piece.line].words
        words = words[: piece.first] + new.words + words[piece.first + len(piece.part.words) :]
        out[piece.line] = replace(out[piece.line], words=words)
    return out


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Words of a line without a wide gap between them, from word `first` on."""

    line: int
    first: int
    part: SeenLine


def _stretches(number: int, line: SeenLine, page: Page) -> list[_Stretch]:
    """Split a line at its wide gaps: the two sides of a letterhead, the cells of a row."""
    cuts = [0]
    for at, (word, following) in enumerate(pairwise(line.words), start=1):
        gap = max(following.box[0] - word.box[2], word.box[0] - following.box[2])
        if gap > _WIDE_GAP * page.height:
            cuts.append(at)
    ends = [*cuts[1:], len(line.words)]
    return [
        _Stretch(number, first, replace(line, words=line.words[first:end]))
        for first, end in zip(cuts, ends, strict=True)
    ]


def _rejoined(weak: list[_Stretch], page: Page) -> list[_Stretch]:
    """Join weak neighbours: between words of the wrong script a wide gap means little."""
    out: list[_Stretch] = []
    for piece in weak:
        before = out[-1] if out else None
        if before and before.line == piece.line and _follows(before, piece, page.height):
            words = before.part.words + piece.part.words
            out[-1] = replace(before, part=replace(before.part, words=words))
        else:
            out.append(piece)
    return out


def _follows(before: _Stretch, piece: _Stretch, height: float) -> bool:
    left, right = sorted((before.part.box, piece.part.box))
    near = right[0] - left[2] < _NEAR_GAP * height
    return near and piece.first == before.first + len(before.part.words)


def _is_weak(part: SeenLine, page: Page, other: Language) -> bool:
    return part.confidence < _WEAK and len(part.text) > 3 and _fits_script(other, page, part)


def _unsure_letters(piece: _Stretch) -> float:
    return len(piece.part.text) * (1 - piece.part.confidence)


def read_missed_lines(
    picture: Image.Image, page: Page, lines: list[SeenLine], language: Language, again: Again
) -> list[SeenLine]:
    """Return the lines, with those inserted that stand in ink which no word covers."""
    rows = missed_rows(page, lines)[:_MOST_LINES]
    if not rows:
        return lines
    strip = Strip(picture, rows, scale_for(page, language))
    found = [
        line
        for line in strip.sort(again(strip.picture, language))
        if line and line.confidence >= _SURE_ENOUGH and len(line.text) >= _LEAST_LETTERS
    ]
    return put_between(lines, found)


def missed_rows(page: Page, lines: list[SeenLine]) -> list[PixelBox]:
    """Return boxes of rows of letter-like blobs outside every word, from the top."""
    loose = _uncovered(page, lines)
    rows: list[list[int]] = []
    ends = np.empty(0)
    for at in np.argsort((loose[:, 1] + loose[:, 3]) / 2):
        middle = (loose[at, 1] + loose[at, 3]) / 2
        if rows and middle - ends[-1] < 0.6 * page.height:
            rows[-1].append(int(at))
            ends[-1] = (ends[-1] * (len(rows[-1]) - 1) + middle) / len(rows[-1])
        else:
            rows.append([int(at)])
            ends = np.append(ends, middle)
    boxes = [_around(loose[row]) for row in rows if len(row) >= _LEAST_BLOTS_IN_ROW]
    return [box for box in boxes if _is_line(box, page.height)]


def _uncovered(page: Page, lines: list[SeenLine]) -> NDArray[np.float64]:
    blots = page.boxes[(page.boxes[:, 3] - page.boxes[:, 1]) > 0.4 * page.height]
    if not lines or not len(blots):
        return blots
    words = np.array([word.box for line in lines for word in line.words])
    slack = 0.3 * page.height
    x, y = (blots[:, 0] + blots[:, 2]) / 2, (blots[:, 1] + blots[:, 3]) / 2
    inside = (
        (x[:, None] >= words[:, 0] - slack)
        & (x[:, None] <= words[:, 2] + slack)
        & (y[:, None] >= words[:, 1] - slack)
        & (y[:, None] <= words[:, 3] + slack)
    )
    return blots[~inside.any(axis=1)]


def _around(blots: NDArray[np.float64]) -> PixelBox:
    left, top = blots[:, 0].min(), blots[:, 1].min()
    return float(left), float(top), float(blots[:, 2].max()), float(blots[:, 3].max())


def _is_line(box: PixelBox, height: float) -> bool:
    wide, high = box[2] - box[0], box[3] - box[1]
    return wide > 2.5 * height and 0.7 * height < high < 4 * height


def put_between(lines: list[SeenLine], found: list[SeenLine]) -> list[SeenLine]:
    """Insert each found line before the first line wholly below it that shares its columns."""
    out = list(lines)
    for line in found:
        after = [n for n, other in enumerate(out) if _is_below(other, line)]
        at = min(after, default=len(out))
        near = out[at] if at < len(out) else (out[-1] if out else None)
        out.insert(at, replace(line, paragraph=near.paragraph if near else 0))
    return out


def _is_below(other: SeenLine, line: SeenLine) -> bool:
    left, top, right, bottom = line.box
    shares = min(right, other.box[2]) - max(left, other.box[0]) > 0
    return shares and (other.box[1] + other.box[3]) / 2 > (top + bottom) / 2


def _fits_script(language: Language, page: Page, line: SeenLine) -> bool:
    """Return whether the line's ink fits the language's script.

    Arabic is connected and dotted; Latin letters stand apart.
    """
    ink = boxes_inside(page, line.box)
    share = joined_share(ink, page.height)
    if language != "ar":
        return share < min(_JOINED, _MORE_APART * joined_share(page.boxes, page.height))
    return share > _JOINED and dots_per_letter(ink, page.height) > _FEW_DOTS


def _is_surer(new: SeenLine, old: SeenLine) -> bool:
    return (
        new.confidence > old.confidence + _BETTER
        and new.confidence > 0.5
        and len(new.text) > 0.5 * len(old.text)
    )
