"""Number, date and signature stamped onto an uploaded file, which is a PDF or becomes one."""

import io
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from hijridate import Gregorian

from correspondence.models.replies import Reply
from correspondence.models.steps import ReplyStep
from correspondence.replies.lasting import to_pdfa
from correspondence.replies.paper import RIGHT_TO_LEFT, signature_context
from jobs.errors import Permanent, Unavailable
from registry.files.renditions import rendition_of
from registry.files.vault import open_path
from registry.models.documents import Document, Rendition
from registry.models.files import StoredFile
from registry.models.letters import Letter
from registry.paper import bilingual_pdf
from routing.acting.errors import NotAllowedError

if TYPE_CHECKING:
    import pikepdf

PDF = "application/pdf"
# What the office program turns into PDF, by the end of its media type.
OFFICE = (
    *("msword", "opendocument.text", "wordprocessingml.document", "rtf"),
    *("opendocument.spreadsheet", "spreadsheetml.sheet"),
)


def check_signable(file: StoredFile | None) -> None:
    """Raise NotAllowedError, before numbering, for a file that can never be stamped and signed."""
    if file is None:
        return
    if file.media_type == PDF:
        import pikepdf

        from registry.archival.pdfa import is_signed

        with open_path(file.sha256) as path:
            try:
                with pikepdf.open(path) as pdf:
                    if not pdf.pages:
                        raise NotAllowedError(_("This PDF has no page."))
                    if is_signed(pdf):
                        words = _("This PDF carries a signature already: printing would break it.")
                        raise NotAllowedError(words)
            except (pikepdf.PdfError, TypeError, ValueError, AttributeError) as error:
                words = _("This PDF is locked or damaged: it cannot be signed.")
                raise NotAllowedError(words) from error
        return
    if not file.media_type.endswith(OFFICE):
        raise NotAllowedError(_("Only PDF and text documents can be signed. Give a PDF."))
    if not (shutil.which("soffice") or shutil.which("libreoffice")):
        raise NotAllowedError(_("This office turns no documents into PDF. Give a PDF."))


def stamped_file(reply: Reply, outgoing: Letter, step: ReplyStep) -> bytes:
    """Return the reply's file as PDF with number and date on page one, the signature on the last.

    It is PDF/A where its source is. Raise jobs.errors: Unavailable while it is being turned into
    PDF, Permanent where it cannot be.
    """
    import pikepdf

    source = reply.archive_file or _as_pdf(reply, outgoing)
    if reply.archive_file is None and not reply.archive_level:
        source = to_pdfa(source, way="text", language=outgoing.language).file or source
    try:
        with open_path(source.sha256) as path:
            return stamped(path, reply, outgoing, step)
    except (pikepdf.PdfError, IndexError) as error:
        raise Permanent("not_a_pdf", "The PDF cannot be opened.") from error


def stamped(path: Path, reply: Reply, outgoing: Letter, step: ReplyStep) -> bytes:
    """Return a PDF with number and date laid over page one, the signature over the last.

    Raise pikepdf.PdfError or IndexError for a file that is no PDF with pages.
    """
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(path) as pdf:
        _lay(pdf.pages[0], _context(reply, outgoing, step, corner=True))
        _lay(pdf.pages[-1], _context(reply, outgoing, step, corner=False))
        pdf.save(out)
    return out.getvalue()


def _as_pdf(reply: Reply, outgoing: Letter) -> StoredFile:
    """Return the file itself, or its PDF from the job `letter.render`."""
    if reply.file is None:
        raise Permanent("not_a_pdf", "There is no file.")
    if reply.file.media_type == PDF:
        return reply.file
    document = Document.objects.filter(letter=outgoing, file=reply.file).first()
    if document is None:
        raise Permanent("not_a_pdf", "The file is not with its letter.")
    made = rendition_of(document, Rendition.Kind.PDF)
    if made and made.file:
        return made.file
    if document.renditions.filter(kind=Rendition.Kind.PDF).exists():
        raise Permanent("not_a_pdf", "The office program could not draw it.")
    raise Unavailable("pdf_awaited", "The file is being turned into PDF.")


def lasts(pdf: bytes) -> bool:
    """Return whether a PDF declares itself PDF/A."""
    import pikepdf

    from registry.archival.pdfa import claims

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return claims(opened)


def _context(reply: Reply, outgoing: Letter, step: ReplyStep, *, corner: bool) -> dict[str, Any]:
    language = outgoing.language or "fr"
    registered = timezone.localtime(outgoing.registered_at)
    return {
        "language": language,
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "letter": outgoing,
        "registered": registered,
        "hijri": Gregorian.fromdate(registered.date()).to_hijri(),
        "unit": str(getattr(reply.department, f"name_{language}")),
        "corner": corner,
        **signature_context(step),
    }


def _lay(page: "pikepdf.Page", context: dict[str, Any]) -> None:
    """Draw a sheet of the page's size as it is seen, and lay it over the page."""
    import pikepdf

    left, bottom, right, top = (float(v) for v in page.cropbox)
    width, height = right - left, top - bottom
    if int(page.obj.get("/Rotate", 0)) % 180:
        width, height = height, width
    size = {"width": f"{width:.2f}", "height": f"{height:.2f}"}
    sheet = bilingual_pdf(
        "correspondence/stamp.html",
        {**context, **size},
        day=context["registered"].date(),
        archive=True,
    )
    with pikepdf.open(io.BytesIO(sheet)) as drawn:
        rect = pikepdf.Rectangle(left, bottom, right, top)
        page.add_overlay(drawn.pages[0], rect)
