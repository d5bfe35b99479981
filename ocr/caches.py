"""The reading's caches in DATA_DIR/cache, and how long their files are kept."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from django.conf import settings

from ocr import spool

SPOOLS_SECONDS = 7 * 24 * 3600
PICTURES_BYTES = 2_000_000_000
UNDRAWN_SECONDS = 600  # that a picture is not tried again
UNDRAWN_SUFFIX = ".undrawn"


def spool_folder() -> Path:
    """Return the folder where pages wait until their reading is recorded."""
    folder: Path = settings.DATA_DIR / "cache" / "reading"
    return folder


def pictures_folder() -> Path:
    """Return the folder where pictures of pages are kept; each can be made again."""
    folder: Path = settings.DATA_DIR / "cache" / "pages"
    return folder


def archive_folder() -> Path:
    """Return the folder where parts of searchable PDFs wait to be joined, one per reading."""
    folder: Path = settings.DATA_DIR / "cache" / "archive"
    return folder


def forget_old_caches() -> None:
    """Remove what is left unfinished or out of date, and the oldest pictures beyond the limit."""
    spool.forget_old(spool_folder(), seconds=SPOOLS_SECONDS)
    for folder in archive_folder().glob("*"):
        if folder.stat().st_mtime < time.time() - SPOOLS_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
    for mark in pictures_folder().glob(f"*/*/*{UNDRAWN_SUFFIX}"):
        if mark.stat().st_mtime < time.time() - UNDRAWN_SECONDS:
            mark.unlink(missing_ok=True)
    _shrink(pictures_folder(), most_bytes=PICTURES_BYTES)


def _shrink(folder: Path, *, most_bytes: int) -> None:
    """Remove the oldest pictures and previews until the rest takes at most `most_bytes`."""
    pictures = []
    for path in (*folder.glob("*/*/*.webp"), *folder.glob("*/*/*.pdf")):
        status = path.stat()
        pictures.append((status.st_mtime, status.st_size, path))
    total = sum(size for _, size, _ in pictures)
    for _, size, path in sorted(pictures):
        if total <= most_bytes:
            return
        path.unlink(missing_ok=True)
        total -= size
