"""Answers that carry the files of drafts and templates, or a PDF made of them."""

from pathlib import PurePath

from django.http import Http404, HttpResponse

from ocr.errors import ReaderFailed, Unreadable
from registry.files.receiving import VaultError
from registry.files.vault import get_vault
from registry.models.files import StoredFile
from web.middleware import FILE_POLICY
from web.shared.as_pdf import may_be_pdf, pdf_of
from web.shared.files import disposition


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


def bytes_answer(
    content: bytes, media_type: str, *, name: str, inline: bool = False
) -> HttpResponse:
    """Return bytes as a named file that cannot run anything in the browser; kept, or `inline`."""
    answer = HttpResponse(content, content_type=media_type)
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    answer.headers["Content-Disposition"] = disposition(name, inline=inline)
    return answer
