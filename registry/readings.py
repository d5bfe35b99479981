"""What readers made of the documents; each new reading is a change of the letter."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from org.models import User
from registry.changes import record_change
from registry.models import Document, DocumentReading, Letter


@dataclass(frozen=True, slots=True)
class NewReading:
    """A reading to record. `pages` is plain JSON as ocr.reading writes it; `problem` a code."""

    document_id: UUID
    engine: str
    language: str
    text: str
    pages: list[dict[str, Any]]
    problem: str = ""


def record_readings(
    letter: Letter, readings: Iterable[NewReading], *, actor: User | None = None
) -> None:
    """Make these the current readings of their documents, in the caller's transaction.

    The letter takes the language of its first document that has words.
    """
    rows: list[DocumentReading] = []
    retired: list[DocumentReading] = []
    for new in readings:
        for old in DocumentReading.objects.filter(document_id=new.document_id, current=True):
            old.current = False
            old.save(update_fields=["current"])
            retired.append(old)
        rows.append(
            DocumentReading.objects.create(
                document_id=new.document_id,
                engine=new.engine,
                language=new.language,
                text=storable(new.text),
                pages=storable(new.pages),
                problem=new.problem,
                read_at=timezone.now(),
            )
        )
    if not rows:
        return
    language = next((row.language for row in rows if row.language), "")
    changes = {"language": language} if language and not letter.language else {}
    record_change(
        letter,
        "read",
        actor=actor,
        data={
            "pages": sum(len(row.pages) for row in rows),
            "problems": sorted({row.problem for row in rows if row.problem}),
        },
        rows=[*rows, *retired],
        changes=changes,
    )


def storable(value: Any) -> Any:
    """The value with what no database takes as text (NUL, lone surrogates) replaced."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    if isinstance(value, dict):
        return {storable(key): storable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [storable(item) for item in value]
    return value


def unread_documents(letter_id: UUID | str) -> list[Document]:
    """The letter's documents that have no current reading yet, in order, with their files."""
    documents = Document.objects.filter(letter_id=letter_id).select_related("file")
    read = DocumentReading.objects.filter(document__letter_id=letter_id, current=True)
    return list(documents.exclude(pk__in=read.values("document_id")).order_by("position"))


def current_readings(letter_id: UUID | str) -> list[DocumentReading]:
    """The current readings of a letter's documents, in the order of the documents."""
    readings = DocumentReading.objects.filter(document__letter_id=letter_id, current=True)
    return list(readings.select_related("document").order_by("document__position"))


def problems_of_readings(letter_id: UUID | str) -> list[tuple[UUID, str]]:
    """(document id, problem code) of a letter's documents that no reader could read."""
    readings = DocumentReading.objects.filter(document__letter_id=letter_id, current=True)
    return list(readings.exclude(problem="").values_list("document_id", "problem"))


def text_of(letter_id: UUID | str) -> str:
    """All that was read of a letter, documents apart by a blank line."""
    readings = DocumentReading.objects.filter(document__letter_id=letter_id, current=True)
    texts = readings.order_by("document__position").values_list("text", flat=True)
    return "\n\n".join(text for text in texts if text)
