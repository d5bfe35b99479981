"""The paper of a reply before it has its number: its pages as pictures, and its PDF to download."""

from pathlib import Path
from typing import Final
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from correspondence.drafts.reading import drafts_read_by
from correspondence.models.replies import Reply
from ocr.errors import PictureDelayed
from web.middleware import FILE_POLICY
from web.retry_later import unavailable
from web.shared.files import disposition
from web.shared.guard import StaffRequest, page, reads_letters
from web.shared.pictures import AGAIN_SECONDS, PATIENCE, drawn_picture
from web.shared.reading import note_reading
from web.shared.reply_paper import PaperAwayError, page_count, paper_of, picture_of_page

PDF: Final = "application/pdf"
MOST_SHOWN: Final = 60  # pages on one page of the desk; the PDF has them all


def _reply(request: StaffRequest, reply_id: UUID) -> Reply:
    rows = drafts_read_by(request.user).select_related(
        *("department", "author", "letter__register", "file", "archive_file", "approved_by")
    )
    return note_reading(request.user, get_object_or_404(rows, pk=reply_id))


def _paper(request: StaffRequest, reply_id: UUID) -> Path:
    try:
        return paper_of(_reply(request, reply_id), viewer=request.user)
    except PaperAwayError as error:
        raise Http404 from error


@page(reads_letters)
def pages(request: StaffRequest, reply_id: UUID) -> HttpResponse:
    """Show all pages of the paper; within the signing folder only they are requested.

    While another makes the paper, a part that reloads by itself; 503 to somebody who opened it
    alone.
    """
    reply = _reply(request, reply_id)
    try:
        paper = paper_of(reply, viewer=request.user, patience=PATIENCE)
        count = page_count(paper, patience=PATIENCE)
    except PictureDelayed:
        return _not_made_yet(request, reply)
    except PaperAwayError:
        count = 0
    context = {
        "reply": reply,
        "pages": range(1, min(count, MOST_SHOWN) + 1),
        "more": max(0, count - MOST_SHOWN),
    }
    return render(request, "web/parts/paper_pages.html", context)


def _not_made_yet(request: StaffRequest, reply: Reply) -> HttpResponse:
    context = {"reply": reply, "seconds": AGAIN_SECONDS}
    answer = render(request, "web/parts/paper_waits.html", context)
    if "HX-Request" not in request.headers:
        unavailable(answer)
        answer.headers["Retry-After"] = AGAIN_SECONDS
    return answer


@page(reads_letters)
def picture(request: StaffRequest, reply_id: UUID, number: int) -> HttpResponseBase:
    """Serve the picture of a page."""
    width = 1400 if request.GET.get("w") == "1400" else 900
    reply = _reply(request, reply_id)

    def draw(patience: float) -> Path:
        paper = paper_of(reply, viewer=request.user, patience=patience)
        return picture_of_page(paper, number, width=width, patience=patience)

    try:
        return drawn_picture(request, draw, back=reverse("desk:signing_folder"))
    except PaperAwayError as error:
        raise Http404 from error


@page(reads_letters)
def pdf(request: StaffRequest, reply_id: UUID) -> HttpResponseBase:
    """Serve the PDF as the reply would go out now, without its number."""
    answer = FileResponse(_paper(request, reply_id).open("rb"), content_type=PDF)
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    answer.headers["Content-Disposition"] = disposition("preview.pdf")
    return answer
