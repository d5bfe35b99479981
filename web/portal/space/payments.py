"""What a person of my space paid, newest first."""

from django.http import HttpResponse
from django.shortcuts import render

from eservices.payments.listing import numbers_of
from eservices.payments.models import Payment
from web.portal.space.access import SpaceRequest, page
from web.shared.paging import page_of

ROWS = 30


@page
def listed(request: SpaceRequest) -> HttpResponse:
    """List the person's payments with their bills and receipts."""
    shown = page_of(
        Payment.objects.filter(person=request.person),
        order=("-posted_at", "-id"),
        cursor=request.GET.get("cursor", ""),
        limit=ROWS,
    )
    receipts = [row.receipt for row in shown.rows]
    bills = numbers_of(receipts)
    rows = [(row, bills.get(row.receipt, [])) for row in shown.rows]
    context = {"tab": "payments", "rows": rows, "next_cursor": shown.next_cursor}
    return render(request, "portal/space/payments.html", context)
