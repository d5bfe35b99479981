"""What a person of my space paid, newest first."""

from django.http import HttpResponse
from django.shortcuts import render

from eservices.bills.models import Allocation
from eservices.payments.models import Payment
from web.portal.space.door import SpaceRequest, page
from web.shared.paging import page_of

ROWS = 30


@page
def payments(request: SpaceRequest) -> HttpResponse:
    """List the person's payments with their bills and receipts."""
    shown = page_of(
        Payment.objects.filter(person=request.person),
        order=("-posted_at", "-id"),
        cursor=request.GET.get("cursor", ""),
        limit=ROWS,
    )
    receipts = [row.receipt for row in shown.rows]
    bills: dict[str, list[str]] = {receipt: [] for receipt in receipts}
    allocated = Allocation.objects.filter(receipt__in=receipts, amount__gt=0).order_by("pk")
    for receipt, number in allocated.values_list("receipt", "bill__number"):
        bills[receipt].append(number)
    rows = [(row, bills[row.receipt]) for row in shown.rows]
    context = {"tab": "payments", "rows": rows, "next_cursor": shown.next_cursor}
    return render(request, "portal/space/payments.html", context)
