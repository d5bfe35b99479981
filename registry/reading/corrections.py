"""Correction, confirmation or typing of a page's text by a person; the earlier reading is kept."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from jobs.outbox import enqueue
from org.models import User
from registry.changes import lock
from registry.kinds import EventKind, RegistryEvent, RegistryJob
from registry.models.documents import Document
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.models.readings import DocumentReading
from registry.reading.page_edits import Edit, edited, typed
from registry.reading.readings import current_reading, page_digest, page_of, record_page
from registry.states import ConflictError, Stage

_ARCHIVE_DELAY = 600.0  # seconds: corrections mostly come in series


def correct_words(
    letter: Letter,
    *,
    actor: User,
    document: Document,
    number: int,
    edits: Sequence[Edit],
    seen: str,
    confirm: bool = False,
) -> LetterEvent | None:
    """Correct words and lines of a page; with `confirm` the whole page is right.

    `seen` is the `seal_of_page` of the page that the person saw. Raise ConflictError where it has
    changed since, or the letter is voided, and BadEditError. None, and nothing written, where
    nothing changes. Whether the actor may is for the caller to check (routing.acting.access). The
    event records page and number of words, never the words.
    """
    with transaction.atomic():
        reading, page = _page_as_seen(letter, document, number, seen)
        fresh = edited(page, edits, confirm=confirm)
        if fresh is page:
            return None
        kind = (
            RegistryEvent.READING_CONFIRMED
            if confirm and not edits
            else RegistryEvent.READING_CORRECTED
        )
        return _record(letter, reading, page, fresh, actor=actor, kind=kind, words=len(edits))


def type_page(
    letter: Letter, *, actor: User, document: Document, number: int, text: str, seen: str
) -> LetterEvent | None:
    """Record the whole text of a page that could not be read (handwriting), typed in by a person.

    Also the first page of a document of which no page could be opened. `seen`, errors and None as
    for `correct_words`.
    """
    with transaction.atomic():
        reading, page = _page_as_seen(letter, document, number, seen)
        fresh = typed(page, text)
        if fresh == page:
            return None
        words = len(fresh["text"].split())
        return _record(
            letter,
            reading,
            page,
            fresh,
            actor=actor,
            kind=RegistryEvent.READING_CORRECTED,
            words=words,
        )


def seal_of_page(page: dict[str, Any]) -> str:
    """Return a digest of a page's text and words: 64 hexadecimal digits."""
    return page_digest(page.get("text", ""), page.get("words") or [])


def page_to_correct(reading: DocumentReading, number: int) -> dict[str, Any] | None:
    """Return page `number` of a reading, whole; an empty first page if none could be opened."""
    if reading.pages or number != 1:
        return page_of(reading, number)
    return {
        "number": 1, "source": "none", "language": "", "confidence": 0.0, "text": "", "words": [],
        "seconds": 0.0, "problem": reading.problem, "turn": 0, "care": "",
    }  # fmt: skip


def _page_as_seen(
    letter: Letter, document: Document, number: int, seen: str
) -> tuple[DocumentReading, dict[str, Any]]:
    """Return the current reading and its page, the letter locked. Raise ConflictError otherwise."""
    lock(letter)
    reading = current_reading(document.pk)
    page = page_to_correct(reading, number) if reading else None
    if letter.stage == Stage.VOIDED or reading is None or page is None:
        raise ConflictError
    if seal_of_page(page) != seen:
        raise ConflictError
    return reading, page


def _record(
    letter: Letter,
    reading: DocumentReading,
    old: dict[str, Any],
    new: dict[str, Any],
    *,
    actor: User,
    kind: EventKind,
    words: int,
) -> LetterEvent:
    """Write one event and one new reading; what depends on the text is understood again."""
    data = {"document": str(reading.document_id), "page": old["number"], "words": words}
    event = record_page(letter, reading, new, actor=actor, kind=kind, data=data)
    if new["text"] != old.get("text", ""):
        enqueue(RegistryJob.LETTER_UNDERSTAND, letter.pk)
    enqueue(RegistryJob.LETTER_ARCHIVE, letter.pk, delay=_ARCHIVE_DELAY)
    return event
