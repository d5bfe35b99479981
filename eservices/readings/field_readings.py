"""The indexes that a team wrote on its sheet become readings of the request's contract."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from eservices.contracts.finding import contract_numbered, serial_key
from eservices.contracts.models import Meter, Service
from eservices.readings.matching import Match, live_meters
from eservices.readings.models import Reading
from eservices.readings.taking import AlreadyReadError, GivenReading, note, take_reading
from eservices.relations.models import FieldEntry, WorkOrder
from eservices.requests.models import Request

_NAMED: Final = ("energy", "service", "trade")  # answers that say what is measured
_INDEX: Final = re.compile(r"\d{1,12}", re.ASCII)


def save_index(order_id: str, _result: Any) -> None:
    """Take the indexes of an order that ended, where its contract has such meters; once.

    Where the meter has a reading of the period already, what the team read stands in its history.
    """
    rows = WorkOrder.objects.select_related("request")
    order = rows.filter(pk=UUID(order_id), state=WorkOrder.State.DONE).first()
    if order is None or order.request is None:
        return
    for meter, index, day in _read(order, _meters(order.request)):
        given = GivenReading(index, day, Reading.Source.FIELD, language=order.request.language)
        try:
            take_reading(Match(meter, {}), given)
        except AlreadyReadError as error:
            _note(error.reading, index, order)


def _read(order: WorkOrder, meters: list[Meter]) -> Iterator[tuple[Meter, int, date]]:
    """Yield what was last read of each meter: by its serial, without one of the only meter."""
    found: dict[int, tuple[Meter, int, date]] = {}
    entries = FieldEntry.objects.filter(order=order, kind="index").order_by("made_at", "pk")
    for entry in entries:
        key = serial_key(str(entry.data.get("serial") or ""))
        meant = [meter for meter in meters if not key or meter.serial_key == key]
        whole = re.split(r"[.,]", str(entry.data.get("value", "")))[0]
        if len(meant) == 1 and _INDEX.fullmatch(whole):
            day = timezone.localdate(entry.made_at)
            found[meant[0].pk] = (meant[0], int(whole), day)
    yield from found.values()


def _note(standing: Reading, index: int, order: WorkOrder) -> None:
    known = standing.events.filter(kind="read_by_team").values_list("data", flat=True)
    if not any(data.get("order") == str(order.pk) for data in known):
        note(standing, "read_by_team", index=index, order=str(order.pk))


def _meters(request: Request) -> list[Meter]:
    """Return the meters in use of the request's contract, of what it is about where it says so."""
    contract = contract_numbered(request.contract_number)
    if contract is None:
        return []
    meters = live_meters(contract).select_related("contract")
    said = {str(request.answers.get(name, "")) for name in _NAMED} | {request.trade}
    if wanted := said & set(Service.values):
        meters = meters.filter(service__in=wanted)
    return list(meters[:20])
