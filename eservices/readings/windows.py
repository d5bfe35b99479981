"""For which period a meter is read now, and until when: the round of its sector."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from eservices.contracts.models import Meter
from eservices.readings.models import Round

_LOOKED_AROUND = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Window:
    """The days in which a reading of a period is taken; `open` says whether today is one.

    `round` is None where the office has no rounds for the sector: then a month is a period, and
    every day is open.
    """

    period: str
    opens_on: date
    closes_on: date
    open: bool
    round: Round | None = None


def window_for(sector: str, service: str, *, today: date | None = None) -> Window:
    """Return the window that is open, else the next one, else the last one.

    A round of the sector stands before that of everywhere else, one of the service before that of
    all services, for the same period.
    """
    today = today or timezone.localdate()
    return _window(_rounds({sector}, today), sector, service, today)


def windows_of(meters: Collection[Meter]) -> dict[int, Window]:
    """Return the windows of several meters, by their keys; one query for all."""
    today = timezone.localdate()
    rounds = _rounds({meter.contract.sector for meter in meters}, today)
    return {
        meter.pk: _window(rounds, meter.contract.sector, meter.service, today) for meter in meters
    }


def _rounds(sectors: set[str], today: date) -> list[Round]:
    return list(
        Round.objects.filter(
            sector__in={*sectors, ""},
            closes_on__gte=today - _LOOKED_AROUND,
            opens_on__lte=today + _LOOKED_AROUND,
        )
    )


def _window(rounds: Iterable[Round], sector: str, service: str, today: date) -> Window:
    nearest = _nearest(
        row for row in rounds if row.sector in (sector, "") and row.service in (service, "")
    )
    if not nearest:
        return month_of(today)
    at = [row for row in nearest if row.opens_on <= today <= row.closes_on]
    ahead = [row for row in nearest if row.opens_on > today]
    found = at[-1] if at else ahead[0] if ahead else nearest[-1]
    return Window(found.period, found.opens_on, found.closes_on, bool(at), found)


def _nearest(rows: Iterable[Round]) -> list[Round]:
    """Return one round a period, the one that names most, in the order of their days."""
    chosen: dict[str, Round] = {}
    for row in sorted(rows, key=lambda row: (bool(row.sector), bool(row.service))):
        chosen[row.period] = row
    return sorted(chosen.values(), key=lambda row: (row.opens_on, row.period))


def month_of(day: date) -> Window:
    """Return the month of a day as a window that is open."""
    first = day.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return Window(period_of(day), first, last, True)


def period_of(day: date) -> str:
    """Return the month of a day as a period: "2026-11"."""
    return f"{day:%Y-%m}"
