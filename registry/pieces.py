"""Missing pieces of a file: requested once, with a receipt, and added to the letter."""

import secrets
from collections.abc import Callable, Iterable
from contextlib import ExitStack

from django.db import transaction
from django.db.models import Max, Model
from django.utils import timezone

from jobs.outbox import enqueue
from language.lines import one_line
from org.models import User
from registry.changes import lock, record_change
from registry.deposit_files import NamedStream, check_files, document_rows, keep_files, stored_rows
from registry.kinds import RegistryEvent, RegistryJob
from registry.left_out import left_out_data
from registry.models.documents import Document
from registry.models.letters import Letter
from registry.models.pieces import PiecesRequest
from registry.models.receipts import Receipt

MOST_PIECES, LONGEST = 30, 120


def named_pieces(text: str) -> str:
    """Return what was typed as a list, one piece a line; "" where it names none."""
    lines = (one_line(line, LONGEST).lstrip("-•* ") for line in text.splitlines())
    return "\n".join([line for line in lines if line][:MOST_PIECES])


def request_rows(letter: Letter, *, pieces: str, actor: User) -> list[Model]:
    """Return the request and its receipt, which the caller seals in one event.

    A job draws the receipt's PDF. Inside a transaction that holds the letter's lock.
    """
    now = timezone.now()
    receipt = Receipt.objects.create(
        letter=letter, kind=Receipt.Kind.PIECES, issued_at=now, token=secrets.token_urlsafe(32)
    )
    request = PiecesRequest.objects.create(
        letter=letter, receipt=receipt, pieces=pieces, asked_by=actor, asked_at=now
    )
    enqueue(RegistryJob.RECEIPT_RENDER, receipt.pk)
    return [request, receipt]


def open_request(letter: Letter) -> PiecesRequest | None:
    """Return the request that the citizen has not answered yet."""
    return PiecesRequest.objects.filter(letter=letter, answered_at=None).first()


def add_documents(
    letter: Letter, *, files: Iterable[NamedStream], then: Callable[[list[Model]], None]
) -> None:
    """Add further files to a letter, as enclosures, and have them read.

    `then` gets the rows written, and seals them in one event of the same transaction; when it
    fails, nothing is kept. Raise DepositRefusedError with every reason found.
    """
    with ExitStack() as cleanup:
        checked = check_files(files, message="", cleanup=cleanup)
        keep_files(checked.files)
        with transaction.atomic():
            stored = stored_rows(checked.files).by_hash
            lock(letter)
            last = Document.objects.filter(letter=letter).aggregate(last=Max("position"))["last"]
            documents = document_rows(letter, checked.files, stored, after=last or 0)
            Document.objects.bulk_create(documents)
            then([*documents, *stored.values()])
            if checked.left_out:
                data = left_out_data(checked.left_out, after=last or 0)
                record_change(letter, RegistryEvent.ATTACHMENTS_LEFT, actor=None, data=data)
            enqueue(RegistryJob.LETTER_READ, letter.pk)
