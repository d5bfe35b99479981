"""The paper of a request, drawn by a job: seconds of work that nobody waits for at the deposit.

With the registration the letter has its answers as text and as data; the PDF/A joins them.
"""

import io
from typing import Any

from django.db.models import Max

from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceEvent, EserviceJob
from eservices.requests.models import Request
from eservices.requests.paper import PDF_NAME, answers_as_pdf
from jobs.outbox import enqueue
from registry.changes import lock, record_change
from registry.files.stored import stored_row
from registry.files.vault import store
from registry.intake import PartyData
from registry.kinds import RegistryJob
from registry.models.documents import Document
from registry.models.letters import Letter

PDF = "application/pdf"


def ask_drawing(request: Request) -> None:
    """Have the answers drawn. Inside the transaction that opens the request."""
    enqueue(EserviceJob.REQUEST_DRAW, request.pk)


def paper_of(letter: Letter) -> Document | None:
    """Return the drawn answers among the letter's documents, once they are there."""
    return Document.objects.filter(letter=letter, title=paper_name(letter)).first()


def paper_name(letter: Letter) -> str:
    """Return the file name of the drawn answers, by which they are known again."""
    return f"{letter.number.replace('/', '-')}-{PDF_NAME}"


def draw_request_work(request_id: str, _progress: Any) -> bytes | None:
    """Return the answers as PDF/A; None where they are drawn already."""
    request = Request.objects.select_related("letter", "version").get(pk=request_id)
    letter = request.letter
    if paper_of(letter):
        return None
    return answers_as_pdf(
        definition_of(request.version),
        request.answers,
        language=request.language,
        contact=_asker(letter),
        pieces=[("", title) for title in _pieces(letter)],
        number=letter.number,
    )


def save_request_drawn(request_id: str, paper: bytes | None) -> None:
    """Make the paper a document of the letter, once, and have it read."""
    request = Request.objects.select_related("letter").get(pk=request_id)
    letter = request.letter
    lock(letter)
    if paper is None or paper_of(letter):
        return
    file = stored_row(store(io.BytesIO(paper)), media_type=PDF)
    last = Document.objects.filter(letter=letter).aggregate(last=Max("position"))["last"] or 0
    document = Document.objects.create(
        letter=letter,
        file=file,
        position=last + 1,
        role=Document.Role.MAIN,
        title=paper_name(letter),
        media_type=PDF,
    )
    record_change(letter, EserviceEvent.REQUEST_DRAWN, actor=None, rows=[document, file])
    enqueue(RegistryJob.LETTER_READ, letter.pk)


def _asker(letter: Letter) -> PartyData | None:
    sender = letter.sender
    if sender is None:
        return None
    return PartyData(
        "sender",
        name=sender.name,
        organisation=sender.organisation,
        address=sender.address,
        email=sender.email,
        phone=sender.phone,
    )


def _pieces(letter: Letter) -> list[str]:
    """Return the names of what was sent with the answers, which are the first two documents."""
    rows = letter.documents.order_by("position").values_list("title", flat=True)
    return list(rows)[2:]
