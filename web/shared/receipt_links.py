"""The link to a request's receipt that a program gets: signed, good for a day."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

from registry.models.letters import Letter

_SECONDS: Final = 86_400


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="portal.receipt")


def receipt_link(letter_id: UUID) -> str:
    """Return the address of a letter's receipt, good for a day."""
    path = reverse("portal:receipt_by_link", args=[_signer().sign(letter_id.hex)])
    return f"{settings.PUBLIC_URL}{path}"


def letter_of_link(token: str) -> Letter | None:
    """Return the letter of a link; None where it is forged or too old."""
    try:
        letter_id = UUID(_signer().unsign(token, max_age=_SECONDS))
    except (BadSignature, ValueError):
        return None
    return Letter.objects.filter(pk=letter_id).first()
