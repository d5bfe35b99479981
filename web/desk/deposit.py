"""Deposit by a clerk: files, what is known of the letter, and a number at once."""

import secrets
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from correspondence.acting.rights import actions_for
from registry.intake import IncomingFile
from registry.models.letters import Letter
from registry.refusals import DepositRefusedError, OtherContentError, Refusal
from web.desk.contacts.box import box_of
from web.desk.files import own_deposit, receipt_context
from web.desk.forms import DepositForm
from web.desk.many_letters import SomeRegisteredError, letters_done, register_each, register_rest
from web.desk.sender_receipts import sender_copy_of
from web.pending_uploads import PendingUploads, keep_uploads
from web.retry_later import later_where_it_passes
from web.shared.guard import StaffRequest, is_office, page, upload_form
from web.shared.same_letters import registered_before
from web.uploads import arrived, takes_uploads

KEPT = ("channel", "register", "received_at", "each")  # carried over to the next letter of a batch


@upload_form(is_office)
@takes_uploads
def deposit(request: StaffRequest) -> HttpResponseBase:
    """Show the form, or register what was sent."""
    if request.method == "POST":
        return _take(request)
    kept = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
    filled = DepositForm(initial={**kept, "deposit_key": secrets.token_urlsafe(24)})
    return _page(request, filled, done=letters_done(request.GET.getlist("done"), request.user))


def _take(request: StaffRequest) -> HttpResponse:
    filled = DepositForm(request.POST)
    valid, new = filled.is_valid(), arrived(request)
    pending = PendingUploads(request, "desk.deposit", filled.key())
    pending.leave_out(request.POST.getlist("leave_out"))
    if not valid:
        return _page(request, filled, pending, keep_uploads(pending, new))
    try:
        letters = _registered(request, filled, pending, new)
    except OtherContentError as error:
        pending = pending.move(secrets.token_urlsafe(24))
        return _page(request, filled, pending, keep_uploads(pending, new, refusals=error.refusals))
    except DepositRefusedError as error:
        done = error.letters if isinstance(error, SomeRegisteredError) else []
        refusals = keep_uploads(pending, new, refusals=error.refusals)
        page = _page(request, filled, pending, refusals, done=done)
        return later_where_it_passes(page, error.refusals)
    answer = redirect(_next_page(request, letters))
    answer.status_code = 303
    return answer


def _next_page(request: StaffRequest, letters: list[Letter]) -> str:
    """Return the address that shows the number, or those of several letters over a new form."""
    if len(letters) == 1:
        return reverse("desk:registered", args=[letters[0].pk])
    kept = [(name, request.POST[name]) for name in KEPT if request.POST.get(name)]
    done = [("done", str(letter.pk)) for letter in letters]
    return f"{reverse('desk:deposit')}?{urlencode([*kept, *done])}"


def _registered(
    request: StaffRequest, filled: DepositForm, pending: PendingUploads, new: list[IncomingFile]
) -> list[Letter]:
    data, actor = filled.letter_data(), request.user
    with ExitStack() as cleanup:
        files = pending.with_new(new, cleanup)
        if filled.cleaned_data["each"] and len(files) > 1:
            letters = register_each(data, actor=actor, files=files, key=pending.key)
        else:
            message = filled.cleaned_data["message"]
            letters = register_rest(
                data, actor=actor, files=files, message=message, key=pending.key
            )
    pending.used()
    return letters


def _page(
    request: StaffRequest,
    filled: DepositForm,
    pending: PendingUploads | None = None,
    refusals: Sequence[Refusal] = (),
    *,
    done: Sequence[Letter] = (),
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": filled,
        "deposit_key": pending.key if pending else filled.initial["deposit_key"],
        "held": pending.files() if pending else [],
        "again": any(refusal.code == "other_content" for refusal in refusals),
        "refusals": [refusal.words() for refusal in refusals],
        "done": done,
        "limit_mb": settings.UPLOAD_MAX_MB,
        "limit_files": settings.UPLOAD_MAX_FILES,
    }
    return render(request, "web/deposit.html", context, status=422 if pending else 200)


@page(is_office)
def registered(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Show the number and the receipts after a deposit, and the way to the next letter."""
    letter = own_deposit(request.user, letter_id)
    can = actions_for(request.user, letter)
    context = {
        **receipt_context(letter),
        "can": can,
        "box": box_of(letter, can),
        "same": registered_before(letter, request.user),
        "readable": Letter.objects.visible_to(request.user).filter(pk=letter.pk).exists(),
        **sender_copy_of(request, letter),
        "documents": letter.documents.select_related("file"),
    }
    return render(request, "web/registered.html", context)
