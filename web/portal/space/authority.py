"""Mandates in my space: given, requested, confirmed and ended, with scope, last day and proof."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from eservices.catalogue.publishing import published_types
from eservices.contracts.access import contracts_of
from eservices.contracts.models import Contract
from eservices.people import mandates
from eservices.people.codes import contact_hash, way_of
from eservices.people.mandate_messages import other_of, with_others
from eservices.people.models import Mandate, Person
from registry.refusals import DepositRefusedError
from web.header_checks import announced_length
from web.portal.access import see, wait_words
from web.portal.forms import CitizenForm
from web.portal.space.access import SpaceRequest, form, page, proven, uuid_in, verb
from web.proof import count_from
from web.retry_later import braked, later_where_it_passes
from web.shared.files import stored
from web.shared.typed import UnclearNumbersError, contract_numbers
from web.shared.widgets import Day
from web.throttle import (
    DEPOSIT_BY_ADDRESS,
    TooManyAttemptsError,
    count_contact,
)
from web.uploads import arrived, file_limit, takes_uploads

_BESIDE_FILE = 1024 * 1024
_MOST_KNOWN = 500  # contracts of a giver that tell where a number ends


def services_on_offer() -> list[tuple[str, str]]:
    """Return codes and titles of the services that are published now."""
    language = get_language() or "fr"
    return [(one.code, one.definition.title.in_(language)) for one in published_types()]


class MandateForm(CitizenForm):
    """Who acts, or for whom; for which services and contracts; until when."""

    name = forms.CharField(label=gettext_lazy("Their name"), max_length=200, required=False)
    contact = forms.CharField(
        label=gettext_lazy("Their e-mail address or telephone number"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false"}),
    )
    services = forms.MultipleChoiceField(
        label=gettext_lazy("For these services"),
        required=False,
        choices=services_on_offer,
        widget=forms.CheckboxSelectMultiple,
    )
    contracts = forms.CharField(
        label=gettext_lazy("For these contracts"),
        max_length=1000,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    until = forms.DateField(
        label=gettext_lazy("Until, the last day included"), required=False, widget=Day
    )

    def __init__(self, *args: Any, giver: Person | None = None, **kwargs: Any) -> None:
        """`giver` is the person whose contracts they are, where that is who fills it in."""
        self._giver = giver  # the base cleans at once
        super().__init__(*args, **kwargs)

    def clean_contracts(self) -> list[str]:
        """Return the numbers, however they are separated."""
        rows = contracts_of(self._giver) if self._giver else Contract.objects.none()
        known = set(rows.values_list("number_key", flat=True)[:_MOST_KNOWN])
        try:
            return contract_numbers(str(self.cleaned_data["contracts"]), known=known)
        except UnclearNumbersError as error:
            words = _("Put a comma between the contract numbers, and no space within a number.")
            raise forms.ValidationError(words) from error


@page
def listed(request: SpaceRequest) -> HttpResponse:
    """Show the mandates that the person gave, holds, or is to confirm."""
    titles = dict(services_on_offer())
    rows = [
        _shown(row, request, titles) for row in _mine(request).order_by("-made_at", "-id")[:200]
    ]
    context = {
        "tab": "mandates",
        "wanted": [row for row in rows if row["decides"]],
        "given": [row for row in rows if not row["decides"] and not row["held"]],
        "held": [row for row in rows if row["held"]],
    }
    return render(request, "portal/space/mandates.html", context)


def _mine(request: SpaceRequest) -> QuerySet[Mandate]:
    """Return the mandates that the person sees: not requests to others in their name."""
    person = request.person
    return with_others(Mandate.objects.filter(Q(agent=person) | Q(principal=person)))


def _shown(row: Mandate, request: SpaceRequest, titles: dict[str, str]) -> dict[str, Any]:
    open_ = row.revoked_at is None and (row.until is None or row.until >= timezone.localdate())
    waits = open_ and row.confirmed_at is None
    held = row.agent_id == request.person.pk
    return {
        "row": row,
        "other": other_of(row, request.person),
        "services": [titles.get(code, code) for code in row.services],
        "open": open_,
        "waits": waits,
        "held": held,
        "decides": waits and not held and row.asked_by_id != request.person.pk,
    }


@csrf_exempt
def give(request: HttpRequest) -> HttpResponseBase:
    """Let somebody act for oneself."""
    return _read(request, giving=True)


@csrf_exempt
def ask(request: HttpRequest) -> HttpResponseBase:
    """Request to act for somebody, with the paper that proves it."""
    return _read(request, giving=False)


def _read(request: HttpRequest, *, giving: bool) -> HttpResponseBase:
    """Refuse a file that is too large before it is read."""
    if request.method == "POST" and announced_length(request) > file_limit() + _BESIDE_FILE:
        messages.error(request, _("The file is too large. Nothing was kept."))
        return see("portal:space_mandates")
    view = _give_page if giving else form(_ask_page)
    return takes_uploads(view)(request)


def _ask_page(request: SpaceRequest) -> HttpResponse:
    return _form_page(request, giving=False)


@form
@proven("portal:space_give_mandate", also_read=True)
def _give_page(request: SpaceRequest) -> HttpResponse:
    return _form_page(request, giving=True)


def _form_page(request: SpaceRequest, *, giving: bool) -> HttpResponse:
    if request.method != "POST":
        begun = {"contracts": request.GET.get("contract", "")[:40]}
        return _page(request, MandateForm(initial=begun), giving=giving)
    filled = MandateForm(request.POST, giver=request.person if giving else None)
    if not filled.is_valid():
        return _page(request, filled, giving=giving, status=422)
    proofs = arrived(request, "proof")
    wanted = mandates.MandateInput(**filled.cleaned_data, proof=proofs[0] if proofs else None)
    try:
        count_from(request, DEPOSIT_BY_ADDRESS)
        if contact := filled.cleaned_data["contact"]:  # who is told by mail or SMS
            count_contact(request, contact_hash(way_of(contact), contact))
        (mandates.give if giving else mandates.ask)(request.person, wanted)
    except TooManyAttemptsError as error:
        page_ = _page(request, filled, giving=giving, problems=[wait_words(error)])
        return braked(page_, error)
    except mandates.MandateError as error:
        return _page(request, filled, giving=giving, problems=[str(error)], status=422)
    except DepositRefusedError as error:
        words = [refusal.words() for refusal in error.refusals]
        page_ = _page(request, filled, giving=giving, problems=words, status=422)
        return later_where_it_passes(page_, error.refusals)
    said = _("The mandate holds now.") if giving else _("It waits to be confirmed.")
    messages.success(request, said)
    return see("portal:space_mandates")


def _page(
    request: SpaceRequest,
    filled: MandateForm,
    *,
    giving: bool,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"tab": "mandates", "form": filled, "giving": giving, "problems": problems or []}
    return render(request, "portal/space/mandate.html", context, status=status)


@verb
def decide(request: SpaceRequest) -> HttpResponseBase:
    """Confirm a mandate that the person is to give, or end one of theirs."""
    mandate_id = uuid_in(request.POST.get("mandate", ""))
    if request.POST.get("do") == "confirm":
        return _confirm(request, mandate_id=mandate_id)
    if not mandates.end(request.person, mandate_id):
        raise Http404
    messages.success(request, _("The mandate is ended."))
    return see("portal:space_mandates")


@proven("portal:space_mandates")
def _confirm(request: SpaceRequest, *, mandate_id: UUID) -> HttpResponse:
    if not mandates.confirm_by_principal(request.person, mandate_id):
        raise Http404
    messages.success(request, _("The mandate is confirmed."))
    return see("portal:space_mandates")


@page
def proof(request: SpaceRequest, mandate_id: UUID) -> HttpResponseBase:
    """Return the proof of a mandate that is between the person and somebody else."""
    row = _mine(request).filter(pk=mandate_id).select_related("proof").first()
    if row is None or row.proof is None:
        raise Http404
    return stored(row.proof, row.proof.media_type, name=row.proof_name)
