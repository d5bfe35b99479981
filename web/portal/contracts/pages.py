"""My contracts: the list, one contract with its meters and history, its name, taking it off."""

from datetime import datetime
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.contracts.access import contract_shown, contracts_shown, holding_of, meters_of
from eservices.contracts.events import event_words, holder_since
from eservices.contracts.models import Contract, Holder, Meter
from eservices.contracts.proving import end_holding
from web.portal.access import see
from web.portal.space.access import SpaceRequest, page, verb
from web.shared.contract_sections import sections_of
from web.shared.paging import page_of

ROWS: Final = 30
EVENTS: Final = 10
METERS: Final = 100


@page
def listed(request: SpaceRequest) -> HttpResponse:
    """Show the person's contracts, and those they see by a mandate."""
    shown = page_of(
        contracts_shown(request.person),
        order=("number_key",),
        cursor=request.GET.get("cursor", ""),
        limit=ROWS,
    )
    mine = Holder.objects.filter(person=request.person, contract__in=shown.rows, ended_at=None)
    held = {row.contract_id: row for row in mine}
    rows = [(row, held.get(row.pk), row.service_names()) for row in shown.rows]
    context = {"tab": "contracts", "rows": rows, "next_cursor": shown.next_cursor}
    return render(request, "portal/contracts/list.html", context)


@page
def contract(request: SpaceRequest, number: str) -> HttpResponse:
    """Show one contract: what it is, its meters, what other rooms add, what happened."""
    row = seen(request, number)
    since = holder_since(row.pk)  # what was before is the holder's of then
    events = row.events.filter(at__gte=since) if since else row.events.all()
    others = Holder.objects.filter(contract=row, ended_at=None).exclude(person=request.person)
    context = {
        "tab": "contracts",
        "contract": row,
        "services": row.service_names(),
        "holding": holding_of(request.person, row),
        "others": others.count(),
        "meters": [(one, _index_of(one, since)) for one in meters_of(row)[:METERS]],
        "sections": sections_of("citizen", request, row),
        "events": [(one, event_words(one.kind)) for one in events.order_by("-id")[:EVENTS]],
    }
    return render(request, "portal/contracts/contract.html", context)


def _index_of(meter: Meter, since: datetime | None) -> int | None:
    """Return the last index of a meter, None where it is of a holder before."""
    read_on = meter.last_read_on
    before = since and (read_on is None or read_on < timezone.localdate(since))
    return None if before else meter.last_index


@verb
def name(request: SpaceRequest, number: str) -> HttpResponse:
    """Give a contract of the person's a name of their own: "Home", "Shop"."""
    holding = _mine(request, number)
    holding.label = " ".join(request.POST.get("label", "").split())[:80]
    holding.save(update_fields=["label"])
    messages.success(request, _("The name is kept."))
    return see("portal:contract", holding.contract.number_key)


@verb
def remove(request: SpaceRequest, number: str) -> HttpResponse:
    """Take a contract off the person's own."""
    end_holding(_mine(request, number))
    messages.success(request, _("The contract is taken off your space."))
    return see("portal:contracts")


def seen(request: SpaceRequest, number: str) -> Contract:
    """Return a contract that the person sees. Raise Http404 for any other number."""
    row = contract_shown(request.person, number)
    if row is None:
        raise Http404
    return row


def _mine(request: SpaceRequest, number: str) -> Holder:
    row = seen(request, number)
    holding = holding_of(request.person, row)
    if holding is None:
        raise Http404
    return holding
