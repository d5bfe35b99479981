"""Receipts: number, date and hour, pieces with their hashes, the promised day; QR to verify."""

import io
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import segno
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from hijridate import Gregorian

from jobs.outbox import enqueue
from org.models import User
from registry import tracking
from registry.chain import row_key
from registry.changes import lock, record_change
from registry.files.stored import stored_row
from registry.files.vault import store
from registry.kinds import RegistryEvent, RegistryJob
from registry.models.documents import Document
from registry.models.events import LetterEvent
from registry.models.files import StoredFile
from registry.models.letters import Letter
from registry.models.pieces import PiecesRequest
from registry.models.receipts import Receipt
from registry.paper import bilingual_pdf
from registry.proof.checkpoints import SealedPoint, current
from registry.states import Stage

_TEMPLATES: Final = {
    Receipt.Kind.REGISTRATION: "registry/receipt.html",
    Receipt.Kind.PIECES: "registry/missing_pieces.html",
    Receipt.Kind.COMPLETE: "registry/full_receipt.html",
}


@dataclass(frozen=True, slots=True)
class Verified:
    """What the verification page may say of a receipt: no content, only what was registered.

    `pieces` are the hashes of the documents that were there when it was issued, `pieces_later` of
    those that were added since. `due_on` is the day that it promises; `later`: a supplement with
    another day was issued since.
    """

    number: str
    registered_at: Any
    pieces: tuple[str, ...]
    voided: bool
    kind: str = Receipt.Kind.REGISTRATION
    issued_at: Any = None
    due_on: date | None = None
    later: bool = False
    pieces_later: tuple[str, ...] = ()


def verification_url(token: str) -> str:
    """Return the address in the receipt's QR code."""
    return f"{settings.PUBLIC_URL}/verify/{token}/"


@dataclass(frozen=True, slots=True)
class Papers:
    """A receipt as PDF bytes: the sender's copy, and that of staff, which carries no code.

    None for a copy that was drawn before. Only the registration receipt has two: readers of a later
    one on the letter's page have entered the code already.
    """

    sender: bytes | None
    office: bytes


def draw_receipt_work(receipt_id: str, _progress: Any) -> Papers:
    """Draw both copies of the receipt: for the job, outside any transaction."""
    receipt = Receipt.objects.select_related("letter__register").get(pk=receipt_id)
    office = _drawn(receipt, code="")
    if receipt.file_id:
        return Papers(None, office)
    if receipt.kind != Receipt.Kind.REGISTRATION:
        return Papers(office, office)
    return Papers(_drawn(receipt, code=tracking.code_of(receipt.letter_id)), office)


def _drawn(receipt: Receipt, *, code: str) -> bytes:
    letter = receipt.letter
    registered = timezone.localtime(letter.registered_at)
    lacking = PiecesRequest.objects.filter(receipt=receipt).first()
    return bilingual_pdf(
        _TEMPLATES[Receipt.Kind(receipt.kind)],
        {
            "receipt": receipt,
            "due": date.fromisoformat(receipt.words["due_on"]) if receipt.words else None,
            **_first_before(receipt),
            "lacking": lacking,
            "asked": timezone.localtime(receipt.issued_at),
            "letter": letter,
            "registered": registered,
            "hijri": Gregorian.fromdate(registered.date()).to_hijri(),
            "sender": letter.sender,
            "documents": documents_of(receipt)[0],
            "code": code,
            "follow_url": f"{settings.PUBLIC_URL}/follow/",
            "verify_url": verification_url(receipt.token),
            "qr": qr_svg(verification_url(receipt.token)),
            **on_paper(current()),
        },
        day=timezone.localtime(receipt.issued_at).date(),
        tagged=True,
    )


def documents_of(receipt: Receipt) -> tuple[list[Document], list[Document]]:
    """Return the documents that were there when the receipt was issued, and those added since.

    By the events: each document, like the receipt, is sealed by the event that brought it.
    """
    first: dict[str, int] = {}
    events = LetterEvent.objects.filter(letter=receipt.letter_id).order_by("seq")
    for seq, seals in events.values_list("seq", "seals"):
        for key in seals:
            first.setdefault(key, seq)
    issued = first.get(row_key(receipt), 0)
    documents = list(receipt.letter.documents.select_related("file"))
    then = [row for row in documents if first.get(row_key(row), 0) <= issued]
    return then, [row for row in documents if row not in then]


