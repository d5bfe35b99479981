"""The papers of a request: drawn at the deposit where that is quick, else by a job.

A short form takes 0.12 to 0.18 s of a processor, four pages of text more than a second. What is
long, and what cannot be drawn now, is registered as text; its PDF/A joins it in the letter.
"""

import io
import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

from eservices.catalogue.definition import Definition
from eservices.catalogue.models import ServiceTypeVersion
from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceEvent, EserviceJob
from eservices.requests.models import Request
from eservices.requests.paper import (
    JSON_NAME,
    PDF_NAME,
    TEXT_NAME,
    answers_as_json,
    answers_as_pdf,
    answers_as_text,
)
from jobs.outbox import enqueue
from registry.changes import lock
from registry.drawn_papers import add_paper, paper_titled
from registry.files.vault import store
from registry.intake import IncomingFile, PartyData
from registry.models.documents import Document
from registry.models.letters import Letter

LONGEST: Final = 6000  # characters of answers that are drawn while the citizen waits

log = logging.getLogger(__name__)


def papers(
    version: ServiceTypeVersion,
    definition: Definition,
    answers: Mapping[str, Any],
    *,
    language: str,
    contact: PartyData,
    pieces: Sequence[tuple[str, str]],
) -> list[IncomingFile]:
    """Return the answers as a paper that people read, and as one that machines read."""
    beside: dict[str, Any] = {"language": language, "pieces": pieces}
    plain = answers_as_json(definition, answers, version=version.version, **beside)
    name, readable = PDF_NAME, b""
    if len(json.dumps(dict(answers), ensure_ascii=False)) <= LONGEST:
        readable = _drawn_now(definition, answers, contact=contact, **beside)
    if not readable:
        text = answers_as_text(definition, answers, contact=contact, **beside)
        name, readable = TEXT_NAME, text.encode()
    return [IncomingFile(name, io.BytesIO(readable)), IncomingFile(JSON_NAME, io.BytesIO(plain))]


def _drawn_now(definition: Definition, answers: Mapping[str, Any], **more: Any) -> bytes:
    """Return the PDF/A, b"" where it cannot be drawn: no registration fails for its paper."""
    try:
        return answers_as_pdf(definition, answers, **more)
    except Exception as error:  # the drawer raises anything
        log.error("a request's paper was not drawn: %s", type(error).__name__)
        return b""


def queue_missing_paper(request: Request) -> None:
    """Have the answers drawn where they were registered as text.

    Inside the transaction that opens the request.
    """
    if Document.objects.filter(letter=request.letter_id, title=TEXT_NAME).exists():
        enqueue(EserviceJob.REQUEST_DRAW, request.pk)


def paper_of(letter: Letter) -> Document | None:
    """Return the drawn answers among the letter's documents, once they are there."""
    return paper_titled(letter, paper_name(letter))


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
    stored = store(io.BytesIO(paper))
    add_paper(letter, stored, title=paper_name(letter), kind=EserviceEvent.REQUEST_DRAWN)


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
