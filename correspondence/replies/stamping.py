"""Number, date and signature stamped onto an uploaded file, which is a PDF or becomes one."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from hijridate import Gregorian

from correspondence.models.replies import Reply
from correspondence.models.steps import ReplyStep
from correspondence.replies.archival_form import to_pdfa
from correspondence.replies.paper import RIGHT_TO_LEFT, signature_context
from jobs.errors import Permanent, Unavailable
from registry.archival.laying import facts_of, lay_over
from registry.archival.problems import NotArchival
from registry.files.renditions import rendition_of
from registry.files.vault import open_path
from registry.models.documents import Document, Rendition
from registry.models.files import StoredFile
from registry.models.letters import Letter
from registry.paper import bilingual_pdf
from routing.acting.errors import NotAllowedError

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
        with open_path(file.sha256) as path:
            try:
                signed = facts_of(path).signed
            except NotArchival as error:
                words = _("This PDF is locked or damaged: it cannot be signed.")
                raise NotAllowedError(words) from error
        if signed:
            words = _("This PDF carries a signature already: printing would break it.")
            raise NotAllowedError(words)
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
    source = reply.archive_file or _as_pdf(reply, outgoing)
    if reply.archive_file is None and not reply.archive_level:
        source = to_pdfa(source, way="text", language=outgoing.language).file or source
    try:
        with open_path(source.sha256) as path:
            return stamped(path, reply, outgoing, step)
    except NotArchival as error:
        raise Permanent("not_a_pdf", "The PDF cannot be opened.") from error


def stamped(path: Path, reply: Reply, outgoing: Letter, step: ReplyStep) -> bytes:
    """Return a PDF with number and date laid over page one, the signature over the last.

    Raise NotArchival for a file that is no PDF with pages.
    """
    first, last = facts_of(path).sizes
    return lay_over(
        path,
        first=[_sheet(first, _context(reply, outgoing, step, corner=True))],
        last=[_sheet(last, _context(reply, outgoing, step, corner=False))],
    )


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
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        return facts_of(Path(file.name)).lasts


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


def _sheet(size: tuple[float, float], context: dict[str, Any]) -> bytes:
    """Return a sheet of the page's size as it is seen, to be laid over the page."""
    width, height = size
    return bilingual_pdf(
        "correspondence/stamp.html",
        {**context, "width": f"{width:.2f}", "height": f"{height:.2f}"},
        day=context["registered"].date(),
        archive=True,
    )
