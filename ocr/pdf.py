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
from ocr.quality import letters
from ocr.reading import Box, Word
from ocr.textlayer import Glyph, assemble

_ERRORS = {
    pdfium.FPDF_ERR_PASSWORD: "encrypted",
    pdfium.FPDF_ERR_SECURITY: "encrypted",
    pdfium.FPDF_ERR_FILE: "damaged",
    pdfium.FPDF_ERR_FORMAT: "damaged",
}
_INVISIBLE = pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
_VECTOR_DPI, _LEAST_DPI, _MOST_DPI = 250, 150, 300
_MANY_OBJECTS = 5000
_COVERS_PAGE = 0.5
_FEW_LETTERS_ON_A_SCAN = 150


@dataclass(frozen=True, slots=True)
class Layer:
    """A page's own text, repaired. `trusted` is False where a scan lies under a stranger's OCR, or
    shows more than the few letters (a scanner's stamp) that are real text."""

    text: str
    words: tuple[Word, ...]
    trusted: bool


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
            self._document.init_forms()  # else what people filled in is not on the picture

    def layer(self, number: int) -> Layer | None:
        """The text that page `number` (from 1) carries, or None. Raises Unreadable: damaged."""
        page = self._page(number)
        try:
            text_page = page.get_textpage()
            try:
                glyphs = _glyphs(text_page, page, self.limits.page_chars)
            finally:
                text_page.close()
            width, height = page.get_size()
            text, words = assemble(glyphs, aspect=width / height if height > 0 else 1.0)
            if not text.strip():
                return None
            return Layer(text, words, trusted=_is_trusted(page, text))
        except pypdfium2.PdfiumError as error:
            raise Unreadable("damaged", type(error).__name__) from None
        finally:
            page.close()

    def picture(self, number: int) -> Image.Image:
        """Page `number` (from 1) in grey, at the resolution of its scan, 150 to 300 dpi."""
        page = self._page(number)
        try:
            width, height = page.get_size()
            return _render(page, self._scale(width, height, _scan_dpi(page)), grey=True)
        finally:
            page.close()

    def size(self, number: int, picture: Image.Image | None = None) -> tuple[int, int]:
        """Width and height of page `number` (from 1), upright: as it was drawn, else in points."""
        if picture is not None:
            return picture.size
        page = self._page(number)
        try:
            width, height = page.get_size()
            return round(width), round(height)
        finally:
            page.close()

    def colour(self, number: int, *, width: int) -> Image.Image:
        """Page `number` (from 1) in colours, `width` pixels wide."""
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
        """Pixels a point, lowered where the page is huge: asked before a pixel is drawn."""
        if not (width > 0 and height > 0 and math.isfinite(width * height)):
            raise Unreadable("damaged", "page without size")
        most = math.sqrt(self.limits.working_pixels / (width * height))
        return min(dpi / 72, most)


def _render(page: Any, scale: float, *, grey: bool) -> Image.Image:
    width, height = page.get_size()
    if width * scale < 1 or height * scale < 1:
        raise Unreadable("empty", "a page thinner than a pixel")
    try:
        bitmap = page.render(scale=scale, grayscale=grey, may_draw_forms=True)
        picture: Image.Image = bitmap.to_pil().copy()
        bitmap.close()
    except (pypdfium2.PdfiumError, ValueError, AttributeError) as error:
        raise Unreadable("damaged", type(error).__name__) from None
    return picture.convert("L" if grey else "RGB")


def _glyphs(text_page: Any, page: Any, most: int) -> list[Glyph]:
    """Every character with its box as fractions of the upright page (the page's turn undone)."""
    width, height = page.get_size()
    to_device = _Placement(page, width, height)
    count = min(text_page.count_chars(), most)
    glyphs = []
    for index in range(count):
        point = pdfium.FPDFText_GetUnicode(text_page, index)
        if point in {0, 0xFFFE, 0xFFFF} or 0xD800 <= point <= 0xDFFF or point > 0x10FFFF:
            continue
        box: Box | None = None
        if not chr(point).isspace():
            box = to_device(text_page.get_charbox(index))
        glyphs.append(Glyph(chr(point), box))
    return glyphs


class _Placement:
    """From a page's own coordinates to fractions of the picture of it, by pdfium's own rule."""

    _GRID = 100_000

    def __init__(self, page: Any, width: float, height: float) -> None:
        self._page = page
        self._origin, self._x, self._y = (self._point(*p) for p in ((0, 0), (1000, 0), (0, 1000)))

    def _point(self, x: float, y: float) -> tuple[float, float]:
        from ctypes import byref, c_int

        across, down = c_int(), c_int()
        pdfium.FPDF_PageToDevice(
            self._page, 0, 0, self._GRID, self._GRID, 0, x, y, byref(across), byref(down)
        )
        return across.value / self._GRID, down.value / self._GRID

    def _map(self, x: float, y: float) -> tuple[float, float]:
        (x0, y0), (xx, xy), (yx, yy) = self._origin, self._x, self._y
        return (
            x0 + (xx - x0) * x / 1000 + (yx - x0) * y / 1000,
            y0 + (xy - y0) * x / 1000 + (yy - y0) * y / 1000,
        )

    def __call__(self, edges: tuple[float, float, float, float]) -> Box:
        left, bottom, right, top = edges
        (x0, y0), (x1, y1) = self._map(left, top), self._map(right, bottom)
        return _clip(min(x0, x1)), _clip(min(y0, y1)), _clip(max(x0, x1)), _clip(max(y0, y1))


def _clip(share: float) -> float:
    return min(max(share, 0.0), 1.0)


def _scan_dpi(page: Any) -> float:
    """The resolution of the largest picture on the page within reading bounds; 250 without one."""
    largest, dpi = 0.0, float(_VECTOR_DPI)
    for left, bottom, right, top, pixels in _pictures(page):
        area, wide = (right - left) * (top - bottom), right - left
        if area > largest and wide > 0 and pixels:
            largest, dpi = area, 72 * pixels / wide
    width, height = page.get_size()
    if largest < _COVERS_PAGE * width * height:
        return max(dpi, _VECTOR_DPI) if dpi < _MOST_DPI else _MOST_DPI
    return min(max(dpi, _LEAST_DPI), _MOST_DPI)


def _pictures(page: Any) -> list[tuple[float, float, float, float, int]]:
    """The raster pictures on a page: bounds in points and the width in pixels."""
    found = []
    for seen, item in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)):
        if seen > _MANY_OBJECTS:
            break
        try:
            found.append((*_bounds(item), int(item.get_px_size()[0])))
        except (pypdfium2.PdfiumError, AttributeError):
            continue
    return found


def _bounds(item: Any) -> tuple[float, float, float, float]:
    left, bottom, right, top = (item.get_bounds if hasattr(item, "get_bounds") else item.get_pos)()
    return float(left), float(bottom), float(right), float(top)


def _is_trusted(page: Any, text: str) -> bool:
    """False where a picture covers the page and the text on it is invisible or next to nothing."""
    width, height = page.get_size()
    covered = max(((r - x) * (t - b) for x, b, r, t, _ in _pictures(page)), default=0.0)
    if covered < _COVERS_PAGE * width * height:
        return True
    return letters(text) >= _FEW_LETTERS_ON_A_SCAN and not _mostly_invisible(page)


def _mostly_invisible(page: Any) -> bool:
    seen = hidden = 0
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=3):
        seen += 1
        hidden += pdfium.FPDFTextObj_GetTextRenderMode(item) == _INVISIBLE
        if seen > _MANY_OBJECTS:
            break
    return hidden * 2 > seen
