"""A clerk takes a letter in: files, what is known of it, and a number back at once."""

import secrets
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from registry.intake import receive_letter
from registry.models import Letter
from registry.refusals import DepositRefusedError, Refusal
from web.desk.files import arriving, own_deposit, receipt_context
from web.desk.forms import DepositForm
from web.desk.guard import StaffRequest, is_office, page, upload_form
from web.desk.letter.same import registered_before
from web.desk.sender_receipts import sender_copy_of
from web.uploads import take_uploads

KEPT = ("channel", "register", "received_at")  # what stays from one letter to the next of a batch


@csrf_exempt
@upload_form(is_office)
def deposit(request: StaffRequest) -> HttpResponseBase:
    """Says how files are read before the protection against forged forms looks into the form."""
    take_uploads(request)
    return _protected(request)


@csrf_protect
def _protected(request: StaffRequest) -> HttpResponseBase:
    if request.method == "POST":
        return _take(request)
    kept = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
    filled = DepositForm(initial={**kept, "deposit_key": secrets.token_urlsafe(24)})
    return _page(request, filled)


def _take(request: StaffRequest) -> HttpResponse:
    filled = DepositForm(request.POST)
    if not filled.is_valid():
        return _page(request, filled, status=422)
    uploads = request.FILES.getlist("files")
    try:
        received = receive_letter(
            filled.letter_data(),
            actor=request.user,
            files=[arriving(file) for file in uploads],
            message=filled.cleaned_data["message"],
            deposit_key=filled.cleaned_data["deposit_key"],
        )
    except DepositRefusedError as error:
        return _page(request, filled, refusals=error.refusals, status=422)
    answer = redirect("desk:registered", received.letter.pk)
    answer.status_code = 303
    return answer


def _page(
    request: StaffRequest,
    filled: DepositForm,
    *,
    refusals: tuple[Refusal, ...] = (),
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": filled,
        "refusals": [refusal.words() for refusal in refusals],
        "refused_names": [refusal.name for refusal in refusals if refusal.name],
        "limit_mb": settings.UPLOAD_MAX_MB,
        "limit_files": settings.UPLOAD_MAX_FILES,
    }
    return render(request, "web/deposit.html", context, status=status)


@page(is_office)
def registered(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """After a deposit: the number, the receipts, and on to the next letter."""
    letter = own_deposit(request.user, letter_id)
    context = {
        **receipt_context(letter),
        "same": registered_before(letter, request.user),
        "readable": Letter.objects.visible_to(request.user).filter(pk=letter.pk).exists(),
        **sender_copy_of(request, letter),
        "documents": letter.documents.select_related("file"),
    }
    return render(request, "web/registered.html", context)
