"""Readings of the documents; each new reading is a change of the letter.

A reading's row holds a summary of every page; the pages' text and words lie in rows of their own
(`ReadingPage`), so that nobody has to load 2,000 pages to see one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.utils import timezone

from org.models import User
from registry import chain
from registry.changes import record_change
from registry.kinds import EventKind, RegistryEvent
from registry.models.documents import Document
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.models.readings import DocumentReading, ReadingPage

BATCH = 25  # page rows written or fetched at once: a megabyte or two with their words


@dataclass(frozen=True, slots=True)
class NewReading:
    """A reading to record; `problem` is a code.

    `pages` is plain JSON as ocr.reading writes it, in order, or what `keep_pages` made of it, and
    is iterated once.
    """

    document_id: UUID
    engine: str
    language: str
    text: str
    pages: Iterable[dict[str, Any]]
    problem: str = ""


def record_readings(
    letter: Letter,
    readings: Iterable[NewReading],
    *,
    actor: User | None = None,
    kind: EventKind = RegistryEvent.READ,
) -> None:
    """Make these the current readings of their documents, in the caller's transaction.

    The letter takes the language of its first document that has words. `kind` names the event.
    """
    rows: list[DocumentReading] = []
    retired: list[DocumentReading] = []
    for new in readings:
        retired += _retire(new.document_id)
        rows.append(_new_row(new))
    if not rows:
        return
    language = next((row.language for row in rows if row.language), "")
    changes = {"language": language} if language and not letter.language else {}
    record_change(
        letter,
        kind,
        actor=actor,
        data={
            "pages": sum(len(row.pages) for row in rows),
            "problems": sorted({row.problem for row in rows if row.problem}),
        },
        rows=[*rows, *retired],
        changes=changes,
    )


def _new_row(new: NewReading) -> DocumentReading:
    return DocumentReading.objects.create(
        document_id=new.document_id,
        engine=new.engine,
        language=new.language,
        text=storable(new.text),
        pages=keep_pages(new.document_id, new.pages),
        problem=new.problem,
        read_at=timezone.now(),
    )


def record_page(
    letter: Letter,
    reading: DocumentReading,
    page: dict[str, Any],
    *,
    actor: User | None,
    kind: EventKind,
    data: dict[str, Any],
) -> LetterEvent:
    """Record a new current reading of a document with one page changed.

    In the caller's transaction. It differs from `reading`, the current one, in that page alone.
    `page` is whole JSON, a page of `reading` or its first.
    """
    (fresh,) = keep_pages(reading.document_id, [page])
    others = [fresh if old["number"] == page["number"] else old for old in reading.pages]
    pages = others or [fresh]
    all_unread = all(one.get("problem") for one in pages)
    retired = _retire(reading.document_id)
    row = DocumentReading.objects.create(
        document_id=reading.document_id,
        engine=reading.engine,
        language=reading.language or fresh.get("language", ""),
        text="\n\n".join(filter(None, _texts(reading.document_id, pages))).strip(),
        pages=pages,
        problem=reading.problem if all_unread else "",
        read_at=timezone.now(),
    )
    changes = {} if letter.language else {"language": row.language}
    return record_change(
        letter, kind, actor=actor, data=data, rows=[row, *retired], changes=changes
    )


def _texts(document_id: UUID, summaries: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the texts of these pages, without their words."""
    for batch in _batches(summaries):
        rows = ReadingPage.objects.filter(
            document_id=document_id, digest__in={page["digest"] for page in batch}
        )
        texts = dict(rows.values_list("digest", "text"))
        yield from (texts.get(page["digest"], "") for page in batch)


def _retire(document_id: UUID) -> list[DocumentReading]:
    retired = list(DocumentReading.objects.filter(document_id=document_id, current=True))
    for old in retired:
        old.current = False
        old.save(update_fields=["current"])
    return retired


