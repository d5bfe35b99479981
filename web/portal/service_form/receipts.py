"""The receipt of a request by a link that a program got: signed, good for a day."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from registry.models.letters import Letter
from registry.models.receipts import Receipt
from web.shared.files import stored

_SECONDS: Final = 86_400


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="portal.receipt")


def receipt_link(letter_id: UUID) -> str:
    """Return the address of a letter's receipt, good for a day."""
    path = reverse("portal:receipt_by_link", args=[_signer().sign(letter_id.hex)])
    return f"{settings.PUBLIC_URL}{path}"


@require_safe
def receipt_by_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """Return the receipt as PDF; until it is drawn, a page that says so."""
    try:
        letter_id = UUID(_signer().unsign(token, max_age=_SECONDS))
    except (BadSignature, ValueError) as error:
        raise Http404 from error
    letter = Letter.objects.filter(pk=letter_id).first()
    if letter is None:
        raise Http404
    found = letter.receipts.select_related("file").filter(kind=Receipt.Kind.REGISTRATION).first()
    if found is None or found.file is None:
        return render(request, "portal/receipt_waits.html", {"letter": letter}, status=202)
    return stored(found.file, "application/pdf", name=f"{letter.number.replace('/', '-')}.pdf")
