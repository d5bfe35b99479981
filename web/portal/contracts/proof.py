"""Adding a contract to my space: its number, and its code or the last bill."""

from functools import partial
from typing import Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from eservices.contracts.proving import TooManyTriesError, WrongProofError, prove
from web.addresses import address_of
from web.portal.access import wait_words
from web.portal.contracts.proof_form import ProofForm, contract_number
from web.portal.space.access import SpaceRequest, form
from web.proof import pays
from web.retry_later import braked
from web.throttle import TooManyAttemptsError, wrong_code

_LONGEST_ADDRESS: Final = 2000


class NewContractForm(ProofForm):
    """The number of a contract, and its proof."""

    number = contract_number()


@form
def prove_contract(request: SpaceRequest) -> HttpResponse:
    """Show the form for number and proof; the contract is the person's once it fits."""
    if request.method != "POST":
        return _page(
            request, NewContractForm(initial={"number": request.GET.get("number", "")[:40]})
        )
    filled = NewContractForm(request.POST)
    if not filled.is_valid():
        return _page(request, filled, status=422)
    number = filled.cleaned_data["number"]
    try:
        holding = prove(
            request.person, number, **filled.proof(),
            asker=address_of(request), pays=partial(pays, request),
        )  # fmt: skip
    except WrongProofError:
        wrong_code(request, "contract")
        words = _("Number and proof do not fit together. Look again at your last bill.")
        return _page(request, filled, problem=words, status=422)
    except TooManyTriesError as error:
        wait = TooManyAttemptsError(error.wait)
        return braked(_page(request, filled, problem=wait_words(wait)), wait)
    messages.success(request, _("The contract is in your space."))
    return _onwards(request, holding.contract.number_key)


def _onwards(request: SpaceRequest, number: str) -> HttpResponse:
    """Redirect to the form that needs the contract, or to its page."""
    back = request.POST.get("next", "")[:_LONGEST_ADDRESS]
    if not (back.startswith("/services/") and _is_here(back, request)):
        back = reverse("portal:contract", args=[number])
    return HttpResponseRedirect(back, status=303)


def _is_here(address: str, request: SpaceRequest) -> bool:
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def _page(
    request: SpaceRequest, filled: NewContractForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    back = (request.POST if request.method == "POST" else request.GET).get("next", "")
    context = {
        "tab": "contracts", "form": filled, "problem": problem, "next": back[:_LONGEST_ADDRESS],
    }  # fmt: skip
    return render(request, "portal/contracts/prove.html", context, status=status)
