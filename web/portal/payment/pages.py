"""The citizen's pages of paying: which bills, the way to the bank, how it ended."""

from functools import partial
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from eservices.agency.plans import next_amounts
from eservices.contracts.proving import TooManyTriesError, WrongProofError, proven_contract
from eservices.payments import attempts, receipts
from eservices.payments.gateways import gateway, is_set
from eservices.payments.models import Attempt
from eservices.payments.port import GatewayError
from eservices.payments.posting import MOST_BILLS, PostingError
from eservices.people.models import ContactPoint, Person
from eservices.people.reaching import notification_way
from web.addresses import address_of
from web.middleware import POLICY
from web.portal import visit
from web.portal.access import see, wait_words
from web.portal.payment import allowed, choosing, session
from web.portal.payment.words import refusal_words, state_words
from web.portal.space.access import plain
from web.portal.space.session import person_in
from web.proof import count_from, pays
from web.retry_later import braked
from web.shared.files import stored
from web.throttle import PAY_BY_ADDRESS, TooManyAttemptsError

_FORM: Final = "form-action 'self'"
LOOKS: Final = 24  # that a waiting page takes by itself
PAUSE: Final = 5  # seconds between two of them


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponseBase:
    """Show the bills that may be paid; begin an attempt with those that were chosen."""
    plain(request)
    if request.method == "POST":
        return _begin(request)
    return _choices(request, choosing.asked_for(request))


def _begin(request: HttpRequest) -> HttpResponseBase:
    chosen = choosing.Chosen.of(request)
    bills = allowed.named(request, list(chosen.numbers))
    try:
        count_from(request, PAY_BY_ADDRESS)
        attempt = _begun(request, chosen.lines(bills), chosen)
    except choosing.ChoiceError as error:
        chosen.problems[error.bill] = str(error)
    except PostingError as error:
        chosen.problems[error.bill] = refusal_words(error)
    except GatewayError:
        chosen.problems[""] = _("Payment by card is not available at the moment.")
    except TooManyAttemptsError as error:
        chosen.problems[""] = wait_words(error)
    else:
        session.remember(request, attempt)
        return _to("portal:pay_confirm", order=attempt.oid)
    answer = _choices(request, chosen)
    answer.status_code = 422
    return answer


def _begun(request: HttpRequest, lines: list[Any], chosen: choosing.Chosen) -> Attempt:
    language = get_language() or "fr"
    person = person_in(request)
    email = chosen.receipt_to() if "email" in request.POST else _wished(person)
    return attempts.begin(lines, person=person, language=language[:2], email=email)


def _choices(request: HttpRequest, chosen: choosing.Chosen) -> HttpResponse:
    person = person_in(request)
    email = chosen.email if request.method == "POST" else _address(request)
    found = allowed.payable(request, contract=request.GET.get("contract", "")[:40])
    allowed.note_bills(request, found.bills)
    if request.method != "POST":
        chosen.fill(next_amounts(found.bills))
    context = {
        "rows": choosing.rows(found.bills, chosen, allowed.at_the_bank(request, found.bills)),
        "more": found.more,
        "problem": chosen.problems.get("", ""),
        "lost": chosen.lost(found.bills),
        "person": person,
        "email": email,
        "email_problem": chosen.problems.get(choosing.EMAIL, ""),
        "known": allowed.knows(request),
        "by_card": is_set(),
        "most": MOST_BILLS,
    }
    return render(request, "portal/payment/choose.html", context)


def _address(request: HttpRequest) -> str:
    """Return the address that stands in the form: of the payment that is tried again, if one is."""
    before = allowed.attempt_of(request, request.GET.get("order", "")[:64])
    return before.email if before else _wished(person_in(request))


