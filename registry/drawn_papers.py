"""Papers that are drawn of a letter here, and join its documents as PDF."""

from typing import Final

from django.db.models import Max, QuerySet

from jobs.outbox import enqueue
from registry.changes import record_change
from registry.files.receiving import Stored
from registry.files.stored import stored_row
from registry.kinds import EventKind, RegistryJob
from registry.models.documents import Document
from registry.models.letters import Letter

PDF: Final = "application/pdf"


def drawn_papers() -> QuerySet[Document]:
    """Return the documents that were drawn here, which no file of the same name is taken for.

    What was given is the letter itself in the first place alone, and an enclosure behind it.
    """
    return Document.objects.filter(role=Document.Role.MAIN, position__gt=1)


def paper_titled(letter: Letter, title: str) -> Document | None:
    """Return the paper of a letter with this title, by which it is known again."""
    return drawn_papers().filter(letter=letter, title=title).first()


def paper_row(letter: Letter, stored: Stored, *, title: str) -> Document:
    """Write a main document behind those that the letter has; the caller seals it and its file."""
    last = Document.objects.filter(letter=letter).aggregate(last=Max("position"))["last"] or 0
    return Document.objects.create(
        letter=letter,
        file=stored_row(stored, media_type=PDF),
        position=last + 1,
        role=Document.Role.MAIN,
        title=title,
        media_type=PDF,
    )


def add_paper(letter: Letter, stored: Stored, *, title: str, kind: EventKind) -> None:
    """Make a paper a document of its letter, once, and have it read. The letter is locked."""
    if paper_titled(letter, title):
        return
    paper = paper_row(letter, stored, title=title)
    record_change(letter, kind, actor=None, rows=[paper, paper.file])
    enqueue(RegistryJob.LETTER_READ, letter.pk)
