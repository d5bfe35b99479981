"""The registration receipt: number, date and hour, pieces with their hashes, QR to verify."""

import io
from dataclasses import dataclass
from typing import Any

import segno
from django.conf import settings
from django.utils import timezone
from hijridate import Gregorian

from registry import tracking
from registry.models import Receipt
from registry.paper import bilingual_pdf
from registry.piece_models import PiecesRequest
from registry.stored import stored_row
from registry.vault import store


@dataclass(frozen=True, slots=True)
class Verified:
    """What the verification page may say of a receipt: no content, only what was registered."""

    number: str
    registered_at: Any
    pieces: tuple[str, ...]
    voided: bool


def verification_url(token: str) -> str:
    """The address in the receipt's QR code."""
    return f"{settings.PUBLIC_URL}/verify/{token}/"


def draw_receipt_work(receipt_id: str, _progress: Any) -> bytes:
    """The receipt as PDF bytes: for the job, outside any transaction."""
    receipt = Receipt.objects.select_related("letter__register").get(pk=receipt_id)
    letter = receipt.letter
    registered = timezone.localtime(letter.registered_at)
    lacking = PiecesRequest.objects.filter(receipt=receipt).first()
    return bilingual_pdf(
        "registry/missing_pieces.html" if lacking else "registry/receipt.html",
        {
            "lacking": lacking,
            "asked": timezone.localtime(receipt.issued_at),
            "letter": letter,
            "registered": registered,
            "hijri": Gregorian.fromdate(registered.date()).to_hijri(),
            "sender": letter.sender,
            "documents": list(letter.documents.select_related("file")),
            "code": tracking.code_of(letter.pk),
            "follow_url": f"{settings.PUBLIC_URL}/follow/",
            "verify_url": verification_url(receipt.token),
            "qr": qr_svg(verification_url(receipt.token)),
        },
    )


def save_receipt(receipt_id: str, pdf: bytes) -> None:
    """Fix the PDF to the receipt's row, once; a second drawing is dropped."""
    file = stored_row(store(io.BytesIO(pdf)), media_type="application/pdf")
    Receipt.objects.filter(pk=receipt_id, file=None).update(file=file)


def qr_svg(text: str) -> str:
    """A QR code as inline SVG without its own size."""
    buffer = io.BytesIO()
    segno.make(text, error="m").save(
        buffer, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=1
    )
    return buffer.getvalue().decode()


def verify_token(token: str) -> Verified | None:
    """What was registered under a receipt's token; None for an unknown token."""
    receipt = Receipt.objects.select_related("letter").filter(token=token).first()
    if receipt is None:
        return None
    letter = receipt.letter
    hashes = letter.documents.values_list("file__sha256", flat=True)
    return Verified(
        number=letter.number,
        registered_at=letter.registered_at,
        pieces=tuple(hashes),
        voided=letter.stage == "voided",
    )
