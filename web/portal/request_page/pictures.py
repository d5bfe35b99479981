"""What a citizen sent with a request: each paper by a name that says what it is, with a picture."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from eservices.kinds import EserviceEvent
from eservices.requests.paper import JSON_NAME, PDF_NAME, TEXT_NAME
from ocr.services import page_image
from registry.chain import row_key
from registry.models.documents import Document
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from routing.kinds import RoutingEvent
from web.portal.access import of_visit
from web.portal.request_page.verbs import visited
from web.shared.pictures import drawn_picture

SMALL: Final = 240
LARGE: Final = 1200
_PICTURED: Final = ("application/pdf", "image/")
_SENT_BY_CITIZEN: Final = (
    RoutingEvent.PIECE_ADDED,
    RoutingEvent.PIECES_ADDED,
    RoutingEvent.ADDED_UNASKED,
    EserviceEvent.MESSAGE_FROM_CITIZEN,
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A document of the letter as its sender knows it; `pictured` where its page can be shown."""

    row: Document
    title: str
    pictured: bool


def sent_documents(letter: Letter, *, pictures: bool) -> list[Sent]:
    """Return the documents of a letter; with `pictures`, which of them show their first page."""
    rows = list(letter.documents.select_related("file"))
    own = own_ids(letter, rows) if pictures else set()
    return [Sent(row, _title(letter, row), row.pk in own and _has_pages(row)) for row in rows]


def own_ids(letter: Letter, rows: list[Document]) -> set[UUID]:
    """Return which documents the citizen sent: with the letter, with pieces, or with messages."""
    events = LetterEvent.objects.filter(letter=letter)
    first = events.filter(seq=1)
    later = events.filter(kind__in=_SENT_BY_CITIZEN, actor=None)
    sealed = {key for seals in (first | later).values_list("seals", flat=True) for key in seals}
    return {row.pk for row in rows if row_key(row) in sealed}


def _has_pages(row: Document) -> bool:
    return not row.problem and row.media_type.startswith(_PICTURED)


def _title(letter: Letter, row: Document) -> str:
    """Return what the office's own papers are, in words; other files by the name they came with."""
    if row.title in {PDF_NAME, TEXT_NAME, f"{letter.number.replace('/', '-')}-{PDF_NAME}"}:
        return _("Your answers")
    return _("Your answers, for programs") if row.title == JSON_NAME else row.title


@require_safe
@of_visit
def picture(request: HttpRequest, document_id: UUID) -> HttpResponseBase:
    """Serve the first page of what the citizen sent with the visited request; `?large=1` larger."""
    letter = visited(request).letter
    rows = list(letter.documents.select_related("file").filter(pk=document_id))
    if not rows or not _has_pages(rows[0]) or not own_ids(letter, rows):
        raise Http404
    width = LARGE if request.GET.get("large") else SMALL
    return drawn_picture(
        request,
        lambda patience: page_image(rows[0], 1, width, patience=patience),
        back=reverse("portal:letter"),
        base="portal/base.html",
    )
