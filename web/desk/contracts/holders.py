"""Holders by staff: somebody whose paper was seen at the counter, and holders taken off."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from eservices.contracts.models import Holder
from eservices.contracts.proving import end_holding, hold
from eservices.contracts.rights import adds_holders
from eservices.people.codes import way_of
from eservices.people.persons import known_person
from web.desk.contracts.pages import contract_or_404, page_of_contract
from web.shared.guard import StaffRequest, redirect_after, verb


@verb(adds_holders)
def add(request: StaffRequest, contract_key: str) -> HttpResponse:
    """Make the person of a verified contact a holder, whose paper was seen."""
    contract, contact = contract_or_404(contract_key), request.POST.get("contact", "").strip()
    person = known_person(way_of(contact), contact)
    if person is None:
        words = _(
            "Nobody has verified this contact yet. They sign in to their space with it first."
        )
        return page_of_contract(request, contract, problem=words, status=422)
    if request.POST.get("seen") != "yes":
        words = _("Say that you have seen their identity card and a bill or the contract.")
        return page_of_contract(request, contract, problem=words, status=422)
    hold(person, contract, proof=Holder.Proof.STAFF, actor=request.user)
    messages.success(request, _("The contract is in their space."))
    return redirect_after(reverse("desk:contract", args=[contract.number_key]), request)


@verb(adds_holders)
def end(request: StaffRequest, contract_key: str, holder_id: int) -> HttpResponse:
    """Take the contract off somebody's space."""
    contract = contract_or_404(contract_key)
    holding = Holder.objects.filter(pk=holder_id, contract=contract).first()
    if holding is None or not end_holding(holding, actor=request.user):
        raise Http404
    messages.success(request, _("The contract is taken off their space."))
    return redirect_after(reverse("desk:contract", args=[contract.number_key]), request)