def keep_pages(document_id: UUID, pages: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write the rows of the pages that are missing; return the pages' summaries.

    To be called before the transaction that records a long reading: a row that no reading names yet
    is harmless, and nobody has to wait for 2,000 of them.
    """
    summaries: list[dict[str, Any]] = []
    for batch in _batches(pages):
        rows = []
        for page in batch:
            whole = storable(page)
            if "digest" not in whole:
                content = {"text": whole.pop("text", ""), "words": whole.pop("words", [])}
                whole["digest"] = page_digest(**content)
                rows.append(ReadingPage(document_id=document_id, digest=whole["digest"], **content))
            summaries.append(whole)
        ReadingPage.objects.bulk_create(rows, ignore_conflicts=True)
    return summaries


def page_digest(text: str, words: list[Any]) -> str:
    """Return the name of a page's content: SHA-256 (64 hex digits) of its canonical JSON."""
    return chain.digest({"text": text, "words": words})


def storable(value: Any) -> Any:
    """Return the value with what no database takes as text (NUL, lone surrogates) replaced."""
    if isinstance(value, str):
        if "\0" not in value and _encodes(value):
            return value  # no second copy of a long text
        return value.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    if isinstance(value, dict):
        return {storable(key): storable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [storable(item) for item in value]
    return value


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def unread_documents(letter_id: UUID | str) -> list[Document]:
    """Return the letter's documents without a current reading, in order, with their files."""
    documents = Document.objects.filter(letter_id=letter_id).select_related("file")
    read = DocumentReading.objects.filter(document__letter_id=letter_id, current=True)
    return list(documents.exclude(pk__in=read.values("document_id")).order_by("position"))


def current_readings(letter_id: UUID | str) -> list[DocumentReading]:
    """Return the current readings of a letter's documents, in the order of the documents.

    Their whole text is fetched only on demand.
    """
    readings = DocumentReading.objects.filter(document__letter_id=letter_id, current=True)
    return list(readings.defer("text").select_related("document").order_by("document__position"))


def current_reading(document_id: UUID | str) -> DocumentReading | None:
    """Return a document's current reading, its text fetched only on demand; None while unread."""
    readings = DocumentReading.objects.filter(document_id=document_id, current=True)
    return readings.defer("text").first()


def pages_of(reading: DocumentReading) -> list[dict[str, Any]]:
    """Return the pages of a reading in order, as ocr.reading's JSON without text and words."""
    return [_without_digest(page) for page in reading.pages]


def page_of(reading: DocumentReading, number: int) -> dict[str, Any] | None:
    """Return page `number` of a reading as ocr.reading's whole JSON; None if there is none."""
    for page in reading.pages:
        if page.get("number") == number:
            return next(_whole(reading.document_id, [page]))
    return None


def whole_pages(reading: DocumentReading) -> Iterator[dict[str, Any]]:
    """Yield all pages of a reading in order as ocr.reading's whole JSON, fetched some at a time."""
    for batch in _batches(reading.pages):
        yield from _whole(reading.document_id, batch)


def page_texts(reading: DocumentReading) -> Iterator[tuple[int, str]]:
    """Yield (number, text) of each page of a reading in order, without the pages' words."""
    texts = _texts(reading.document_id, reading.pages)
    yield from zip((int(page["number"]) for page in reading.pages), texts, strict=True)


def problems_of_readings(letter_id: UUID | str) -> list[tuple[UUID, str]]:
    """Return (document id, problem code) of a letter's documents that no reader could read."""
    readings = DocumentReading.objects.filter(document__letter_id=letter_id, current=True)
    return list(readings.exclude(problem="").values_list("document_id", "problem"))


def text_of(letter_id: UUID | str) -> str:
    """Return all that was read of a letter, documents apart by a blank line."""
    readings = DocumentReading.objects.filter(document__letter_id=letter_id, current=True)
    texts = readings.order_by("document__position").values_list("text", flat=True)
    return "\n\n".join(text for text in texts if text)


def _whole(document_id: UUID, summaries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield these pages whole; one whose row is lost (verify_register names it) is empty."""
    digests = {page["digest"] for page in summaries}
    rows = ReadingPage.objects.filter(document_id=document_id, digest__in=digests)
    content = {row.digest: {"text": row.text, "words": row.words} for row in rows}
    for page in summaries:
        yield _without_digest(page) | content.get(page["digest"], {"text": "", "words": []})


def _without_digest(page: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in page.items() if key != "digest"}


def _batches(pages: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    remaining = iter(pages)
    while batch := list(islice(remaining, BATCH)):
        yield batch
