"""The job `letter.archive`: a searchable PDF/A of each scanned document, made at low priority.

It is made from the current reading, and again when another reading replaces that one; the original
file is left unchanged.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.conf import settings

from jobs.errors import Permanent, Unavailable, Yield
from jobs.runner import others_wait
from ocr.archive.sandbox import PART, join_in_child, part_in_child
from ocr.caches import archive_folder
from ocr.errors import Unreadable
from ocr.letter_reading import Progress, a_slice
from ocr.second_reading import has_quick_pages
from registry.files import renditions, vault
from registry.files.receiving import Stored, VaultError
from registry.kinds import RegistryJob
from registry.models.documents import Document, Rendition
from registry.models.readings import DocumentReading
from registry.reading import readings

logger = logging.getLogger(__name__)
_SEARCHABLE = Rendition.Kind.SEARCHABLE
_SCANNED = {"ocr", "person"}


@dataclass(frozen=True, slots=True)
class Made:
    """The result for a document: the file in the vault, or the code of a problem."""

    document_id: UUID
    reading_id: UUID
    stored: Stored | None
    problem: str = ""


def is_archive_due(letter_id: str, _result: object = None) -> bool:
    """Return whether a scanned document has a careful current reading but no PDF of it."""
    return bool(_due(letter_id)) and not has_quick_pages(letter_id)


def archive_letter_work(letter_id: str, progress: Progress) -> list[Made]:
    """Make the PDFs that are due, part by part; call `progress(done, total)` in pages.

    Finished parts survive a crash. Raise Yield as soon as more urgent work waits, Unavailable where
    the vault can't be reached, and Permanent where an original is missing.
    """
    in_slice = a_slice(RegistryJob.LETTER_ARCHIVE)

    def go_on() -> bool:
        return not others_wait(RegistryJob.LETTER_ARCHIVE, more_urgent=True) and in_slice()

    due = _due(letter_id)
    total = sum(len(reading.pages) for reading in due)
    done, made = 0, []
    for reading in due:

        def report(pages: int, before: int = done) -> None:
            progress(before + pages, total)

        made.append(_archive(reading, report, go_on))
        done += len(reading.pages)
    return made


def save_archive(_letter_id: str, result: list[Made]) -> None:
    """Record what was made, in the caller's transaction."""
    for one in result:
        renditions.record_rendition(
            one.document_id,
            _SEARCHABLE,
            reading_id=one.reading_id,
            stored=one.stored,
            media_type="application/pdf",
            problem=one.problem,
        )
        shutil.rmtree(_folder(one.reading_id), ignore_errors=True)


def _due(letter_id: str) -> list[DocumentReading]:
    """Return current readings with scanned pages that have no PDF yet."""
    made = renditions.readings_rendered(letter_id, _SEARCHABLE)
    return [
        reading
        for reading in readings.current_readings(letter_id)
        if reading.pk not in made
        and any(page.get("source") in _SCANNED for page in readings.pages_of(reading))
    ]


def _archive(
    reading: DocumentReading, report: Callable[[int], None], go_on: Callable[[], bool]
) -> Made:
    document = Document.objects.select_related("file").get(pk=reading.document_id)
    folder = _folder(reading.pk)
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / "whole.pdf"
    try:
        with vault.open_path(document.file.sha256) as path:
            parts = _parts(document, reading, path, folder, report=report, go_on=go_on)
        join_in_child(parts, whole, language=reading.language)
        with whole.open("rb") as stream:
            return Made(document.pk, reading.pk, vault.store(stream))
    except Unreadable as error:
        logger.warning("document %s: no searchable PDF: %s", document.pk, error.code)
        return Made(document.pk, reading.pk, None, error.code)
    except VaultError as error:
        if error.code == "missing":
            raise Permanent("original_missing", "An original is not in the vault.") from None
        raise Unavailable("vault", "The vault cannot be reached.") from None


def _parts(
    document: Document,
    reading: DocumentReading,
    path: Path,
    folder: Path,
    *,
    report: Callable[[int], None],
    go_on: Callable[[], bool],
) -> list[Path]:
    """Return the parts of the PDF in order, making those missing. Raise Yield or Unreadable."""
    pages, done = readings.whole_pages(reading), 0
    parts: list[Path] = []
    while batch := list(islice(pages, PART)):
        part = folder / f"{len(parts)}.pdf"
        if not part.is_file():
            if not go_on():
                raise Yield
            partial = part.with_suffix(".new")
            part_in_child(
                path,
                batch,
                partial,
                media_type=document.media_type or None,
                page_seconds=settings.OCR_PAGE_SECONDS,
            )
            partial.replace(part)
        parts.append(part)
        done += len(batch)
        report(done)
    return parts


def _folder(reading_id: UUID) -> Path:
    return archive_folder() / str(reading_id)
