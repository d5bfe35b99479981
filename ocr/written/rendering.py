"""The job `letter.render`: converts office documents of a letter to PDF, so they can be viewed."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from jobs.errors import Permanent, Unavailable
from ocr.errors import ReaderFailed, Unreadable
from ocr.letter_reading import Progress
from ocr.media import FAMILIES
from ocr.written.rendition import RENDERED, office_program
from ocr.written.rendition import render_in_child as render_office
from registry.files import renditions, vault
from registry.files.receiving import Stored, VaultError
from registry.models.documents import Document, Rendition

logger = logging.getLogger(__name__)
_PDF = Rendition.Kind.PDF


@dataclass(frozen=True, slots=True)
class Rendered:
    """The result for a document: the file in the vault and its pages, or a problem's code."""

    document_id: UUID
    stored: Stored | None
    pages: int = 0
    problem: str = ""


def is_rendering_due(letter_id: str, _result: object = None) -> bool:
    """Return whether a document has pages only LibreOffice can show, and that is installed."""
    return office_program() is not None and bool(_due(letter_id))


def render_letter_work(letter_id: str, progress: Progress) -> list[Rendered]:
    """Make the PDFs that are due; call `progress(done, total)` in documents.

    Raise Unavailable (the vault can't be reached) and Permanent (an original is missing).
    """
    due = _due(letter_id)
    made = []
    for done, document in enumerate(due, start=1):
        made.append(_render(document))
        progress(done, len(due))
    return made


def save_renditions(_letter_id: str, result: list[Rendered]) -> None:
    """Record what was made, in the caller's transaction."""
    for one in result:
        renditions.record_rendition(
            one.document_id,
            _PDF,
            stored=one.stored,
            media_type="application/pdf",
            pages=one.pages,
            problem=one.problem,
        )


def _due(letter_id: str) -> list[Document]:
    return [
        document
        for document in renditions.documents_without(letter_id, _PDF)
        if not document.problem and FAMILIES.get(document.media_type) in RENDERED
    ]


def _render(document: Document) -> Rendered:
    (settings.DATA_DIR / "incoming").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR / "incoming") as scratch:
        out = Path(scratch) / "rendition.pdf"
        try:
            with vault.open_path(document.file.sha256) as path:
                pages = render_office(path, out, media_type=document.media_type or None)
            with out.open("rb") as stream:
                return Rendered(document.pk, vault.store(stream), pages)
        except Unreadable as error:
            logger.warning("document %s: no rendition: %s", document.pk, error.code)
            return Rendered(document.pk, None, problem=error.code)
        except ReaderFailed:
            return Rendered(document.pk, None, problem="crashed")
        except VaultError as error:
            if error.code == "missing":
                raise Permanent("original_missing", "An original is not in the vault.") from None
            raise Unavailable("vault", "The vault cannot be reached.") from None
