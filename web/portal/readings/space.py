"""Readings in my space: one's meters, what was sent, the use of the months, and an alert."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from eservices.contracts.access import contracts_shown
from eservices.contracts.models import ContractEvent, Meter, Service
from eservices.readings.chart import UNITS, use_chart
from eservices.readings.history import last_known
from eservices.readings.matching import SERVICE, Match
from eservices.readings.models import Reading
from eservices.readings.taking import window_of
from eservices.readings.warning import last_unusual
from eservices.readings.windows import Window
from web.portal.readings.sending import in_use, meters_of
from web.portal.space.door import SpaceRequest, page
from web.shared.paging import page_of

ROWS = 24


@dataclass(frozen=True, slots=True)
class Shown:
    """A meter of the person's, with its window and the latest reading."""

    meter: Meter
    service: str
    unit: str
    window: Window
    latest: Reading | None
    last: Any
    sends: bool  # a mandate may be to look on alone

    @property
    def may_send(self) -> bool:
        """Whether a reading is awaited now."""
        there = self.latest is not None and self.latest.period == self.window.period
        return (
            self.sends
            and self.window.open
            and not (there and self.latest and self.latest.state != "declined")
        )


@page
def listed(request: SpaceRequest) -> HttpResponse:
    """Show the person's meters and whether a reading is awaited."""
    meters = in_use(contracts_shown(request.person, SERVICE))
    latest: dict[int, Reading] = {}
    rows = Reading.objects.filter(meter__in=meters, contract=F("meter__contract"))
    rows = rows.order_by("-made_at", "-pk")
    for row in rows.only("meter_id", "period", "state", "index", "read_on", "reason")[:2000]:
        if row.meter_id is not None:
            latest.setdefault(row.meter_id, row)
    own = meters_of(request.person)
    context = {
        "tab": "readings",
        "meters": [_shown(m, latest.get(m.pk), sends=m in own) for m in meters],
    }
    return render(request, "portal/readings/meters.html", context)


def _shown(meter: Meter, latest: Reading | None, *, sends: bool) -> Shown:
    service = Service(meter.service)
    window = window_of(Match(meter, {}))
    return Shown(
        meter, str(service.label), UNITS[service], window, latest, last_known(meter), sends
    )


@page
def show(request: SpaceRequest, meter_id: int) -> HttpResponse:
    """Show a meter: its use by month, its readings, an alert. Another's is not there."""
    rows = Meter.objects.filter(contract__in=contracts_shown(request.person, SERVICE))
    meter = get_object_or_404(rows.select_related("contract"), pk=meter_id)
    found = page_of(
        Reading.objects.filter(meter=meter, contract=meter.contract_id),
        order=("-read_on", "-id"),
        cursor=request.GET.get("cursor", ""),
        limit=ROWS,
    )
    own = meters_of(request.person)
    alert: ContractEvent | None = last_unusual(meter)
    context = {
        "tab": "readings",
        "it": _shown(meter, found.rows[0] if found.rows else None, sends=meter in own),
        "picture": use_chart(meter),
        "rows": found.rows,
        "next_cursor": found.next_cursor,
        "alert": alert.data if alert else None,
    }
    return render(request, "portal/readings/meter.html", context)
