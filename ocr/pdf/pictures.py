"""Raster pictures on a PDF page: their positions, resolution, and whether one of them is a scan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageDraw

from ocr.pdf.glyphs import Placement
from ocr.picture.layout import measure
from ocr.reading import Box

COVERS_PAGE = 0.5
LEAST_PASTED = 0.15  # share of the page; smaller ones are logos, seals and signatures
_LEAST_BLOTS = 25  # of ink the size of letters, for some words
_MARGIN = 0.3  # of a word's height, for ink beyond its box
_MANY = 5000
_FEW_LETTERS_ON_A_SCAN = 150
_HIDES_PAGE = 0.9
_LARGE = 30_000_000  # pixels; what is larger is a scan
_OPAQUE = 250  # of 255


@dataclass(frozen=True, slots=True)
class Pasted:
    """A picture: its box (fractions of the page as it is stored) and its resolution (0 unknown).

    Also whether it hides most of the page's text.
    """

    box: Box
    dpi: float
    hides: bool

    @property
    def area(self) -> float:
        """Share of the page."""
        return (self.box[2] - self.box[0]) * (self.box[3] - self.box[1])


def pictures_on(page: Any) -> list[Pasted]:
    """Return the raster pictures of a page, of at most some thousand objects drawn on it."""
    place = Placement(page)
    found: list[tuple[Any, Box, float, int]] = []
    texts = 0
    kinds = [pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_TEXT]
    for seen, item in enumerate(page.get_objects(filter=kinds, max_depth=3)):
        if seen > _MANY:
            break
        if item.type == pdfium.FPDF_PAGEOBJ_TEXT:
            texts += 1
            continue
        try:
            left, bottom, right, top = item.get_bounds()
            pixels = int(item.get_px_size()[0])
        except (pypdfium2.PdfiumError, AttributeError):
            continue
        dpi = 72 * pixels / (right - left) if right > left else 0.0
        x0, y0, x1, y1 = (min(max(e, 0.0), 1.0) for e in place((left, bottom, right, top)))
        found.append((item, (x0, y0, x1, y1), dpi, texts))
    return [
        Pasted(box, dpi, hides=2 * before > texts and _hides(item, box))
        for item, box, dpi, before in found
    ]


def _hides(item: Any, box: Box) -> bool:
    """Return whether a picture is as large as the page and opaque."""
    if (box[2] - box[0]) * (box[3] - box[1]) < _HIDES_PAGE:
        return False
    wide, high = item.get_px_size()
    if wide * high > _LARGE:
        return True
    try:
        bitmap = item.get_bitmap(render=True)
    except (pypdfium2.PdfiumError, ValueError):
        return True
    picture = bitmap.to_pil()
    return bool(picture.mode != "RGBA" or picture.getchannel("A").getextrema()[0] > _OPAQUE)


def lies_under_a_scan(pictures: Sequence[Pasted], letters: int) -> bool:
    """Return whether one of the pictures is a scan of the page.

    It covers the page, and the visible text is next to nothing beside it or was drawn below it.
    """
    return any(
        (one.area >= COVERS_PAGE and letters < _FEW_LETTERS_ON_A_SCAN) or one.hides
        for one in pictures
    )


def with_writing(pictures: Sequence[Box], words: Sequence[Box], page: Image.Image) -> list[Box]:
    """Return the pictures that have ink the size of letters, the page's own words left aside.

    `page`: the upright page in grey, at about 100 dpi, as all boxes are.
    """
    page = page.copy()
    pen = ImageDraw.Draw(page)
    wide, high = page.size
    for left, top, right, bottom in words:
        margin = _MARGIN * (bottom - top) * high + 1
        pen.rectangle(
            (
                *(left * wide - margin, top * high - margin),
                *(right * wide + margin, bottom * high + margin),
            ),
            fill=255,
        )
    found = []
    for box in pictures:
        place = (int(box[0] * wide), int(box[1] * high), int(box[2] * wide), int(box[3] * high))
        if place[2] - place[0] < 2 or place[3] - place[1] < 2:
            continue
        if len(measure(page.crop(place)).boxes) >= _LEAST_BLOTS:
            found.append(box)
    return found
