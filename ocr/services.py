"""The public interface for the office: reading letters as jobs, and pictures of their pages."""

from __future__ import annotations

from pathlib import Path

from ocr.archive.archiving import archive_letter_work, is_archive_due, save_archive
from ocr.caches import forget_old_caches, pictures_folder
from ocr.children.sandbox import render_in_child
from ocr.drawing import drawn_once
from ocr.letter_reading import (
    LetterReading,
    read_letter_work,
    reading_parked,
    save_letter_reading,
)
from ocr.second_reading import (
    has_quick_pages,
    read_again_work,
    save_second_reading,
    text_changed,
)
from ocr.written.rendering import is_rendering_due, render_letter_work, save_renditions
from registry.files import vault
from registry.files.renditions import rendition_of
from registry.models.documents import Document, Rendition
from registry.reading.readings import current_reading, pages_of

__all__ = [
    "LetterReading",
    "archive_letter_work",
    "forget_old_caches",
    "has_quick_pages",
    "is_archive_due",
    "is_rendering_due",
    "page_image",
    "read_again_work",
    "read_letter_work",
    "reading_parked",
    "render_letter_work",
    "save_archive",
    "save_letter_reading",
    "save_renditions",
    "save_second_reading",
    "text_changed",
]

WIDTHS = (200, 900, 1400, 2000)  # pixels: thumbnail, phone, desk, looking closely


def page_image(
    document: Document,
    number: int,
    width: int,
    *,
    turn: int | None = None,
    patience: float | None = None,
) -> Path:
    """Return a WebP picture of page `number` (from 1), upright as it was read.

    Its width is the nearest of `WIDTHS`; of an office document, it is a page of its rendition. Made
    once and kept. Raise Unreadable (code `unsupported` where a file has no pages to show),
    ReaderFailed, and PictureDelayed, as `drawn_once` does.
    """
    width = min(WIDTHS, key=lambda known: abs(known - width))
    sha256, media_type = _shown_file(document)
    turn = _turn_of(document, number) if turn is None else turn
    folder = pictures_folder() / sha256[:2] / sha256

    def draw() -> bytes:
        with vault.open_path(sha256) as path:
            return render_in_child(path, media_type or None, number, width, turn=turn)

    target: Path = folder / f"{int(number)}-{width}-{turn}.webp"
    return drawn_once(target, draw, patience=patience)


def _shown_file(document: Document) -> tuple[str, str]:
    """Return hash and media type of what has pages to show: the rendition, else the document."""
    rendered = rendition_of(document, Rendition.Kind.PDF)
    if rendered and rendered.file:
        return rendered.file.sha256, rendered.file.media_type
    return document.file.sha256, document.media_type


def _turn_of(document: Document, number: int) -> int:
    """Return the rotation with which the page was read; 0 while it is unread."""
    reading = current_reading(document.pk)
    pages = pages_of(reading) if reading else []
    return next((int(page.get("turn", 0)) for page in pages if page.get("number") == number), 0)
