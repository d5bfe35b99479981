"""The index that a team wrote on its sheet becomes a reading of the request's contract."""

from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from eservices.contracts.finding import contract_numbered
from eservices.contracts.models import Service
from eservices.readings.matching import Match, live_meters
from eservices.readings.models import Reading
from eservices.readings.taking import AlreadyReadError, GivenReading, take_reading
from eservices.relations.models import WorkOrder
from eservices.requests.models import Request

_NAMED: Final = ("energy", "service", "trade")  # answers that say what is measured


def save_index(order_id: str, _result: Any) -> None:
    """Take the index of an order that ended, where its contract has one such meter; once."""
    rows = WorkOrder.objects.select_related("request")
    order = rows.filter(pk=UUID(order_id), state=WorkOrder.State.DONE).first()
    if order is None or order.request is None or not order.meter_index:
        return
    match = _match(order.request)
    whole = order.meter_index.replace(",", ".").partition(".")[0]
    if match is None or not whole.isdecimal():
        return
    day = timezone.localdate(order.ended_at) if order.ended_at else timezone.localdate()
    given = GivenReading(int(whole), day, Reading.Source.FIELD, language=order.request.language)
    try:
        take_reading(match, given)
    except AlreadyReadError:
        return


def _match(request: Request) -> Match | None:
    contract = contract_numbered(request.contract_number)
    if contract is None:
        return None
    meters = live_meters(contract).select_related("contract")
    said = {str(request.answers.get(name, "")) for name in _NAMED} | {request.trade}
    if wanted := said & set(Service.values):
        meters = meters.filter(service__in=wanted)
    found = list(meters[:2])
    return Match(found[0], {}) if len(found) == 1 else None
