"""Meters on a contract's pages: their use by month, an alert, the way to their readings."""

from typing import Any

from django.http import HttpRequest

from eservices.contracts.models import Contract
from eservices.readings.chart import use_chart
from eservices.readings.matching import live_meters
from eservices.readings.warning import last_unusual
from web.shared.contract_sections import Section

MOST = 6


def for_staff(_request: HttpRequest, contract: Contract) -> Section | None:
    """Return the part of the desk's page; None for a contract without a meter."""
    return readings_section(contract, "web/readings/section.html")


def readings_section(
    contract: Contract, template: str, *, of_holder: bool = False, **more: Any
) -> Section | None:
    """Return the meters of a contract for a template; None for one without a meter.

    `of_holder`: without what a holder before the present one used.
    """
    meters = list(live_meters(contract).select_related("contract")[:MOST])
    if not meters:
        return None
    shown = [
        (meter, use_chart(meter, of_holder=of_holder), last_unusual(meter, of_holder=of_holder))
        for meter in meters
    ]
    return Section(template, {"shown": shown, "contract": contract, **more})
