"""The invisible text over a scanned page: each word of a reading at its place on the picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

import numpy as np

from ocr.archive.joining import FONT
from ocr.archive.order import Piece, is_right_to_left, pieces_of
from ocr.reading import Word

_EM = 0.5  # every glyph of the font is half as wide as high
_DESCENT = 0.2
_STEEPEST = 0.1  # rise of a line over its width; more is a misread line
_LEAST = 0.4  # points: nothing is narrower


@dataclass
class _Slot:
    """The span in which pieces of one word stand, points from the left; `count` glyphs."""

    pieces: list[Piece]
    left: float
    right: float

    @property
    def count(self) -> int:
        return sum(len(piece.glyphs) for piece in self.pieces)


def text_layer(words: Sequence[Word], *, width: float, height: float) -> bytes:
    """Return the content stream of a page's words in rendering mode 3; its size in points."""
    rtl = is_right_to_left("".join(word.text for word in words))
    out = ["BT 3 Tr"]
    for _, line in groupby(words, key=lambda word: word.line):
        written = [word for word in line if _plain(word.text)]
        if written:
            out += _line(written, width, height, rtl=rtl)
    return "\n".join([*out, "ET"]).encode("ascii") if len(out) > 1 else b""


def spread(text: str) -> list[Word]:
    """Return words for a text that a person typed from a picture, their positions unknown.

    The lines are spaced evenly from top to bottom.
    """
    lines = [line.split() for line in text.splitlines() if line.split()]
    high = 0.9 / max(len(lines), 1)
    words = []
    for row, line in enumerate(lines):
        letters = sum(len(word) + 1 for word in line)
        rtl, top, at = is_right_to_left("".join(line)), 0.05 + row * high, 0.0
        for word in line:
            wide = 0.9 * len(word) / letters
            left = 0.95 - at - wide if rtl else 0.05 + at
            words.append(Word(word, (left, top, left + wide, top + min(high, 0.02)), line=row))
            at += wide + 0.9 / letters
    return words


def _plain(text: str) -> str:
    """Keep what a two-byte code can represent, without white space or controls."""
    return "".join(
        char if ord(char) < 0x10000 else "\ufffd"
        for char in text
        if char.isprintable() and not char.isspace() and not 0xD800 <= ord(char) < 0xE000
    )


def _line(words: list[Word], width: float, height: float, *, rtl: bool) -> Iterator[str]:
    pieces = pieces_of([_plain(word.text) for word in words], rtl=rtl)
    slots = _places(pieces, [(w.box[0] * width, w.box[2] * width) for w in words])
    baseline, slope, size = _ground(words, width, height)
    yield f"/{FONT} {size:.2f} Tf"
    for slot in slots:
        at, advance = slot.left, (slot.right - slot.left) / slot.count
        for piece in slot.pieces:
            wide = advance * len(piece.glyphs)
            yield _show(piece, at, baseline + slope * at, 100 * advance / (_EM * size))
            at += wide


def _show(piece: Piece, x: float, y: float, stretch: float) -> str:
    codes = piece.glyphs.encode("utf-16-be").hex()
    shown = f"{stretch:.2f} Tz 1 0 0 1 {x:.2f} {y:.2f} Tm <{codes}> Tj"
    if piece.actual is None:
        return shown
    # poppler reads the outer span; pdfium the inner one, which is empty and leaves it the glyphs.
    actual = ("\ufeff" + piece.actual).encode("utf-16-be").hex()
    return f"/Span <</ActualText <{actual}>>> BDC /Glyphs <</ActualText ()>> BDC {shown} EMC EMC"


def _ground(words: list[Word], width: float, height: float) -> tuple[float, float, float]:
    """Return the line's baseline at the left edge, its slope, and its letter size, in points."""
    size = max(median((w.box[3] - w.box[1]) * height for w in words), 1.0)
    middles = np.array([(w.box[0] + w.box[2]) / 2 * width for w in words])
    bottoms = np.array([(1 - w.box[3]) * height for w in words])
    slope = 0.0
    if len(words) > 3 and float(np.ptp(middles)) > 8 * size:
        slope = float(np.polyfit(middles, bottoms, 1)[0])
        slope = slope if abs(slope) < _STEEPEST else 0.0
    return float(np.median(bottoms - slope * middles)) + _DESCENT * size, slope, size


def _places(pieces: list[Piece], spans: list[tuple[float, float]]) -> list[_Slot]:
    """Place the pieces in slots from left to right that do not overlap.

    A word stands over its own picture, except where viewers must meet words in another order than
    they stand in: those share their span of the line.
    """
    slots: list[_Slot] = []
    for word, group in groupby(pieces, key=lambda piece: piece.word):
        if word is not None:
            slots.append(_Slot(list(group), *spans[word]))
        elif slots:
            slots.append(_Slot(list(group), slots[-1].right, slots[-1].right))
        else:
            first = min(left for left, _ in spans)
            slots.append(_Slot(list(group), first, first))
    words = _in_order([slot for slot in slots if slot.pieces[0].word is not None])
    _fill_gaps(slots, words)
    return slots


def _in_order(words: list[_Slot]) -> list[_Slot]:
    """Spread words that are out of order, or overlap, over the span they share."""
    groups: list[list[_Slot]] = []
    for slot in words:
        group = [slot]
        while groups and _middle(groups[-1]) >= _middle(group) - _LEAST:
            group = groups.pop() + group
        groups.append(group)
    for group in groups:
        if len(group) == 1:
            continue
        left, right = min(slot.left for slot in group), max(slot.right for slot in group)
        share = max(right - left, _LEAST) / sum(slot.count + 1 for slot in group)
        for slot in group:
            slot.left, slot.right = left, left + share * slot.count
            left = slot.right + share
    return words


def _middle(group: list[_Slot]) -> float:
    return (min(slot.left for slot in group) + max(slot.right for slot in group)) / 2


def _fill_gaps(slots: list[_Slot], words: list[_Slot]) -> None:
    """Make room for spaces and marks: the gap between two words, a minimal width at the ends."""
    for before, after in pairwise(words):
        if after.left - before.right < 2 * _LEAST:
            middle = (before.right + after.left) / 2
            before.right = max(middle - _LEAST, before.left + _LEAST)
            after.left = before.right + 2 * _LEAST
    for slot in words:
        slot.right = max(slot.right, slot.left + _LEAST)
    for number, slot in enumerate(slots):
        if slot.pieces[0].word is not None:
            continue
        before, after = slots[max(number - 1, 0)], slots[min(number + 1, len(slots) - 1)]
        slot.left = before.right if number else after.left - _LEAST
        slot.right = after.left if after is not slot else slot.left + _LEAST
        slot.right = max(slot.right, slot.left + _LEAST / 2)
