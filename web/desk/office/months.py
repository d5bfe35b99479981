"""A year as twelve months of weeks: each day with its days off, the weekend and the Hijri day."""

from calendar import Calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR

from org.models import Holiday
from web.hijri import hijri_day, hijri_months

MONDAY_FIRST: Final = Calendar(firstweekday=0)


@dataclass(frozen=True)
class DayCell:
    """A day of a month; `offs` are the days off that fall on it."""

    day: date
    offs: tuple[Holiday, ...]
    weekend: bool
    today: bool
    chosen: bool

    @cached_property
    def kind(self) -> str:
        """The class of the cell: "off", "provisional", "weekend" or ""."""
        if self.offs:
            return "off" if all(row.confirmed for row in self.offs) else "off provisional"
        return "weekend" if self.weekend else ""

    @property
    def hijri(self) -> str:
        """The number of the day in its Hijri month."""
        found = hijri_day(self.day)
        return str(found[2]) if found else ""

    @property
    def names(self) -> str:
        """The names of the days off, in the current language."""
        return " · ".join(str(row.name) for row in self.offs)


@dataclass(frozen=True)
class Month:
    """A month: its name, its Hijri months, and weeks from Monday; None outside the month."""

    number: int
    name: str
    hijri: str
    weeks: list[list[DayCell | None]]


def months_of(
    year: int,
    rows: Iterable[Holiday],
    *,
    weekdays: frozenset[int],
    today: date,
    chosen: date | None = None,
) -> list[Month]:
    """Return the twelve months; `weekdays` are the ISO numbers of the office's working days."""
    offs: dict[date, list[Holiday]] = {}
    for row in rows:
        offs.setdefault(row.day, []).append(row)

    def cell(day: date) -> DayCell:
        weekend = day.isoweekday() not in weekdays
        return DayCell(day, tuple(offs.get(day, ())), weekend, day == today, day == chosen)

    return [_month(year, number, cell) for number in range(1, 13)]


def _month(year: int, number: int, cell: Callable[[date], DayCell]) -> Month:
    weeks = MONDAY_FIRST.monthdatescalendar(year, number)
    days = [day for week in weeks for day in week if day.month == number]
    return Month(
        number=number,
        name=str(MONTHS[number]),
        hijri=hijri_months(days[0], days[-1]),
        weeks=[[cell(day) if day.month == number else None for day in week] for week in weeks],
    )


def week_names() -> list[tuple[str, str]]:
    """Return the days of the week from Monday: their short name and their whole one."""
    return [(str(WEEKDAYS_ABBR[n]), str(WEEKDAYS[n])) for n in range(7)]
