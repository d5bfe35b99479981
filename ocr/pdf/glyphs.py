"""Visible characters of a PDF page, placed on the upright page, hidden ones left out.

Hidden is what is drawn without ink (the text layer of another program's OCR), outside the page, or
white on white. What stands at a slant to the rest is marked as such.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
from PIL import Image

from ocr.pdf.textwords import Glyph, is_space
from ocr.reading import Box

_WITHOUT_INK = {pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP}
_PALE = 235  # of 255: every colour channel above it
_LEAST_CONTRAST = 20  # grey levels between ink and ground that an eye can tell
_MOST_PIECES = 20_000
_LEAST_DOT = 0.6  # points
_HYPHEN = 0xFFFE  # what pdfium calls the hyphen at the end of a line
_SLANT = math.radians(4)


@dataclass(frozen=True, slots=True)
class Seen:
    """The characters seen, and what was left out.

    `turn`: degrees clockwise that make the page, as it is stored, upright; `hidden`: characters
    left out; `unsure`: share of those whose letter pdfium had to guess.
    """

    glyphs: list[Glyph]
    turn: int
    hidden: int
    unsure: float


@dataclass(frozen=True, slots=True)
class _Ink:
    without: bool
    pale: bool
    drawn: int = -1
    font: int = 0


@dataclass(slots=True)
class _Raw:
    """A character on the page as stored; angle clockwise in radians, 0 for white space."""

    char: str
    box: Box | None
    angle: float = 0.0
    pale: bool = False
    drawn: int = -1
    font: int = 0
    room: Box | None = None
    guessed: bool = False


def seen_glyphs(text_page: Any, page: Any, *, most: int, draw: Callable[[], Image.Image]) -> Seen:
    """Return the page's first `most` characters.

    `draw` gives a small grey picture of the page; it is called only where pale letters have to be
    distinguished from hidden ones.
    """
    raw, hidden, unsure = _raw_glyphs(text_page, page, most)
    if any(glyph.pale for glyph in raw):
        before = len(raw)
        raw = _visible(raw, np.asarray(draw().convert("L"), dtype=np.int16))
        hidden += before - len(raw)
    quarter = _usual_quarter(raw)
    turn = (360 - 90 * quarter) % 360
    glyphs = []
    for glyph in raw:
        box = upright(glyph.box, turn) if glyph.box else None
        slant = math.remainder(glyph.angle - quarter * math.pi / 2, 2 * math.pi)
        aside = bool(box) and abs(slant) > _SLANT
        room = _room(box, upright(glyph.room, turn)) if box and glyph.room else None
        how = glyph.drawn, glyph.font, room, glyph.guessed
        glyphs.append(Glyph(glyph.char, box, aside, *how))
    solid = sum(glyph.box is not None for glyph in raw)
    return Seen(glyphs, turn, hidden, unsure / solid if solid else 0.0)


def _room(ink: Box, room: Box) -> tuple[float, float] | None:
    """Return from where to where a glyph reaches, None where the font says something else."""
    left, right = room[0], room[2]
    fits = left <= (ink[0] + ink[2]) / 2 <= right and right - left >= (ink[2] - ink[0]) / 2
    return (left, right) if fits else None


def upright(box: Box, turn: int) -> Box:
    """Rotate a box (fractions) with its page, clockwise by 0, 90, 180 or 270 degrees."""
    x0, y0, x1, y1 = box
    for _ in range(turn // 90 % 4):
        x0, y0, x1, y1 = 1 - y1, x0, 1 - y0, x1
    return x0, y0, x1, y1


def _raw_glyphs(text_page: Any, page: Any, most: int) -> tuple[list[_Raw], int, int]:
    """Return characters with ink on the page, how many have none, and how many pdfium guessed."""
    to_device = Placement(page)
    ink = _Inks(text_page, page)
    turned = math.radians(90 * (page.get_rotation() // 90 % 4))
    out: list[_Raw] = []
    hidden = unsure = 0
    for index in range(min(text_page.count_chars(), most)):
        point = pdfium.FPDFText_GetUnicode(text_page, index)
        if point == _HYPHEN and pdfium.FPDFText_IsHyphen(text_page, index) == 1:
            point = ord("-")
        if point in {0, 0xFFFE, 0xFFFF} or 0xD800 <= point <= 0xDFFF or point > 0x10FFFF:
            continue
        char = chr(point)
        if is_space(char):
            if not _is_inked_dot(text_page, index):
                out.append(_Raw(char, None))
                continue
            char = "."
        how = ink(index)
        box = to_device(text_page.get_charbox(index))
        if how.without or not _on_page(box):
            hidden += 1
            continue
        guessed = pdfium.FPDFText_HasUnicodeMapError(text_page, index) == 1
        unsure += guessed
        angle = max(pdfium.FPDFText_GetCharAngle(text_page, index), 0.0) + turned
        room = to_device(text_page.get_charbox(index, loose=True))
        clipped = _clipped(box)
        out.append(_Raw(char, clipped, angle, how.pale, how.drawn, how.font, room, guessed))
    return out, hidden, unsure


def _is_inked_dot(text_page: Any, index: int) -> bool:
    """Return whether what a font's map calls a space is a dot on paper: Qt's full stops are."""
    if pdfium.FPDFText_IsGenerated(text_page, index) == 1:
        return False
    left, bottom, right, top = text_page.get_charbox(index)
    high = float(top - bottom)
    return high > _LEAST_DOT and 0.5 < float(right - left) / high < 2.0


def _on_page(box: Box) -> bool:
    return -0.01 <= (box[0] + box[2]) / 2 <= 1.01 and -0.01 <= (box[1] + box[3]) / 2 <= 1.01


def _clipped(box: Box) -> Box:
    left, top, right, bottom = (min(max(edge, 0.0), 1.0) for edge in box)
    return left, top, right, bottom


def _usual_quarter(glyphs: list[_Raw]) -> int:
    """Return how many quarter turns clockwise most of the writing is rotated."""
    quarters = Counter(
        round(glyph.angle / (math.pi / 2)) % 4 for glyph in glyphs if glyph.box is not None
    )
    return quarters.most_common(1)[0][0] if quarters else 0


def _visible(glyphs: list[_Raw], pixels: np.ndarray[Any, Any]) -> list[_Raw]:
    """Drop the pale letters that do not stand out from what is around them."""
    return [g for g in glyphs if g.box is None or not g.pale or _stands_out(g.box, pixels)]


def _stands_out(box: Box, pixels: np.ndarray[Any, Any]) -> bool:
    high, wide = pixels.shape
    left, right = int(box[0] * wide) - 1, math.ceil(box[2] * wide) + 1
    top, bottom = int(box[1] * high) - 1, math.ceil(box[3] * high) + 1
    part = pixels[max(top, 0) : bottom, max(left, 0) : right]
    return part.size > 0 and int(part.max()) - int(part.min()) >= _LEAST_CONTRAST


class _Inks:
    """How each character is drawn, looked up once for each of the page's pieces of text."""

    def __init__(self, text_page: Any, page: Any) -> None:
        self._text_page = text_page
        self._turns = _turns(page)
        self._known: dict[int, _Ink] = {}

    def __call__(self, index: int) -> _Ink:
        item = pdfium.FPDFText_GetTextObject(self._text_page, index)
        address = ctypes.cast(item, ctypes.c_void_p).value if item else None
        if address is None:
            return _Ink(without=False, pale=False)
        if address not in self._known:
            self._known[address] = replace(_ink(item), drawn=self._turns.get(address, -1))
        return self._known[address]


