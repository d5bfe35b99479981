"""A duplicate without an account: the contract's number, and what only its holder knows.

An unknown contract and a wrong proof are the same answer after the same work; tries are limited.
Who has proven it sees the contract's latest bills for half an hour in this browser.
"""

from functools import partial
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from eservices.bills.holders import of_present_holders
from eservices.bills.listing import NEWEST
from eservices.bills.models import Bill
from eservices.contracts.models import Contract
from eservices.contracts.proving import TooManyTriesError, WrongProofError, proven_contract
from web.addresses import address_of
from web.portal.access import see, wait_words
from web.portal.bills import proven
from web.portal.contracts.proof_form import ProofForm, contract_number
from web.portal.payment.session import CONTRACTS, grant
from web.portal.space.access import plain
from web.proof import pays
from web.retry_later import braked
from web.shared.bills import line_of, pdf_of
from web.throttle import TooManyAttemptsError

ROWS: Final = 24


class DuplicateForm(ProofForm):
    """The number of a contract, and its proof."""

    contract = contract_number()


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Show the form for the contract and its proof; then show its bills."""
    if request.method != "POST":
        return _asked(
            request, DuplicateForm(initial={"contract": request.GET.get("contract", "")[:60]})
        )
    plain(request)
    form = DuplicateForm(request.POST)
    if not form.is_valid():
        return _asked(request, form, status=422)
    number = form.cleaned_data["contract"]
    try:
        contract = proven_contract(
            number, **form.proof(), askers=[address_of(request)], pays=partial(pays, request)
        )
    except WrongProofError:
        words = _("No contract was found with this number and this proof. Please check both.")
        return _asked(request, form, problem=words, status=422)
    except TooManyTriesError as error:
        waits = TooManyAttemptsError(error.wait)
        return braked(_asked(request, form, problem=wait_words(waits)), waits)
    proven.begin(request, contract)
    grant(request, contract)
    return see("portal:duplicate_bills")


def _asked(
    request: HttpRequest, form: DuplicateForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {"form": form, "problem": problem}
    return render(request, "portal/bills/duplicate.html", context, status=status)


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show the latest bills of the contract that was proven."""
    contract = proven.contract_in(request)
    if contract is None:
        return see("portal:duplicate")
    rows = _bills(contract).order_by(*NEWEST)[:ROWS]
    context = {"contract": contract, "rows": [line_of(bill) for bill in rows]}
    return render(request, "portal/bills/duplicates.html", context)


@require_safe
def pdf(request: HttpRequest, bill_id: int) -> HttpResponseBase:
    """Return a bill of the proven contract as PDF; any other is as one that does not exist."""
    contract = proven.contract_in(request)
    found = _bills(contract).filter(pk=bill_id).first() if contract else None
    if found is None:
        raise Http404
    return pdf_of(found)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the contract: the next user of this computer sees nothing of it."""
    proven.end(request)
    request.session.pop(CONTRACTS, None)
    return see("portal:duplicate")


def _bills(contract: Contract) -> Any:
    return Bill.objects.filter(of_present_holders([contract.pk])).select_related("contract", "pdf")
