"""How long the clerks' checks take: stored for each check, reported by day."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import median
from typing import Final

from django.utils import timezone

from routing.models.check import CheckTiming

BREAK: Final = 3600.0  # seconds: who comes back later than that was not checking all the while
DAYS: Final = 7
MOST: Final = 20_000  # checks looked at for a table


@dataclass(frozen=True, slots=True)
class DayOfChecks:
    """The checks of one day: their number, their duration, and how many facts were corrected.

    Seconds run from page to decision (median, and what nine in ten stay below).
    """

    day: date
    checks: int
    median: float
    p90: float
    corrected: int


def keep_time(*, seconds: float, visible_seconds: float | None, corrected: int) -> None:
    """Store the duration of a check; one with a break in it is not kept.

    `visible_seconds` is reported by the browser and counts as far as it can be true.
    """
    if not 0 <= seconds <= BREAK:
        return
    seen = min(max(visible_seconds, 0.0), seconds) if visible_seconds is not None else None
    CheckTiming.objects.create(
        day=timezone.localdate(), seconds=seconds, visible_seconds=seen, corrected=corrected
    )


def days_of_checks() -> list[DayOfChecks]:
    """Return the last DAYS days on which letters were checked, the newest first."""
    newest = CheckTiming.objects.order_by("-day", "-id")[:MOST]
    rows = newest.values_list("day", "seconds", "corrected")
    days = [_day(day, list(group)) for day, group in groupby(rows, key=lambda row: row[0])]
    return days[:DAYS]


def _day(day: date, rows: list[tuple[date, float, int]]) -> DayOfChecks:
    seconds = sorted(row[1] for row in rows)
    return DayOfChecks(
        day=day,
        checks=len(rows),
        median=median(seconds),
        p90=seconds[max(0, -(-9 * len(seconds) // 10) - 1)],
        corrected=sum(row[2] for row in rows),
    )
