"""Readings exported to the billing system as a file, and the earlier files."""

import io
import re
from typing import Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from eservices.readings.access import reads
from eservices.readings.deciding import decides
from eservices.readings.exporting import Exported, export_period, write_again
from eservices.readings.models import Reading, ReadingExport
from org.people import permissions_of
from web.shared.files import CSV, download
from web.shared.guard import StaffRequest, page, redirect_after, verb
from web.shared.paging import page_of

ROWS: Final = 30
MOST_PERIODS: Final = 24
_PERIOD: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class _Memory(io.BytesIO):
    """A file in memory: what is sent whole in one answer."""

    def finish(self) -> None:
        """Do nothing more."""


@page(reads)
def show(request: StaffRequest) -> HttpResponse:
    """Show what waits to be exported, by period, and the earlier files."""
    found = page_of(
        ReadingExport.objects.select_related("made_by"), order=["-id"],
        cursor=request.GET.get("from", ""), limit=ROWS,
    )  # fmt: skip
    approved = Reading.objects.filter(state=Reading.State.APPROVED, meter__isnull=False)
    periods = approved.order_by("-period").values_list("period", flat=True).distinct()
    context = {
        "rows": found.rows,
        "next": found.next_cursor,
        "periods": list(periods[:MOST_PERIODS]),
        "decides": decides(permissions_of(request.user)),
        "tab": "handing",
    }
    return render(request, "web/readings/handing.html", context)


@verb(decides)
def export(request: StaffRequest) -> HttpResponseBase:
    """Export what is approved of a period, and send the file."""
    period = request.POST.get("period", "")
    if not _PERIOD.fullmatch(period):
        messages.error(request, _("Choose a period."))
        return redirect_after(reverse("desk:reading_exports"), request)
    sink = _Memory()
    return _file(export_period(period, sink, by=request.user), sink)


@page(decides)
def again(request: StaffRequest, export_id: int) -> HttpResponseBase:
    """Send the file of an earlier export once more."""
    sink = _Memory()
    return _file(write_again(get_object_or_404(ReadingExport, pk=export_id), sink), sink)


def _file(done: Exported, sink: _Memory) -> HttpResponse:
    name = f"readings-{done.export.period}-{done.export.pk}.csv"
    return download(sink.getvalue(), CSV, name=name)