def _wished(person: Person | None) -> str:
    """Return the verified mail address of a person who wants notifications by mail, else ""."""
    if person is None or notification_way(person) != ContactPoint.Way.EMAIL:
        return ""
    rows = person.contacts.filter(way=ContactPoint.Way.EMAIL, verified_at__isnull=False)
    return rows.order_by("-pk").values_list("value", flat=True).first() or ""


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Let somebody without an account pay: a contract's number and the code on its bills."""
    plain(request)
    if request.method != "POST":
        given = {"number": request.GET.get("contract", "")[:40]}
        return render(request, "portal/payment/find.html", given)
    number = request.POST.get("number", "").strip()[:40]
    code = request.POST.get("code", "").strip()[:40]
    context: dict[str, Any] = {"number": number}
    try:
        contract = proven_contract(
            number, code=code, askers=[address_of(request)], pays=partial(pays, request)
        )
    except WrongProofError:
        words = _("Number and code do not belong together. Both are printed on your bill.")
        answer = render(request, "portal/payment/find.html", {**context, "problem": words})
        answer.status_code = 422
        return answer
    except TooManyTriesError as error:
        wait = TooManyAttemptsError(error.wait)
        context["problem"] = wait_words(wait)
        return braked(render(request, "portal/payment/find.html", context), wait)
    session.grant(request, contract)
    return _to("portal:pay", contract=contract.number)


@require_safe
def confirm(request: HttpRequest) -> HttpResponse:
    """Show what is paid, with the form that brings the browser to the bank."""
    attempt = _attempt(request)
    if attempt.state not in (Attempt.State.CREATED, Attempt.State.SENT):
        return _to("portal:pay_state", order=attempt.oid)
    person = person_in(request)
    try:
        form = attempts.send(attempt, name=person.name if person else "")
        origin = gateway().origin
    except GatewayError:
        messages.error(request, _("Payment by card is not available at the moment."))
        return see("portal:pay")
    allowed.note_attempt(request, attempt)
    context = {"attempt": attempt, "lines": attempts.lines_of([attempt])[attempt.pk], "form": form}
    answer = render(request, "portal/payment/confirm.html", context)
    answer.headers["Content-Security-Policy"] = POLICY.replace(_FORM, f"{_FORM} {origin}")
    return answer


@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """Show how an attempt stands; to a browser that did not begin it, nothing of it.

    The page looks again by itself some times, or not at all (`?look=last`). Then it offers the way
    back to the bank: who left before the end was never there, as far as the office knows.
    """
    attempt = allowed.attempt_of(request, request.GET.get("order", "")[:64])
    if attempt is None:
        return render(request, "portal/payment/somewhere.html")
    allowed.note_attempt(request, attempt)
    looks = request.GET.get("look", "0")
    look = int(looks) if looks.isascii() and looks.isdecimal() and len(looks) < 4 else LOOKS
    waits = attempt.state in (Attempt.State.CREATED, Attempt.State.SENT)
    query = urlencode({"order": attempt.oid, "look": str(look + 1)})
    payment = allowed.payments_of(request).filter(attempt=attempt).first()
    lines = attempts.lines_of([attempt])[attempt.pk]
    context = {
        "attempt": attempt,
        "payment": payment,
        "spare": payment.amount - payment.allocated if payment else 0,
        "lines": lines,
        "paid_for": allowed.paid_for(request, [line.bill_id for line in lines]),
        "visits": visit.session_end(request) is not None,
        "words": state_words(attempt),
        "again": f"{reverse('portal:pay_state')}?{query}" if waits and look < LOOKS else "",
        "waits": waits,
        "person": person_in(request),
    }
    answer = render(request, "portal/payment/state.html", context)
    if context["again"]:
        answer.headers["Refresh"] = f"{PAUSE}; url={context['again']}"
    return answer


@require_safe
def receipt(request: HttpRequest, payment_id: UUID) -> HttpResponseBase:
    """Give the receipt of a payment that this browser or its person made."""
    payment = allowed.payments_of(request).filter(pk=payment_id).first()
    if payment is None:
        raise Http404
    file = receipts.receipt_file(payment)
    return stored(file, "application/pdf", name=receipts.file_name(payment))


def _attempt(request: HttpRequest) -> Attempt:
    attempt = allowed.attempt_of(request, request.GET.get("order", "")[:64])
    if attempt is None:
        raise Http404
    return attempt


def _to(name: str, **query: str) -> HttpResponse:
    place = f"{reverse(name)}?{urlencode(query)}"
    return HttpResponse(status=303, headers={"Location": place})
