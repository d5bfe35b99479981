"""The list of contracts with its search, and the page of one contract."""

from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from eservices.contracts.access import meters_of
from eservices.contracts.events import event_words
from eservices.contracts.finding import contract_numbered, contracts_found
from eservices.contracts.looks import look_key, note_look
from eservices.contracts.models import Contract, Holder
from eservices.contracts.rights import adds_holders, reads_contracts, sees_imports
from eservices.relations import access_log
from eservices.relations.callbacks import reads_centre
from org.people import permissions_of
from web.desk.contracts.words import change_words
from web.shared.contract_sections import sections_of
from web.shared.guard import StaffRequest, page
from web.shared.paging import page_of

ROWS: Final = 50
METERS: Final = 200
EVENTS: Final = 30
HOLDERS: Final = 50
STATUS_TAGS: Final = {"active": "ok", "suspended": "warn", "pending": "info", "closed": ""}


@page(reads_contracts)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the contracts, those that the search means, of a state and a sector."""
    asked = {name: request.GET.get(name, "").strip()[:200] for name in ("q", "status", "sector")}
    shown = page_of(_wanted(asked), order=("id",), cursor=request.GET.get("from", ""), limit=ROWS)
    context = {
        "rows": [(row, STATUS_TAGS[row.status], row.service_names()) for row in shown.rows],
        "next": shown.next_cursor,
        "asked": asked,
        "address": urlencode(asked),
        "states": Contract.Status.choices,
        "narrowed": any(asked.values()),
        "may_import": sees_imports(permissions_of(request.user)),
    }
    return render(request, "web/contracts/list.html", context)


def _wanted(asked: dict[str, str]) -> "QuerySet[Contract]":
    rows = contracts_found(asked["q"]) if asked["q"] else Contract.objects.all()
    if asked["status"] in Contract.Status.values:
        rows = rows.filter(status=asked["status"])
    if asked["sector"]:
        rows = rows.filter(sector=asked["sector"])
    return rows


@page(reads_contracts)
def show(request: StaffRequest, contract_key: str) -> HttpResponse:
    """Show a contract; the view is on record."""
    return page_of_contract(request, contract_or_404(contract_key))


def page_of_contract(
    request: StaffRequest, row: Contract, *, problem: str = "", status: int = 200
) -> HttpResponse:
    """Return the page of a contract, with what went wrong."""
    note_look(row, viewer=request.user)
    permissions = permissions_of(request.user)
    holders = Holder.objects.filter(contract=row).select_related("person", "proven_by")
    held = holders.prefetch_related("person__contacts").order_by("ended_at", "-proven_at", "-pk")
    events = row.events.select_related("actor", "person").order_by("-id")
    context: dict[str, Any] = {
        "contract": row,
        "tag": STATUS_TAGS[row.status],
        "services": row.service_names(),
        "meters": meters_of(row)[:METERS],
        "holders": held[:HOLDERS],
        "sections": sections_of("staff", request, row),
        "events": [(one, event_words(one.kind), change_words(one.data)) for one in events[:EVENTS]],
        "looks": access_log.latest(look_key(row)),
        "adds": adds_holders(permissions),
        "centre": row.number_key.isascii() and reads_centre(permissions),
        "given": request.POST.get("contact", ""),
        "problem": problem,
    }
    return render(request, "web/contracts/contract.html", context, status=status)


def contract_or_404(number: str) -> Contract:
    """Return the contract of this number. Raise Http404."""
    row = contract_numbered(number)
    if row is None:
        raise Http404
    return row
