"""My bills: the list, one bill, its files. Another's bill answers like one that does not exist."""

from typing import Final

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render

from eservices.bills.listing import NEWEST, bills_of, contracts_seen, due_of
from eservices.bills.models import Bill
from eservices.contracts.models import Contract
from language.reach import number_key
from web.portal.space.door import SpaceRequest, page
from web.shared.bills import line_of, pdf_of, sheet_of, xml_of
from web.shared.paging import page_of

ROWS: Final = 24


@page
def listed(request: SpaceRequest) -> HttpResponse:
    """Show the bills of the person's contracts, the newest first."""
    contracts = contracts_seen(request.person)
    chosen = chosen_contract(request, contracts)
    rows = bills_of(request.person, contract=chosen)
    due = due_of(rows)
    unpaid = bool(request.GET.get("unpaid"))
    if unpaid:
        rows = rows.filter(remaining__gt=0)
    shown = page_of(
        rows.select_related("contract"),
        order=NEWEST,
        cursor=request.GET.get("cursor", ""),
        limit=ROWS,
    )
    context = {
        "tab": "bills",
        "rows": [line_of(bill) for bill in shown.rows],
        "next_cursor": shown.next_cursor,
        "contracts": contracts,
        "chosen": chosen,
        "unpaid": unpaid,
        "due": due,
    }
    return render(request, "portal/bills/list.html", context)


@page
def show(request: SpaceRequest, bill_id: int) -> HttpResponse:
    """Show one bill."""
    bill = bill_in(request, bill_id)
    context = {"tab": "bills", **sheet_of(bill)}
    return render(request, "portal/bills/bill.html", context)


@page
def pdf(request: SpaceRequest, bill_id: int) -> HttpResponseBase:
    """Return the bill as PDF."""
    return pdf_of(bill_in(request, bill_id))


@page
def xml(request: SpaceRequest, bill_id: int) -> HttpResponseBase:
    """Return the bill as XML, where it came so."""
    return xml_of(bill_in(request, bill_id))


def bill_in(request: SpaceRequest, bill_id: int) -> Bill:
    """Return a bill that the person sees. Raise Http404 for any other, and for none."""
    rows = bills_of(request.person).select_related("contract", "request", "pdf", "xml")
    found = rows.filter(pk=bill_id).first()
    if found is None:
        raise Http404
    return found


def chosen_contract(request: SpaceRequest, contracts: list[Contract]) -> Contract | None:
    """Return the contract that the address names, None for all. Raise Http404 for another's."""
    given = request.GET.get("contract", "")
    if not given:
        return None
    key = number_key(given)
    found = next((one for one in contracts if one.number_key == key), None)
    if found is None:
        raise Http404
    return found
