"""Bills for the staff: found by their number or their contract's; one bill with its files."""

from typing import Any, Final

from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from eservices.bills.listing import LATE, NEWEST, late_of, paid_too_much
from eservices.bills.models import Bill
from eservices.bills.rights import reads_bills
from eservices.contracts.finding import contract_numbered
from eservices.contracts.looks import note_look
from web.shared.bills import line_of, pdf_of, sheet_of, xml_of
from web.shared.guard import StaffRequest, page
from web.shared.paging import page_of

ROWS: Final = 25
_LATEST: Final = ("-id",)


@page(reads_bills)
def listed(request: StaffRequest) -> HttpResponseBase:
    """Show a contract's bills, or the latest of all; a bill's own number leads to it."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:60]
    unpaid = request.GET.get("unpaid", "")
    unpaid = unpaid if unpaid in ("1", "late", "over") else ""
    found = Bill.objects.filter(number=text).first() if text else None
    if found is not None:
        return HttpResponseRedirect(reverse("desk:bill", args=[found.pk]), status=303)
    contract = contract_numbered(text)
    note_look(contract, viewer=request.user)
    rows = Bill.objects.select_related("contract")
    rows = rows.filter(contract=contract) if text else rows
    order = NEWEST if contract else _LATEST
    if unpaid == "late":
        rows, order = late_of(rows, on=timezone.localdate()), LATE
    elif unpaid == "over":
        rows = paid_too_much(rows)
    elif unpaid:
        rows = rows.filter(remaining__gt=0)
    shown = page_of(
        rows.none() if text and contract is None else rows,
        order=order,
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    context: dict[str, Any] = {
        "lines": [line_of(bill) for bill in shown.rows],
        "next": shown.next_cursor,
        "text": text,
        "unpaid": unpaid,
        "contract": contract,
        "address": urlencode({k: v for k, v in (("q", text), ("unpaid", unpaid)) if v}),
    }
    return render(request, "web/bills/list.html", context)


@page(reads_bills)
def show(request: StaffRequest, bill_id: int) -> HttpResponse:
    """Show one bill."""
    return render(request, "web/bills/bill.html", sheet_of(_bill(request, bill_id)))


@page(reads_bills)
def pdf(request: StaffRequest, bill_id: int) -> HttpResponseBase:
    """Return the bill as PDF."""
    return pdf_of(_bill(request, bill_id))


@page(reads_bills)
def xml(request: StaffRequest, bill_id: int) -> HttpResponseBase:
    """Return the bill as XML, where it came so."""
    return xml_of(_bill(request, bill_id, came="xml"))


def _bill(request: StaffRequest, bill_id: int, *, came: str = "") -> Bill:
    """Return the bill; the look at its contract is on record.

    Raise Http404 where there is none, or none that came with this file.
    """
    rows = Bill.objects.select_related("contract", "request__letter", "pdf", "xml")
    found = rows.filter(pk=bill_id).first()
    if found is None or (came and getattr(found, came) is None):
        raise Http404
    note_look(found.contract, viewer=request.user)
    return found
