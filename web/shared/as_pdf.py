"""Office documents as PDF, made on request where LibreOffice exists."""

import tempfile
from pathlib import Path
from typing import Final

from correspondence.forms.keeping import DOCX
from ocr.written.rendition import office_program, render_in_child

SECONDS: Final = 40.0


def may_be_pdf(media_type: str) -> bool:
    """Return whether this installation can make a PDF of such a file."""
    return media_type == DOCX and office_program() is not None


def pdf_of(content: bytes) -> bytes:
    """Convert a DOCX to PDF bytes.

    Raise ocr.errors.Unreadable and ReaderFailed.
    """
    with tempfile.TemporaryDirectory(prefix="sijill-pdf-") as folder:
        source, made = Path(folder) / "letter.docx", Path(folder) / "letter.pdf"
        source.write_bytes(content)
        render_in_child(source, made, media_type=DOCX, seconds=SECONDS)
        return made.read_bytes()
