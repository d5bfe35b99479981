"""What is known of a meter's use, and of its last index: from readings and from rooms above.

Bills show use too; their room registers itself by `add_source`.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from eservices.contracts.models import Contract, Meter
from eservices.readings.holders import first_days
from eservices.readings.models import Reading
from eservices.readings.plausibility import Facts, Use, per_day

Source = Callable[[Meter], Iterable[Use]]
LOOKED_BACK: Final = timedelta(days=800)
COUNTED: Final = (Reading.State.APPROVED, Reading.State.EXPORTED)
_TURNED: Final = 10  # of the register that may lie between two readings around its end
_SOURCES: Final[list[Source]] = []


def add_source(source: Source) -> None:
    """Register another source of a meter's use."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def facts_of(meter: Meter, *, without: UUID | None = None) -> Facts:
    """Return what an index of this meter is compared with; `without` that reading itself.

    What is usual is that of the present holder: another household used otherwise.
    """
    points = _points(meter, without=without)
    last_on, last_index = points[-1] if points else (None, None)
    contract = meter.contract
    low, high = settings.READING_BAND
    return Facts(
        service=meter.service,
        digits=meter.digits,
        last_index=last_index,
        last_on=last_on,
        installed_on=meter.installed_on,
        removed_on=meter.removed_on,
        contract_closed=contract.status == Contract.Status.CLOSED,
        large=contract.customer_type != Contract.CustomerType.PERSON,
        uses=_of_holder(meter, _uses(meter, points)),
        band=(low, high),
    )


def last_known(meter: Meter) -> tuple[date, int] | None:
    """Return the day and the index last known of a meter."""
    return last_known_of([meter]).get(meter.pk)


def last_known_of(
    meters: Collection[Meter], *, of_holder: bool = False
) -> dict[int, tuple[date, int]]:
    """Return the day and the index last known of several meters, by their keys.

    `of_holder`: without those of a holder before the present one.
    """
    known = {key: points[-1] for key, points in _points_of(meters).items() if points}
    if not of_holder:
        return known
    first = first_days(meters)
    return {key: last for key, last in known.items() if last[0] >= first.get(key, last[0])}


def uses_of(
    meter: Meter, *, without: UUID | None = None, of_holder: bool = False
) -> tuple[Use, ...]:
    """Return the uses that are known of the last two years, from every source.

    `of_holder`: without those of a holder before the present one.
    """
    uses = _uses(meter, _points(meter, without=without))
    return _of_holder(meter, uses) if of_holder else uses


def _of_holder(meter: Meter, uses: tuple[Use, ...]) -> tuple[Use, ...]:
    first = first_days([meter]).get(meter.pk)
    return tuple(use for use in uses if use.from_on >= first) if first else uses


def _uses(meter: Meter, points: Sequence[tuple[date, int]]) -> tuple[Use, ...]:
    found = [
        Use(first, last, used)
        for (first, index), (last, later) in pairwise(points)
        if (used := used_between(index, later, meter.digits)) is not None
    ]
    for source in _SOURCES:
        found += [use for use in source(meter) if use.days > 0 and use.amount >= 0]
    return tuple(sorted(found, key=lambda use: (use.from_on, use.to_on)))


def used_between(index: int, later: int, digits: int) -> int | None:
    """Return what lies between two indexes; None where they contradict each other.

    A smaller index after a larger one has turned over only near the end of the register.
    """
    if later >= index:
        return later - index
    turned = 10**digits - index + later
    return turned if turned <= 10**digits // _TURNED else None


def _points(meter: Meter, *, without: UUID | None = None) -> list[tuple[date, int]]:
    return _points_of([meter], without=without)[meter.pk]


def _points_of(
    meters: Collection[Meter], *, without: UUID | None = None
) -> dict[int, list[tuple[date, int]]]:
    """Return the indexes that hold under the present contract, by day; billing's come first."""
    since = timezone.localdate() - LOOKED_BACK
    rows = Reading.objects.filter(
        meter__in=[meter.pk for meter in meters], contract=F("meter__contract"),
        state__in=COUNTED, read_on__gte=since,
    )  # fmt: skip
    if without:
        rows = rows.exclude(pk=without)
    points: dict[int, dict[date, int]] = {meter.pk: {} for meter in meters}
    found = rows.order_by("read_on", "made_at").values_list("meter_id", "read_on", "index")
    for meter_id, day, index in found:
        points[meter_id or 0][day] = index
    for meter in meters:
        if meter.last_index is not None and meter.last_read_on:
            points[meter.pk][meter.last_read_on] = meter.last_index
    return {key: sorted(days.items()) for key, days in points.items()}


def months_of(
    meter: Meter, *, until: date, count: int = 12, of_holder: bool = False
) -> list[tuple[date, int | None]]:
    """Return the use of each of the last months, by their first days; None where unknown."""
    uses = uses_of(meter, of_holder=of_holder)
    first = until.replace(day=1)
    found: list[tuple[date, int | None]] = []
    for _month in range(count):
        after = (first + timedelta(days=32)).replace(day=1)
        rate = per_day(uses, first, after)
        found.append((first, None if rate is None else round(rate * (after - first).days)))
        first = (first - timedelta(days=1)).replace(day=1)
    return found[::-1]
