"""Readings for tests: meters with a history, requests that are readings."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from eservices.contracts.models import Meter
from eservices.readings.models import Reading, Round
from eservices.requests.models import Request
from org.models import Department, Membership, User
from tests.eservices.contracts.contracts import a_contract, a_meter
from tests.eservices.office import opened
from tests.factories import drain, person


def today() -> date:
    """Return the day of now at the office."""
    return timezone.localdate()


def a_read_meter(
    number: str = "1000001", *, last: int = 1200, days: int = 30, **more: Any
) -> Meter:
    """Return a meter read `days` ago, where 15 a month is usual, also a year before."""
    contract = a_contract(number, **more)
    meter = a_meter(
        contract, f"WM{number}", last_index=last, last_read_on=today() - timedelta(days=days)
    )
    for back, index in ((365 + days, last - 180 - 15), (365, last - 180), (182, last - 90)):
        if back > days:
            a_reading(meter, index=index, read_on=today() - timedelta(days=back), state="exported")
    return meter


def a_reading(meter: Meter, **fields: Any) -> Reading:
    """Write a reading as it stands, without any check."""
    given: dict[str, Any] = {
        "index": 1215,
        "read_on": today(),
        "source": "portal",
        "state": "received",
    } | fields
    return Reading.objects.create(
        meter=meter, contract=meter.contract, made_at=timezone.now(),
        period=given.pop("period", str(given["read_on"])[:7]), **given,
    )  # fmt: skip


def sent(meter: Meter | None, index: int, *, check: bool = True, **more: Any) -> Request:
    """Send a reading as the request that it is; the job checks it."""
    answers = {
        "contract": meter.contract.number if meter else "999",
        "energy": "water",
        "serial": meter.serial if meter else "X1",
        "index": index,
        "read_on": today().isoformat(),
    } | more.pop("answers", {})
    request = opened(
        "self_reading", answers=answers, email=more.pop("email", "fatima@example.ma"), **more
    )
    if check:
        drain("reading.check")
    return Request.objects.get(pk=request.pk)


def a_round(period: str = "", *, opens: int = -3, closes: int = 5, **fields: Any) -> Round:
    """Return a round whose days are counted from today."""
    return Round.objects.create(
        period=period or f"{today():%Y-%m}",
        opens_on=today() + timedelta(days=opens),
        closes_on=today() + timedelta(days=closes),
        made_at=timezone.now(),
        **fields,
    )


def reader() -> User:
    """Return Badr, who reads meters too: a member of the department CPT."""
    badr = person("badr")
    Membership.objects.get_or_create(
        user=badr, department=Department.objects.get(code="CPT"), defaults={"role": "member"}
    )
    return badr
