"""Payments exported to the billing system as a file, and the earlier files."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from eservices.bills.models import PaymentExport
from eservices.payments.handing_over import hand_over_payments, waiting, write_again
from eservices.payments.rights import keeps_accounts, reads_accounts
from web.desk.money.tabs import money_page, permissions
from web.shared.files import CSV, download
from web.shared.guard import StaffRequest, page, redirect_after, verb
from web.shared.paging import page_of

ROWS: Final = 30


@page(reads_accounts)
def show(request: StaffRequest) -> HttpResponse:
    """Show whether something waits to be exported, and the earlier files."""
    found = page_of(
        PaymentExport.objects.select_related("made_by"),
        order=["-id"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    context = {
        "rows": found.rows,
        "next": found.next_cursor,
        "keeps": keeps_accounts(permissions(request)),
        "waits": waiting().exists(),
    }
    return money_page(request, "web/money/handing.html", context, at="handing")


@verb(keeps_accounts)
def export(request: StaffRequest) -> HttpResponseBase:
    """Export what the billing system has not yet, and send the file."""
    made, content = _written(lambda path: hand_over_payments(path, by=request.user))
    if made is None:
        messages.info(request, _("Nothing waits to be handed over."))
        return redirect_after(reverse("desk:payment_exports"), request)
    return _file(made, content)


@page(keeps_accounts)
def again(request: StaffRequest, handed_id: int) -> HttpResponseBase:
    """Send the file of an earlier export once more."""
    made = get_object_or_404(PaymentExport, pk=handed_id)
    _done, content = _written(lambda path: write_again(made, path))
    return _file(made, content)


def _written(write: Callable[[Path], Any]) -> tuple[Any, bytes]:
    """Return what writing gives, and the bytes of the file; b"" where none was written."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "payments.csv"
        made = write(path)
        return made, path.read_bytes() if path.exists() else b""


def _file(made: PaymentExport, content: bytes) -> HttpResponse:
    return download(content, CSV, name=f"payments-{made.pk}.csv")
