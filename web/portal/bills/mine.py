"""My bills: the list, one bill, its files. Another's bill answers like one that does not exist."""

from typing import Final

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from eservices.bills.holders import of_present_holders
from eservices.bills.listing import NEWEST, bills_of, contracts_seen, due_of
from eservices.bills.models import Bill
from eservices.contracts.models import Contract
from language.reach import number_key
from web.portal.payment.allowed import payable_of
from web.portal.space.access import SpaceRequest, page
from web.shared.bill_sections import bills_section
from web.shared.bills import line_of, pdf_of, sheet_of, xml_of
from web.shared.contract_sections import Section
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
    payable = payable_of(request, rows)  # a mandate may be to look on alone
    pays = _keys(payable.filter(pk__in=[bill.pk for bill in shown.rows]))
    context = {
        "tab": "bills",
        "rows": [line_of(bill) for bill in shown.rows],
        "pays": pays,
        "pays_any": bool(pays) or payable.exists(),
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
    pays = payable_of(request, Bill.objects.filter(pk=bill.pk))
    context = {"tab": "bills", **sheet_of(bill), "pays": _keys(pays)}
    return render(request, "portal/bills/bill.html", context)


@page
def pdf(request: SpaceRequest, bill_id: int) -> HttpResponseBase:
    """Return the bill as PDF."""
    return pdf_of(bill_in(request, bill_id))


@page
def xml(request: SpaceRequest, bill_id: int) -> HttpResponseBase:
    """Return the bill as XML, where it came so."""
    return xml_of(bill_in(request, bill_id))


def of_contract(request: HttpRequest, contract: Contract) -> Section:
    """Return what the page of a contract in my space shows of its bills."""
    rows = Bill.objects.filter(of_present_holders([contract.pk]))
    pays = payable_of(request, rows).exists()
    return bills_section("portal/bills/of_contract.html", contract, rows, pays=pays)


def _keys(bills: QuerySet[Bill]) -> set[int]:
    return set(bills.values_list("pk", flat=True))


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
