"""Adding a contract to my space: its number, and its code or the last bill."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eservices.contracts.proving import TooManyTriesError, WrongProofError, prove
from eservices.money import AmountError, centimes
from web.portal.door import later, wait_words
from web.portal.forms import CitizenForm
from web.portal.space.door import SpaceRequest, form
from web.throttle import TooManyAttemptsError, address_of

_LONGEST_ADDRESS: Final = 2000
_PLAIN: Final = {"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}


class ProofForm(CitizenForm):
    """The number of a contract, and one of the two things that its bill says."""

    number = forms.CharField(
        label=gettext_lazy("Contract number"),
        max_length=40,
        widget=forms.TextInput(attrs=_PLAIN),
    )
    code = forms.CharField(
        label=gettext_lazy("Code printed on the bill"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={**_PLAIN, "autocapitalize": "characters"}),
    )
    bill = forms.CharField(
        label=gettext_lazy("Number of the last bill"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs=_PLAIN),
    )
    amount = forms.CharField(
        label=gettext_lazy("Its amount in dirhams"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={**_PLAIN, "inputmode": "decimal", "placeholder": "128.40"}),
    )

    def clean_amount(self) -> int | None:
        """Return the amount in centimes."""
        text = str(self.cleaned_data["amount"])
        try:
            return centimes(text) if text else None
        except AmountError as error:
            raise ValidationError(_("This is no amount. Write it like 128.40.")) from error

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two proofs."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("code") and not self.errors:
            if not given.get("bill"):
                words = _("Give the code, or number and amount of the last bill.")
                self.add_error("bill" if given.get("amount") is not None else "code", words)
            elif given.get("amount") is None:
                self.add_error("amount", _("Give the amount of this bill."))
        return given

    def proof(self) -> dict[str, Any]:
        """Return what `prove` is given: the code where there is one."""
        given = self.cleaned_data
        if given["code"]:
            return {"code": given["code"]}
        return {"bill": given["bill"], "amount": given["amount"]}


@form
def prove_contract(request: SpaceRequest) -> HttpResponse:
    """Ask for number and proof; the contract is the person's once it fits."""
    if request.method != "POST":
        return _page(request, ProofForm(initial={"number": request.GET.get("number", "")[:40]}))
    filled = ProofForm(request.POST)
    if not filled.is_valid():
        return _page(request, filled, status=422)
    number = filled.cleaned_data["number"]
    try:
        holding = prove(request.person, number, **filled.proof(), asker=address_of(request))
    except WrongProofError:
        words = _("Number and proof do not fit together. Look again at your last bill.")
        return _page(request, filled, problem=words, status=422)
    except TooManyTriesError as error:
        wait = TooManyAttemptsError(error.wait)
        return later(_page(request, filled, problem=wait_words(wait)), wait)
    messages.success(request, _("The contract is in your space."))
    return _onwards(request, holding.contract.number_key)


def _onwards(request: SpaceRequest, number: str) -> HttpResponse:
    """Redirect to the form that asked for the contract, or to its page."""
    back = request.POST.get("next", "")[:_LONGEST_ADDRESS]
    if not (back.startswith("/services/") and _is_here(back, request)):
        back = reverse("portal:contract", args=[number])
    return HttpResponseRedirect(back, status=303)


def _is_here(address: str, request: SpaceRequest) -> bool:
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def _page(
    request: SpaceRequest, filled: ProofForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    back = (request.POST if request.method == "POST" else request.GET).get("next", "")
    context = {
        "tab": "contracts", "form": filled, "problem": problem, "next": back[:_LONGEST_ADDRESS],
    }  # fmt: skip
    return render(request, "portal/contracts/prove.html", context, status=status)
