"""Files made from documents for people to read or keep; each can be made again at any time."""

from uuid import UUID

from django.utils import timezone

from registry.files.receiving import Stored
from registry.files.stored import stored_row
from registry.models.documents import Document, Rendition


def record_rendition(
    document_id: UUID,
    kind: Rendition.Kind,
    *,
    stored: Stored | None,
    media_type: str,
    reading_id: UUID | None = None,
    pages: int = 0,
    problem: str = "",
) -> Rendition:
    """Make this the document's rendition of its kind, in the caller's transaction.

    `problem` is a code that says why there is no file. An earlier one is replaced: its bytes stay
    in the vault.
    """
    file = stored_row(stored, media_type=media_type) if stored else None
    row, _new = Rendition.objects.update_or_create(
        document_id=document_id,
        kind=kind,
        defaults={
            "file": file,
            "reading_id": reading_id,
            "pages": pages,
            "problem": problem,
            "made_at": timezone.now(),
        },
    )
    return row


def readings_rendered(letter_id: UUID | str, kind: Rendition.Kind) -> set[UUID]:
    """Return the readings of a letter's documents of which a rendition was made, or tried."""
    rows = Rendition.objects.filter(document__letter_id=letter_id, kind=kind)
    return {pk for pk in rows.values_list("reading_id", flat=True) if pk is not None}


def renditions_of(document: Document) -> dict[str, Rendition]:
    """Map kinds to the document's renditions of which there is a file, with it, in one query."""
    rows = document.renditions.select_related("file").exclude(file=None)
    return {str(row.kind): row for row in rows}


def rendition_of(document: Document, kind: Rendition.Kind) -> Rendition | None:
    """Return the document's rendition of a kind, with its file; None where there is no file."""
    found = document.renditions.select_related("file").filter(kind=kind)
    return found.exclude(file=None).first()


def documents_without(letter_id: UUID | str, kind: Rendition.Kind) -> list[Document]:
    """Return the letter's documents without a tried rendition of a kind, in order, with files."""
    tried = Rendition.objects.filter(document__letter_id=letter_id, kind=kind)
    documents = Document.objects.filter(letter_id=letter_id).select_related("file")
    return list(documents.exclude(pk__in=tried.values("document_id")).order_by("position"))
