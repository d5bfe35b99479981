"""Office documents of drafts and templates as PDF, made on request where LibreOffice exists."""

import tempfile
from pathlib import Path, PurePath
from typing import Final

from django.http import Http404, HttpResponse

from correspondence.forms.keeping import DOCX
from ocr.errors import ReaderFailed, Unreadable
from ocr.written.rendition import office_program, render_in_child
from registry.files.receiving import VaultError
from registry.files.vault import get_vault
from registry.models.files import StoredFile
from web.middleware import FILE_POLICY
from web.shared.files import disposition

SECONDS: Final = 40.0


def may_be_pdf(media_type: str) -> bool:
    """Tell whether this installation can make a PDF of such a file."""
    return media_type == DOCX and office_program() is not None


def pdf_of(content: bytes) -> bytes:
    """Convert a DOCX to PDF bytes.

    Raises ocr.errors.Unreadable and ReaderFailed.
    """
    with tempfile.TemporaryDirectory(prefix="sijill-pdf-") as folder:
        source, made = Path(folder) / "letter.docx", Path(folder) / "letter.pdf"
        source.write_bytes(content)
        render_in_child(source, made, media_type=DOCX, seconds=SECONDS)
        return made.read_bytes()


def pdf_answer(file: StoredFile, *, name: str) -> HttpResponse:
    """Serve a stored DOCX as PDF; raise Http404 where none can be made."""
    if not may_be_pdf(file.media_type):
        raise Http404
    try:
        with get_vault().open(file.sha256) as stream:
            return bytes_answer(
                pdf_of(stream.read()), "application/pdf", name=f"{PurePath(name).stem}.pdf"
            )
    except (Unreadable, ReaderFailed, VaultError) as error:
        raise Http404 from error


def bytes_answer(content: bytes, media_type: str, *, name: str) -> HttpResponse:
    """Return bytes as a named download that cannot run anything in the browser."""
    answer = HttpResponse(content, content_type=media_type)
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    answer.headers["Content-Disposition"] = disposition(name)
    return answer
