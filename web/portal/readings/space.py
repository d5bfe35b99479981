"""Readings in my space: one's meters, what was sent, the use of the months, and an alert."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from eservices.contracts.access import contracts_of, contracts_shown
from eservices.contracts.models import Contract, ContractEvent, Meter, Service
from eservices.readings.chart import use_chart
from eservices.readings.history import last_known_of
from eservices.readings.holders import readings_of_holders
from eservices.readings.matching import SERVICE
from eservices.readings.models import Reading
from eservices.readings.warning import last_unusual
from eservices.readings.windows import Window, windows_of
from web.portal.readings.sending import in_use, meters_of
from web.portal.space.access import SpaceRequest, page
from web.portal.space.session import person_in
from web.shared.contract_sections import Section
from web.shared.paging import page_of
from web.shared.reading_section import readings_section

ROWS = 24


@dataclass(frozen=True, slots=True)
class OwnMeter:
    """A meter of the person's, with its window and the latest reading."""

    meter: Meter
    service: str
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
    rows = readings_of_holders(meters).order_by("-made_at", "-pk")
    for row in rows.only("meter_id", "period", "state", "index", "read_on", "reason")[:2000]:
        if row.meter_id is not None:
            latest.setdefault(row.meter_id, row)
    context = {"tab": "readings", "meters": _shown(meters, latest, meters_of(request.person))}
    return render(request, "portal/readings/meters.html", context)


def of_contract(request: HttpRequest, contract: Contract) -> Section | None:
    """Return what the page of a contract in my space shows of its meters; None without any."""
    person = person_in(request)
    own = contracts_of(person, service=SERVICE) if person else Contract.objects.none()
    sends = own.filter(pk=contract.pk).exists()
    return readings_section(contract, "portal/readings/section.html", of_holder=True, sends=sends)


def _shown(meters: list[Meter], latest: dict[int, Reading], own: list[Meter]) -> list[OwnMeter]:
    known, windows, sends = (
        last_known_of(meters, of_holder=True),
        windows_of(meters),
        {one.pk for one in own},
    )
    return [
        OwnMeter(
            meter=meter,
            service=str(Service(meter.service).label),
            window=windows[meter.pk],
            latest=latest.get(meter.pk),
            last=known.get(meter.pk),
            sends=meter.pk in sends,
        )
        for meter in meters
    ]


@page
def show(request: SpaceRequest, meter_id: int) -> HttpResponse:
    """Show a meter: its use by month, its readings, an alert. Another's is not there."""
    rows = Meter.objects.filter(contract__in=contracts_shown(request.person, SERVICE))
    meter = get_object_or_404(rows.select_related("contract"), pk=meter_id)
    found = page_of(
        readings_of_holders([meter]),
        order=("-read_on", "-id"),
        cursor=request.GET.get("cursor", ""),
        limit=ROWS,
    )
    latest = {meter.pk: found.rows[0]} if found.rows else {}
    [it] = _shown([meter], latest, meters_of(request.person))
    alert: ContractEvent | None = last_unusual(meter, of_holder=True)
    context = {
        "tab": "readings",
        "it": it,
        "picture": use_chart(meter, of_holder=True),
        "rows": found.rows,
        "next_cursor": found.next_cursor,
        "alert": alert.data if alert else None,
    }
    return render(request, "portal/readings/meter.html", context)
