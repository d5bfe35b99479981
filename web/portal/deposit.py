"""Deposit of a letter by a citizen, who gets its number, its code and its receipt at once."""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from correspondence.dispatch.sender_messages import (
    available_ways,
    chosen_ways,
    notify_sender,
)
from correspondence.dispatch.sender_words import About
from org.security_log import LoggedEvent, write_event
from registry import tracking
from registry.intake import IncomingFile, receive_letter
from registry.models.letters import Letter
from registry.models.receipts import Receipt
from registry.refusals import DepositRefusedError, OtherContentError, Refusal
from web.addresses import address_of
from web.header_checks import announced_length, checked_by
from web.pending_uploads import PendingUploads, keep_uploads, not_kept
from web.portal import visit
from web.portal.access import of_visit, see, wait_words
from web.portal.forms import DepositForm, new_key
from web.portal.large_forms import with_uploads
from web.proof import check_from, count_from
from web.register_away import register_away
from web.retry_later import braked, later_where_it_passes
from web.shared.files import stored
from web.throttle import DEPOSIT_BY_ADDRESS, TooManyAttemptsError
from web.uploads import arrived, request_limit


def _check_headers(request: HttpRequest) -> HttpResponse | None:
    """Check size and number of attempts before a large deposit is read."""
    if announced_length(request) > request_limit():
        return _too_much(request)
    try:
        check_from(request, DEPOSIT_BY_ADDRESS)
    except TooManyAttemptsError as error:
        empty = DepositForm(initial={"deposit_key": new_key()})
        return braked(_page(request, empty, wait=wait_words(error)), error)
    return None


@checked_by(_check_headers)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def deposit(request: HttpRequest) -> HttpResponseBase:
    """Show the form, or register what was sent."""
    return with_uploads(_form, request, too_much=_too_much)


def _too_much(request: HttpRequest) -> HttpResponse:
    empty = DepositForm(initial={"deposit_key": new_key()})
    answer = _page(request, empty, too_much=True)
    answer.status_code = 413
    return answer


def _form(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _take(request)
    return _page(request, DepositForm(initial={"deposit_key": new_key()}))


def _take(request: HttpRequest) -> HttpResponse:
    filled = DepositForm(request.POST)
    valid, new = filled.is_valid(), arrived(request)
    if "website" in filled.errors:
        write_event(LoggedEvent.TRAPPED, address=address_of(request))
    pending = PendingUploads(request, "portal.deposit", filled.key())
    pending.leave_out(request.POST.getlist("leave_out"))
    try:
        count_from(request, DEPOSIT_BY_ADDRESS)
    except TooManyAttemptsError as error:
        page = _page(request, filled, pending, not_kept(new), wait=wait_words(error))
        return braked(page, error)
    if not valid:
        return _page(request, filled, pending, keep_uploads(pending, new))
    try:
        letter = _registered(filled, pending, new)
    except OtherContentError as error:
        pending = pending.move(new_key())
        return _page(request, filled, pending, keep_uploads(pending, new, refusals=error.refusals))
    except DepositRefusedError as error:
        page = _page(request, filled, pending, keep_uploads(pending, new, refusals=error.refusals))
        return later_where_it_passes(page, error.refusals)
    visit.begin(request, letter, fresh=True)
    return see("portal:done")


def _registered(filled: DepositForm, pending: PendingUploads, new: list[IncomingFile]) -> Letter:
    with ExitStack() as cleanup, register_away():
        received = receive_letter(
            filled.letter_data(),
            actor=None,
            files=pending.with_new(new, cleanup),
            message=filled.cleaned_data["message"],
            deposit_key=f"portal:{pending.key}",  # distinct from the keys of other channels
            then=confirm,
        )
    pending.used()
    return received.letter


def confirm(letter: Letter) -> None:
    """Queue the confirmation on the ways that the citizen chose, with the registration."""
    notify_sender(letter, About.DEPOSIT)


def _page(
    request: HttpRequest,
    filled: DepositForm,
    pending: PendingUploads | None = None,
    refusals: Sequence[Refusal] = (),
    *,
    wait: str = "",
    too_much: bool = False,
) -> HttpResponse:
    shown = filled
    if filled.is_bound and "website" in filled.errors:
        given = {name: filled.data.get(name, "") for name in filled.fields} | {"website": ""}
        shown = DepositForm(initial=given)
    context: dict[str, Any] = {
        "form": shown,
        "deposit_key": pending.key if pending else filled.initial["deposit_key"],
        "held": pending.files() if pending else [],
        "again": any(refusal.code == "other_content" for refusal in refusals),
        "trapped": shown is not filled,
        "refusals": [refusal.words() for refusal in refusals],
        "wait": wait,
        "too_much": too_much,
        "tell_fields": [shown[f"tell_{way}"] for way in available_ways()],
        "limit_mb": settings.UPLOAD_MAX_MB,
        "limit_files": settings.UPLOAD_MAX_FILES,
    }
    wrong = filled.is_bound or too_much
    return render(request, "portal/deposit.html", context, status=422 if wrong else 200)


@require_safe
@of_visit
def done(request: HttpRequest) -> HttpResponse:
    """Show number and code, large; the receipt; what happens next."""
    letter = visit.letter_of(request, fresh=True)
    context = {
        "letter": letter,
        "code": tracking.code_of(letter.pk),
        "told": chosen_ways(letter),
        "documents": letter.documents.select_related("file"),
        "receipt": letter.receipts.filter(kind=Receipt.Kind.REGISTRATION).first(),
    }
    return render(request, "portal/done.html", context)


@require_safe
@of_visit
def receipt(request: HttpRequest) -> HttpResponseBase:
    """Return the receipt of the visited letter as PDF; until it is drawn, a page that says so."""
    letter = visit.letter_of(request)
    found = letter.receipts.select_related("file").filter(kind=Receipt.Kind.REGISTRATION).first()
    if found is None or found.file is None:
        return render(request, "portal/receipt_waits.html", {"letter": letter}, status=202)
    return stored(found.file, "application/pdf", name=f"{letter.number.replace('/', '-')}.pdf")


@require_safe
@of_visit
def receipt_state(request: HttpRequest) -> HttpResponse:
    """Return a fragment: the link to the receipt, or that it is being drawn."""
    letter = visit.letter_of(request)
    found = letter.receipts.filter(kind=Receipt.Kind.REGISTRATION).first()
    return render(request, "portal/parts/receipt.html", {"receipt": found})
