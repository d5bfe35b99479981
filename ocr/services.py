"""The public interface for the office: reading letters as jobs, and pictures of their pages."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ocr.archive.archiving import archive_letter_work, is_archive_due, save_archive
from ocr.caches import forget_old_caches, pictures_folder
from ocr.children.sandbox import render_in_child
from ocr.errors import PictureDelayed
from ocr.letter_reading import (
    LetterReading,
    read_letter_work,
    save_letter_reading,
    tell_unread,
)
from ocr.second_reading import (
    has_quick_pages,
    read_again_work,
    save_second_reading,
    text_changed,
)
from ocr.written.rendering import is_rendering_due, render_letter_work, save_renditions
from org.on_disk import take_lock
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
    "render_letter_work",
    "save_archive",
    "save_letter_reading",
    "save_renditions",
    "save_second_reading",
    "tell_unread",
    "text_changed",
]

WIDTHS = (200, 900, 1400, 2000)  # pixels: thumbnail, phone, desk, looking closely
_rendering = threading.BoundedSemaphore(2)


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
    ReaderFailed, and PictureDelayed where it could not be begun within `patience` seconds (None:
    however long it takes).
    """
    width = min(WIDTHS, key=lambda known: abs(known - width))
    sha256, media_type = _shown_file(document)
    turn = _turn_of(document, number) if turn is None else turn
    folder = pictures_folder() / sha256[:2] / sha256
    target: Path = folder / f"{int(number)}-{width}-{turn}.webp"
    if target.is_file():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    until = None if patience is None else time.monotonic() + patience
    with _alone_in(folder, until=until):  # a concurrent request waits for the first one's picture
        if not target.is_file():
            with _place_to_draw(until=until), vault.open_path(sha256) as path:
                picture = render_in_child(path, media_type or None, number, width, turn=turn)
            _put(target, picture)
    return target


@contextmanager
def _alone_in(folder: Path, *, until: float | None) -> Iterator[None]:
    """Hold the folder's lock; raise PictureDelayed where another holds it still at `until`."""
    with (folder / ".lock").open("w") as lock:
        if not take_lock(lock, until=until):
            raise PictureDelayed("another is being made of the same file")
        yield


@contextmanager
def _place_to_draw(*, until: float | None) -> Iterator[None]:
    """Take one of the places for drawing; raise PictureDelayed where none is free by `until`."""
    wait = None if until is None else max(0.0, until - time.monotonic())
    if not _rendering.acquire(timeout=wait):
        raise PictureDelayed("as many as may be are being made")
    try:
        yield
    finally:
        _rendering.release()


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


def _put(target: Path, data: bytes) -> None:
    """Write to a temporary file, then rename, so that no reader sees a partial picture."""
    handle, name = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
    os.chmod(name, 0o644)
    os.replace(name, target)