def _turns(page: Any) -> dict[int | None, int]:
    """Return the order in which the page's own pieces are drawn, by their addresses."""
    count = min(pdfium.FPDFPage_CountObjects(page), _MOST_PIECES)
    items = (pdfium.FPDFPage_GetObject(page, n) for n in range(count))
    return {ctypes.cast(item, ctypes.c_void_p).value: n for n, item in enumerate(items)}


def _ink(item: Any) -> _Ink:
    mode = pdfium.FPDFTextObj_GetTextRenderMode(item)
    channels = [ctypes.c_uint() for _ in range(4)]
    known = pdfium.FPDFPageObj_GetFillColor(item, *(ctypes.byref(one) for one in channels))
    red, green, blue, alpha = (one.value for one in channels)
    fills = bool(known) and mode == pdfium.FPDF_TEXTRENDERMODE_FILL
    return _Ink(
        without=mode in _WITHOUT_INK or (fills and alpha == 0),
        pale=fills and min(red, green, blue) >= _PALE,
        font=ctypes.cast(pdfium.FPDFTextObj_GetFont(item), ctypes.c_void_p).value or 0,
    )


class Placement:
    """The mapping from page coordinates to fractions of its picture, by pdfium's own rule."""

    _GRID = 100_000

    def __init__(self, page: Any) -> None:
        self._page = page
        self._origin, self._x, self._y = (self._point(*p) for p in ((0, 0), (1000, 0), (0, 1000)))

    def _point(self, x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(
            self._page,
            *(0, 0, self._GRID, self._GRID, 0),
            *(x, y, ctypes.byref(across), ctypes.byref(down)),
        )
        return across.value / self._GRID, down.value / self._GRID

    def _map(self, x: float, y: float) -> tuple[float, float]:
        (x0, y0), (xx, xy), (yx, yy) = self._origin, self._x, self._y
        return (
            x0 + (xx - x0) * x / 1000 + (yx - x0) * y / 1000,
            y0 + (xy - y0) * x / 1000 + (yy - y0) * y / 1000,
        )

    def __call__(self, edges: tuple[float, float, float, float]) -> Box:
        """Map (left, bottom, right, top) in points to a box; outside 0..1 where off the page."""
        left, bottom, right, top = edges
        (x0, y0), (x1, y1) = self._map(left, top), self._map(right, bottom)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