def is_full_due(letter_id: str, _result: object = None) -> bool:
    """Return whether a letter has a due date that no receipt has promised yet.

    The first, or the one after its missing pieces came. Any later change is a supplement that a
    person requests.
    """
    letters = Letter.objects.filter(
        pk=letter_id,
        due_on__isnull=False,
        stage__in=(Stage.REGISTERED, Stage.IN_HAND),
        register__direction="in",
    )
    letter = letters.select_related("pieces_request").first()
    if letter is None:
        return False
    promised = letter.receipts.filter(kind=Receipt.Kind.COMPLETE)
    asked: PiecesRequest | None = getattr(letter, "pieces_request", None)
    if asked and asked.answered_at:
        promised = promised.filter(issued_at__gt=asked.answered_at)
    return not promised.exists()


def save_full(letter_id: str, words: dict[str, Any] | None) -> None:
    """Issue the receipt with due date automatically, where none has promised that day."""
    letter = Letter.objects.get(pk=letter_id)
    lock(letter)
    if words and is_full_due(letter_id) and words["due_on"] == str(letter.due_on):
        issue_full(letter, actor=None, words=words)


def issue_full(letter: Letter, *, actor: User | None, words: dict[str, Any]) -> Receipt:
    """Issue a receipt that promises a day, in its present words; its PDF is drawn by a job.

    `words` as in Receipt.words. Inside a transaction that holds the letter's lock.
    """
    receipt = Receipt.objects.create(
        letter=letter,
        kind=Receipt.Kind.COMPLETE,
        issued_at=timezone.now(),
        token=secrets.token_urlsafe(32),
        words=words,
    )
    record_change(
        letter,
        RegistryEvent.RECEIPT_ISSUED,
        actor=actor,
        data={"due_on": words["due_on"]},
        rows=[receipt],
        visibility="citizen",
    )
    enqueue(RegistryJob.RECEIPT_RENDER, receipt.pk)
    return receipt


def full_receipt_of(letter: Letter) -> Receipt | None:
    """Return the newest receipt with due date."""
    rows = letter.receipts.filter(kind=Receipt.Kind.COMPLETE)
    rows = rows.select_related("file", "office_file")
    return rows.order_by("-issued_at").first()


def _first_before(receipt: Receipt) -> dict[str, Any]:
    """Return the letter's first receipt with due date and its day, where this is a supplement."""
    rows = Receipt.objects.filter(letter=receipt.letter_id, kind=Receipt.Kind.COMPLETE)
    first = rows.order_by("issued_at").first()
    if first is None or first.pk == receipt.pk or not receipt.words:
        return {}
    return {"first": first, "first_due": date.fromisoformat(first.words["due_on"])}


def save_receipt(receipt_id: str, papers: Papers) -> None:
    """Fix the PDFs to the receipt's row, each once; a second drawing is dropped."""
    receipts = Receipt.objects.filter(pk=receipt_id)
    if papers.sender is not None:
        receipts.filter(file=None).update(file=_kept(papers.sender))
    receipts.filter(office_file=None).update(office_file=_kept(papers.office))


def _kept(pdf: bytes) -> StoredFile:
    return stored_row(store(io.BytesIO(pdf)), media_type="application/pdf")


def office_copy(receipt: Receipt | None) -> StoredFile | None:
    """Return the staff copy of a receipt, never with the code. None until it is drawn.

    For a receipt older than the two copies, its drawing is requested here.
    """
    if receipt is None:
        return None
    if receipt.office_file is None and receipt.file_id:
        with transaction.atomic():
            enqueue(RegistryJob.RECEIPT_RENDER, receipt.pk)
    return receipt.office_file


def qr_svg(text: str) -> str:
    """Return a QR code as inline SVG without its own size."""
    buffer = io.BytesIO()
    segno.make(text, error="m").save(
        buffer, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=1, title=text
    )
    return buffer.getvalue().decode()


def on_paper(point: SealedPoint | None) -> dict[str, str]:
    """Return what a paper shows of a checkpoint: with it, it proves the register up to there."""
    return {"point": point.printed, "point_qr": qr_svg(point.printed)} if point else {}


def verify_token(token: str) -> Verified | None:
    """Return what was registered under a receipt's token; None for an unknown token."""
    receipt = Receipt.objects.select_related("letter").filter(token=token).first()
    if receipt is None:
        return None
    letter = receipt.letter
    then, since = documents_of(receipt)
    later = letter.receipts.filter(kind=receipt.kind, issued_at__gt=receipt.issued_at)
    return Verified(
        number=letter.number,
        registered_at=letter.registered_at,
        pieces=tuple(document.file.sha256 for document in then),
        pieces_later=tuple(document.file.sha256 for document in since),
        voided=letter.stage == Stage.VOIDED,
        kind=receipt.kind,
        issued_at=receipt.issued_at,
        due_on=date.fromisoformat(receipt.words["due_on"]) if receipt.words else None,
        later=bool(receipt.words) and later.exists(),
    )
