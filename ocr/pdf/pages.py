"""Pages of a PDF: as text in logical order with boxes, and as pictures, bounded in size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from ocr.errors import Unreadable
from ocr.limits import Limits
from ocr.pdf.glyphs import seen_glyphs, upright
from ocr.pdf.pictures import COVERS_PAGE, LEAST_PASTED, lies_under_a_scan, pictures_on, with_writing
from ocr.pdf.shapes import letters_in_two_shapes
from ocr.pdf.textlayer import assemble
from ocr.quality import letters
from ocr.reading import Box, Word

_ERRORS = {
    pdfium.FPDF_ERR_PASSWORD: "encrypted",
    pdfium.FPDF_ERR_SECURITY: "encrypted",
    pdfium.FPDF_ERR_FILE: "damaged",
    pdfium.FPDF_ERR_FORMAT: "damaged",
}
_VECTOR_DPI, _LEAST_DPI, _MOST_DPI = 250, 150, 300
_GLANCE_DPI = 100
_MANY_NOTES = 2000
_MOST_UNSURE = 0.3  # share of characters without a letter of their own in the font's map


@dataclass(frozen=True, slots=True)
class Layer:
    """A page's own text, repaired.

    `trusted` is False where a scan shows more than the few letters (a scanner's stamp) that are
    real text; `turn` as in PageReading; `aspect` is width by height of the upright page; `unsure`
    where many letters are the PDF reader's guess; `pictures`: boxes on the upright page of the
    pictures that may hold writing; `twofold`: letters that a font draws in two shapes.
    """

    text: str
    words: tuple[Word, ...]
    trusted: bool
    turn: int = 0
    aspect: float = 1.0
    unsure: bool = False
    pictures: tuple[Box, ...] = ()
    twofold: frozenset[str] = frozenset()


class PdfPages:
    """The pages of one PDF. Raises Unreadable: encrypted, damaged, empty, too_large."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.limits = limits
        try:
            self._document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            code = _ERRORS.get(getattr(error, "err_code", 0) or 0, "damaged")
            raise Unreadable(code, "pdf") from None
        self.total = len(self._document)
        if not self.total or self.total > limits.pages:
            self.close()
            raise Unreadable("too_large" if self.total else "empty", f"{self.total} pages")
        if self._document.get_formtype():
            self._document.init_forms()  # otherwise what people filled in is not in the picture

    def layer(self, number: int) -> Layer | None:
        """Return the text of page `number` (from 1), or None. Raise Unreadable: damaged."""
        self._settle_notes(number)
        page = self._page(number)
        try:
            return self._layer(page)
        except pypdfium2.PdfiumError as error:
            raise Unreadable("damaged", type(error).__name__) from None
        finally:
            page.close()

    def _settle_notes(self, number: int) -> None:
        """Flatten what was filled into forms, typed over the page or stamped on it, in memory.

        It is visible on the page, so it is read with it.
        """
        page = self._page(number)
        try:
            count = min(pdfium.FPDFPage_GetAnnotCount(page), _MANY_NOTES)
            if any(_is_note(page, index) for index in range(count)):
                pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
        finally:
            page.close()

    def _layer(self, page: Any) -> Layer | None:
        text_page = page.get_textpage()
        try:
            seen = seen_glyphs(
                text_page,
                page,
                most=self.limits.page_chars,
                draw=lambda: self._draw(page, _GLANCE_DPI),
            )
        finally:
            text_page.close()
        width, height = page.get_size()
        if seen.turn % 180:
            width, height = height, width
        aspect = width / height if height > 0 else 1.0
        text, words = assemble(seen.glyphs, aspect=aspect)
        if not text.strip():
            return None
        pictures = pictures_on(page)
        trusted = not lies_under_a_scan(pictures, letters(text))
        pasted = [upright(one.box, seen.turn) for one in pictures if one.area >= LEAST_PASTED]
        if pasted and trusted:
            glance = self._draw(page, _GLANCE_DPI).rotate(-seen.turn, expand=True)
            pasted = with_writing(pasted, [word.box for word in words], glance)
        return Layer(
            text,
            words,
            trusted=trusted,
            turn=seen.turn,
            aspect=aspect,
            unsure=seen.unsure > _MOST_UNSURE,
            pictures=tuple(pasted),
            twofold=letters_in_two_shapes(seen.glyphs, aspect),
        )

    def _draw(self, page: Any, dpi: float) -> Image.Image:
        width, height = page.get_size()
        return _render(page, self._scale(width, height, dpi), grey=True)

    def picture(self, number: int) -> Image.Image:
        """Return page `number` (from 1) in grey, at the resolution of its scan, 150 to 300 dpi."""
        page = self._page(number)
        try:
            width, height = page.get_size()
            return _render(page, self._scale(width, height, _scan_dpi(page)), grey=True)
        finally:
            page.close()

    def size(self, number: int, picture: Image.Image | None = None) -> tuple[int, int]:
        """Return width and height of upright page `number` (from 1), as drawn, else in points."""
        if picture is not None:
            return picture.size
        page = self._page(number)
        try:
            width, height = page.get_size()
            return round(width), round(height)
        finally:
            page.close()

    def colour(self, number: int, *, width: int) -> Image.Image:
        """Return page `number` (from 1) in colours, `width` pixels wide."""
        page = self._page(number)
        try:
            page_width, page_height = page.get_size()
            scale = self._scale(page_width, page_height, 72 * width / max(page_width, 1))
            return _render(page, scale, grey=False)
        finally:
            page.close()

    def close(self) -> None:
        """Close the file."""
        self._document.close()

    def _page(self, number: int) -> Any:
        try:
            return self._document[number - 1]
        except pypdfium2.PdfiumError:
            raise Unreadable("damaged", "page cannot be loaded") from None

    def _scale(self, width: float, height: float, dpi: float) -> float:
        """Return pixels a point, lowered where the page is huge: called before a pixel is drawn."""
        if not (width > 0 and height > 0 and math.isfinite(width * height)):
            raise Unreadable("damaged", "page without size")
        most = math.sqrt(self.limits.working_pixels / (width * height))
        return min(dpi / 72, most)


def _render(page: Any, scale: float, *, grey: bool) -> Image.Image:
    width, height = page.get_size()
    if width * scale < 1 or height * scale < 1:
        raise Unreadable("damaged", "a page thinner than a pixel")
    try:
        bitmap = page.render(scale=scale, grayscale=grey, may_draw_forms=True)
        picture: Image.Image = bitmap.to_pil().copy()
        bitmap.close()
    except (pypdfium2.PdfiumError, ValueError, AttributeError) as error:
        raise Unreadable("damaged", type(error).__name__) from None
    return picture.convert("L" if grey else "RGB")


def _is_note(page: Any, index: int) -> bool:
    """Return whether an annotation is writing that is visible on the page.

    A stamp across the page's own lines is not: letters of both would come out mixed.
    """
    note = pdfium.FPDFPage_GetAnnot(page, index)
    if not note:
        return False
    try:
        kind = pdfium.FPDFAnnot_GetSubtype(note)
        if kind != pdfium.FPDF_ANNOT_STAMP:
            return kind in {pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT}
        rect = pdfium.FS_RECTF()
        pdfium.FPDFAnnot_GetRect(note, rect)
        text_page = page.get_textpage()
        try:
            below = text_page.get_text_bounded(rect.left, rect.bottom, rect.right, rect.top)
        finally:
            text_page.close()
        return not below.strip()
    finally:
        pdfium.FPDFPage_CloseAnnot(note)


def _scan_dpi(page: Any) -> float:
    """Return the resolution of the page's largest picture, within reading bounds; else 250."""
    largest = max(pictures_on(page), key=lambda one: one.area, default=None)
    if largest is None or not largest.dpi:
        return float(_VECTOR_DPI)
    if largest.area < COVERS_PAGE:
        return max(largest.dpi, _VECTOR_DPI) if largest.dpi < _MOST_DPI else _MOST_DPI
    return min(max(largest.dpi, _LEAST_DPI), _MOST_DPI)
