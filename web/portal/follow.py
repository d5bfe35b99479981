"""Following a letter: number and code by POST, then its stage, history, due date and answers."""

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from correspondence.answers.reading import sent_replies, shown_documents
from correspondence.dispatch.sender_messages import chosen_ways
from correspondence.dispatch.sending import note_portal_reading
from correspondence.models.replies import Reply
from correspondence.replies.paper import reply_context, signers_of
from language.numerals import registry_number_key
from ocr.services import page_image
from registry.changes import history_of
from registry.following import letter_by_code
from registry.models.documents import Document
from registry.models.readings import DocumentReading
from registry.models.receipts import Receipt
from registry.paper import letterhead
from routing.clocks.due_date_words import words_of as due_words
from web.portal import visit
from web.portal.access import of_visit, see, wait_words
from web.portal.after_answer import after_of
from web.portal.forms import FollowForm
from web.portal.pieces import asked_of
from web.portal.request_page.pictures import sent_documents
from web.portal.request_page.shown import request_part
from web.proof import count_from
from web.retry_later import braked
from web.shared.files import stored
from web.shared.pictures import drawn_picture
from web.shared.public_words import STAGES, lines_of, outcome_words, steps_of
from web.shared.sessions import forget_pages
from web.throttle import (
    FOLLOW_BY_ADDRESS,
    FOLLOW_BY_NUMBER,
    TooManyAttemptsError,
    counted,
    is_among_first,
    wrong_code,
)

PICTURE_WIDTH: Final = 1200


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Show the form for number and code; then show the letter."""
    if request.method != "POST":
        return render(request, "portal/follow.html", {"form": FollowForm()})
    filled = FollowForm(request.POST)
    if not filled.is_valid():
        return render(request, "portal/follow.html", {"form": filled}, status=422)
    number, code = filled.cleaned_data["number"], filled.cleaned_data["code"]
    try:
        count_from(request, FOLLOW_BY_ADDRESS)
        key = registry_number_key(number) or number
        if is_among_first(request, key):  # whatever others tried
            counted(FOLLOW_BY_NUMBER, key)
        else:
            count_from(request, FOLLOW_BY_NUMBER, key)
    except TooManyAttemptsError as error:
        context = {"form": filled, "problem": wait_words(error)}
        return braked(render(request, "portal/follow.html", context), error)
    letter = letter_by_code(number, code)
    if letter is None:
        wrong_code(request, "letter")
        problem = _(
            "No request and no letter was found with this number and this code. Please check both."
        )
        context = {"form": filled, "problem": problem}
        return render(request, "portal/follow.html", context, status=422)
    visit.begin(request, letter)
    return see("portal:letter")


@require_safe
@of_visit
def letter(request: HttpRequest) -> HttpResponse:
    """Show the visited letter as its sender sees it."""
    found = visit.letter_of(request)
    events = history_of(found.pk, citizen=True)
    asked = request_part(found, request, events)
    ours = {one.pk for one in asked.get("asked_papers", ())}
    sent = sent_documents(found, pictures=hasattr(found, "request"))
    context = {
        **asked_of(found, request),
        **after_of(found),
        **asked,
        "letter": found,
        "told": chosen_ways(found),
        "stage_words": STAGES[found.stage],
        "outcome_words": outcome_words(found),
        "steps": steps_of(found),
        "lines": lines_of(reversed(events)),
        "due_words": due_words(found.due_explained, language=(get_language() or "fr")[:2]),
        "receipt": found.receipts.filter(kind=Receipt.Kind.REGISTRATION).first(),
        "documents": [one for one in sent if one.row.pk not in ours],
        "replies": [_reply(row) for row in sent_replies(found)],
    }
    return render(request, "portal/letter.html", context)


def _reply(row: Reply) -> dict[str, Any]:
    read = [d.proof["read_at"] for d in row.dispatches.all() if "read_at" in d.proof]
    return {"row": row, "documents": list(shown_documents(row)), "read": bool(read)}


def _document(request: HttpRequest, document_id: UUID) -> Document:
    """Return a piece of a reply to the visited letter. Raise Http404 for any other document."""
    sent = sent_replies(visit.letter_of(request)).values("outgoing")
    rows = Document.objects.filter(pk=document_id, letter__in=sent)
    found = rows.select_related("file", "letter").first()
    if found is None:
        raise Http404
    return found


def _written(request: HttpRequest, document: Document) -> dict[str, Any] | None:
    """Return the words of a reply that was written here, None where it is somebody's file."""
    rows = sent_replies(visit.letter_of(request)).filter(
        outgoing=document.letter, file__isnull=True
    )
    row: Reply | None = rows.first()
    if row is None or not row.body:
        return None
    told = reply_context(row, document.letter)
    head = letterhead(told["registered"].date(), language=told["language"])
    return {**head, **told, **signers_of(row)}


@require_safe
@of_visit
def reply(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Show a reply here, page by page: on a phone, and without a program for PDF."""
    document = _document(request, document_id)
    written = _written(request, document)
    note_portal_reading(document.letter)
    reading = DocumentReading.objects.filter(document=document, current=True).first()
    context = {
        "letter": document.letter,
        "document": document,
        "pages": range(1, (len(reading.pages) if reading else 0) + 1) or range(1, 2),
        "text": reading.text if reading else "",
        "written": written,
        "has_pictures": document.media_type == "application/pdf"
        or document.media_type.startswith("image/"),
    }
    return render(request, "portal/reply.html", context)


@require_safe
@of_visit
def reply_page(request: HttpRequest, document_id: UUID, number: int) -> HttpResponseBase:
    """Return one page of a reply as a picture."""
    document = _document(request, document_id)
    return drawn_picture(
        request,
        lambda patience: page_image(document, number, PICTURE_WIDTH, patience=patience),
        back=reverse("portal:reply", args=[document.pk]),
        base="portal/base.html",
    )


@require_safe
@of_visit
def reply_file(request: HttpRequest, document_id: UUID) -> HttpResponseBase:
    """Return a piece of a reply as a file."""
    document = _document(request, document_id)
    note_portal_reading(document.letter)
    return stored(document.file, document.media_type, name=document.title)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the visit: nothing of the letter stays on this computer."""
    visit.end(request)
    return forget_pages(see("portal:follow"))
