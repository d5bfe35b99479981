"""Originals, page pictures and receipts: files served with the access checks of the user."""

from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from ocr.services import page_image
from org.models import User
from org.people import permissions_of
from registry.access import get_letter
from registry.files.renditions import rendition_of
from registry.intake import IncomingFile
from registry.models.documents import Document, Rendition
from registry.models.letters import Letter
from registry.models.marks import mark_of
from registry.receipts import office_copy
from web.shared.files import SHOWN, receipt_of, stored
from web.shared.guard import StaffRequest, is_office, page, reads_letters
from web.shared.pictures import drawn_picture
from web.shared.reading import read_letter

PICTURE_WIDTH = 900


def arriving(upload: UploadedFile) -> IncomingFile:
    """Return an uploaded file as the register takes it: its name, and its bytes as a stream."""
    stream: Any = upload.file or upload
    return IncomingFile(upload.name or "", stream)


def file_in(request: StaffRequest, name: str = "file") -> IncomingFile | None:
    """Return the file that was chosen in the form's field of that name, None where none was."""
    upload = request.FILES.get(name)
    return arriving(upload) if upload else None


def document_of(letter: Letter, document_id: UUID) -> Document:
    """Return a document of this letter; raise Http404 for one of another."""
    return get_object_or_404(letter.documents.select_related("file__warning"), pk=document_id)


@page(reads_letters)
def original(request: StaffRequest, letter_id: UUID, document_id: UUID) -> HttpResponseBase:
    """Serve the file as received; `?show=1` shows a picture in place, anything else is saved."""
    document = document_of(read_letter(request.user, letter_id), document_id)
    inline = bool(request.GET.get("show")) and document.media_type in SHOWN
    mark = mark_of(document.file)
    return stored(document.file, document.media_type, name=document.title, inline=inline, mark=mark)


@page(reads_letters)
def searchable(request: StaffRequest, letter_id: UUID, document_id: UUID) -> HttpResponseBase:
    """Serve the searchable PDF/A of a scanned document, once it is made."""
    document = document_of(read_letter(request.user, letter_id), document_id)
    found = rendition_of(document, Rendition.Kind.SEARCHABLE)
    if found is None or found.file is None:
        raise Http404
    name = f"{PurePath(document.title).stem}.pdf"
    return stored(found.file, found.file.media_type, name=name)


@page(reads_letters)
def picture(
    request: StaffRequest, letter_id: UUID, document_id: UUID, number: int
) -> HttpResponseBase:
    """Serve a page as a picture, upright, in the nearest of the widths that are kept."""
    document = document_of(read_letter(request.user, letter_id), document_id)
    try:
        width = int(request.GET.get("w", PICTURE_WIDTH))
    except ValueError as error:
        raise Http404 from error
    back = f"{reverse('desk:letter', args=[letter_id])}?document={document.pk}&page={number}"
    return drawn_picture(
        request,
        lambda patience: page_image(document, number, width, patience=patience),
        back=back,
    )


def own_deposit(user: User, letter_id: UUID) -> Letter:
    """Return the letter for its receipt: one that the user may read, or has registered.

    A clerk who registers a letter above their clearance still gives number and receipt to its
    sender; who is a clerk no more does not.
    """
    rows = Letter.objects.for_lists().filter(pk=letter_id, registered_by=user)
    own: Letter | None = rows.first() if permissions_of(user).is_office else None
    return own or get_letter(user, letter_id)


@page(reads_letters)
def receipt(request: StaffRequest, letter_id: UUID) -> HttpResponseBase:
    """Serve the staff copy of the registration receipt as PDF; a waiting page until it is drawn."""
    letter = own_deposit(request.user, letter_id)
    file = office_copy(receipt_of(letter))
    if file is None:
        return waiting(request, letter, "desk:receipt")
    return stored(file, "application/pdf", name=f"{letter.number.replace('/', '-')}.pdf")


def waiting(request: StaffRequest, letter: Letter, name: str) -> HttpResponse:
    """Show that a receipt is being drawn, with a link back to its address `name`."""
    again = reverse(name, args=[letter.pk])
    context = {"letter": letter, "again": again}
    return render(request, "web/receipt_waits.html", context, status=202)


@page(is_office)
def receipt_state(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Return a fragment with the link to the receipt, or that it is being drawn."""
    letter = own_deposit(request.user, letter_id)
    return render(request, "web/parts/receipt.html", receipt_context(letter))


def receipt_context(letter: Letter) -> dict[str, Any]:
    """Return what the receipt's fragment shows."""
    return {"letter": letter, "receipt": receipt_of(letter)}
