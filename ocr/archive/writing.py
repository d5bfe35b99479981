"""A searchable PDF/A-2b of a scanned file: recompressed pages with the reading as invisible text.

No second OCR: the words are those of the reading that the office stores. A long file is made in
parts, which are joined at the end: memory use stays flat, and a killed worker can resume. No
Django.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Dictionary, Object, Pdf, Stream

from ocr.archive.joining import WITH_TEXT
from ocr.archive.scan import Scan, encode, kept_jpeg, page_size
from ocr.archive.source import only_picture, picture_of, turned
from ocr.archive.text import spread, text_layer
from ocr.errors import Unreadable
from ocr.limits import Limits
from ocr.media import family, sniff
from ocr.picture.images import Pictures
from ocr.reading import PageReading
from registry.archival.pages import take_over

if TYPE_CHECKING:
    from ocr.pdf.pages import PdfPages

Box = tuple[float, float, float, float]
Size = tuple[float, float]
_WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
_A4: Size = (595.3, 841.9)
_PLAIN_DPI = 200


@dataclass(frozen=True, slots=True)
class Sheet:
    """An upright page to be written: its size in points, its picture and that picture's box.

    The box is in fractions from the top left. Without a picture the page is blank.
    """

    size: Size
    scan: Scan | None = None
    box: Box = _WHOLE


def is_scanned(page: PageReading) -> bool:
    """Return whether a page's text is in its picture alone: read by OCR, or by a person."""
    return page.source in {"ocr", "person"}


def write_part(
    path: Path,
    pages: Iterable[PageReading],
    out: Path,
    *,
    media_type: str | None = None,
    limits: Limits | None = None,
    on_page: Callable[[int], None] = lambda number: None,
) -> None:
    """Write a PDF of these pages of the file, for `join_parts`; call `on_page(number)` after each.

    A page that can't be shown is blank, with its text. Raise Unreadable: damaged, unsupported.
    """
    limits = limits or Limits()
    with ExitStack() as stack:
        part = stack.enter_context(Pdf.new())
        write = _writer(path, media_type, limits, stack)
        for page in pages:
            write(part, page)
            on_page(page.number)
        part.save(out)


def _writer(
    path: Path, media_type: str | None, limits: Limits, stack: ExitStack
) -> Callable[[Pdf, PageReading], None]:
    """Return the function that writes a page of the file, which stays open as long as the stack."""
    kind = _kind(path, media_type)
    if kind == "image":
        pictures = Pictures(path, limits)
        stack.callback(pictures.close)
        return lambda part, page: _add(part, _sheet_of_picture(path, pictures, page), page)
    if kind != "pdf":
        raise Unreadable("unsupported", "no pictures of pages")
    from ocr.pdf.pages import PdfPages  # slow to import, and most scans are picture files

    pages = PdfPages(path, limits)
    stack.callback(pages.close)
    source = stack.enter_context(_open(path))
    return lambda part, page: _write_pdf_page(part, pages, source, page)


def _kind(path: Path, media_type: str | None) -> str:
    """Return the kind of file by its bytes, as in reading; the claimed type is only a fallback."""
    try:
        return family(sniff(path))
    except Unreadable:
        if not media_type:
            raise
        return family(media_type)


def _open(path: Path) -> Pdf:
    try:
        return Pdf.open(path, suppress_warnings=True)
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise Unreadable("damaged", type(error).__name__) from None


def _write_pdf_page(part: Pdf, pages: PdfPages, source: Pdf, page: PageReading) -> None:
    if page.number > len(source.pages):
        raise Unreadable("damaged", "fewer pages")
    original = source.pages[page.number - 1]
    if page.source == "text" and take_over(original):
        part.pages.append(original)
        return
    _add(part, _sheet_of_pdf(pages, original, page), page)


def _sheet_of_picture(path: Path, pictures: Pictures, page: PageReading) -> Sheet:
    try:
        pixels = pictures.size(page.number)
        if page.turn % 180:
            pixels = pixels[1], pixels[0]
        if kept := kept_jpeg(path, pixels, turn=page.turn):
            return Sheet(*kept)
        picture = turned(pictures.colour(page.number), page.turn)
    except Unreadable:
        return Sheet(_A4)
    size = page_size(pixels, picture)
    return Sheet(size, encode(picture, size=size))


def _sheet_of_pdf(pages: PdfPages, original: pikepdf.Page, page: PageReading) -> Sheet:
    try:
        shown = pages.size(page.number)
        size: Size = (shown[1], shown[0]) if page.turn % 180 else shown
        turn = (int(original.obj.get("/Rotate", 0)) + page.turn) % 360
        if found := only_picture(original):
            scan = picture_of(found, pages.limits, turn=turn, size=size)
            if scan:
                return Sheet(size, scan, _turned_box(found.box, turn))
        wide = page.height if page.turn % 180 else page.width
        plain = round(shown[0] / 72 * _PLAIN_DPI)
        drawn = wide if is_scanned(page) and wide > plain else plain
        picture = turned(pages.colour(page.number, width=drawn), page.turn)
        return Sheet(size, encode(picture, size=size))
    except Unreadable:
        return Sheet(_A4)


def _turned_box(box: Box, turn: int) -> Box:
    """Return a box as it stands once its page has been rotated clockwise."""
    for _ in range(turn // 90):
        left, top, right, bottom = box
        box = (1 - bottom, left, 1 - top, right)
    return box


def _add(part: Pdf, sheet: Sheet, page: PageReading) -> None:
    """Write a page: its picture, and its words over it."""
    width, height = sheet.size
    drawn: list[bytes] = []
    pictures: dict[str, Object] = {}
    if sheet.scan:
        pictures["/P"] = sheet.scan.xobject(part)
        drawn.append(_draw(sheet, sheet.scan))
    text = text_layer(page.words or spread(page.text), width=width, height=height)
    written = part.add_blank_page(page_size=sheet.size)
    written.obj.Resources = Dictionary(XObject=Dictionary(pictures))
    written.obj.Contents = part.make_indirect(Stream(part, b"\n".join([*drawn, text])))
    if text:
        written.obj[WITH_TEXT] = True


def _draw(sheet: Sheet, scan: Scan) -> bytes:
    """Draw the unit square of a picture onto its box, rotated as needed."""
    width, height = sheet.size
    x0, y0, x1, y1 = sheet.box
    left, bottom = x0 * width, (1 - y1) * height
    wide, high = (x1 - x0) * width, (y1 - y0) * height
    matrix = {
        0: (wide, 0, 0, high, left, bottom),
        90: (0, -high, wide, 0, left, bottom + high),
        180: (-wide, 0, 0, -high, left + wide, bottom + high),
        270: (0, high, -wide, 0, left + wide, bottom),
    }[scan.turn % 360]
    return f"q {' '.join(f'{number:.3f}' for number in matrix)} cm /P Do Q".encode("ascii")
