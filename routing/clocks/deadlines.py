"""By when a letter is answered, and why that day: pure functions of a rule, a calendar, a start.

The figures are rows (DeadlineRule), the days off are the office's (org.Holiday): none stands here.
What is kept is facts and their words in the office's three languages; `words_of` says them anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

Names = Mapping[str, str]  # language → name
LANGUAGES = ("ar", "fr", "en")
CALENDAR, WORKING = "calendar", "working"
FAR_DAYS = 3660  # a calendar on which nobody works for ten years is a mistake, not a wait


@dataclass(frozen=True, slots=True)
class Clock:
    """A figure: so many days, "calendar" or "working"; which ISO weekdays are worked; its basis."""

    days: int
    unit: str
    weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    basis: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Due:
    """The last day, the day the count ended on before it moved, and the holidays left out."""

    on: date
    start: date
    counted_to: date
    holidays: tuple[tuple[date, Names], ...]


class NoWorkingDayError(ValueError):
    """The calendar leaves no day to work on."""


def due_date(clock: Clock, *, holidays: Mapping[date, Names], start: date) -> Due:
    """The last day of a term that starts on `start` (the day of receipt, which does not count).

    Calendar days all count; a term that ends on a day off ends on the next working day. Working
    days leave out the weekdays that are not worked and the holidays. Raises NoWorkingDayError.
    """
    if clock.unit == WORKING:
        end = counted = _after_working(clock, holidays=holidays, start=start)
    else:
        counted = start + timedelta(days=clock.days)
        end = counted
        while not works_on(end, clock=clock, holidays=holidays):
            end += timedelta(days=1)
            if (end - counted).days > FAR_DAYS:
                raise NoWorkingDayError
    first = counted if clock.unit == CALENDAR else start + timedelta(days=1)
    passed = tuple(
        (day, holidays[day])
        for day in sorted(holidays)
        if first <= day <= end and day.isoweekday() in clock.weekdays
    )
    return Due(on=end, start=start, counted_to=counted, holidays=passed)


def works_on(day: date, *, clock: Clock, holidays: Mapping[date, Names]) -> bool:
    """Whether the office works on this day."""
    return day.isoweekday() in clock.weekdays and day not in holidays


def _after_working(clock: Clock, *, holidays: Mapping[date, Names], start: date) -> date:
    day, left = start, clock.days
    while left:
        day += timedelta(days=1)
        left -= works_on(day, clock=clock, holidays=holidays)
        if (day - start).days > FAR_DAYS:
            raise NoWorkingDayError
    return day


def explained(due: Due, *, clock: Clock) -> dict[str, Any]:
    """Plain JSON for letter.due_explained: the facts, and under ar, fr, en the words as of now."""
    facts: dict[str, Any] = {
        "days": clock.days,
        "unit": str(clock.unit),
        "start": due.start.isoformat(),
        "counted_to": due.counted_to.isoformat(),
        "due_on": due.on.isoformat(),
        "holidays": [[day.isoformat(), dict(names)] for day, names in due.holidays],
        "basis": dict(clock.basis),
    }
    for language in LANGUAGES:
        with override(language):
            facts[language] = words_of(facts, language=language)
    return facts


def words_of(facts: Mapping[str, Any], *, language: str) -> str:
    """Why this day, as a sentence or two in the active language; "" without facts."""
    if not facts:
        return ""
    days = int(facts["days"])
    if facts["unit"] == WORKING:
        term = ngettext("%(days)d working day", "%(days)d working days", days)
    else:
        term = ngettext("%(days)d calendar day", "%(days)d calendar days", days)
    parts = [
        _("%(term)s from the receipt on %(start)s end on %(end)s.")
        % {
            "term": term % {"days": days},
            "start": _day(facts["start"]),
            "end": _day(facts["counted_to"]),
        }
    ]
    if facts["due_on"] != facts["counted_to"]:
        parts.append(
            _("This is not a working day: the term ends on %(day)s.")
            % {"day": _day(facts["due_on"])}
        )
    if facts["holidays"]:
        listed = "; ".join(f"{name} ({_day(day)})" for day, name in _named(facts, language))
        parts.append(_("Days off left out: %(days)s.") % {"days": listed})
    if basis := facts["basis"].get(language):
        parts.append(_("Basis: %(basis)s.") % {"basis": basis})
    return " ".join(parts)


def _named(facts: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    return [(day, names.get(language, "")) for day, names in facts["holidays"]]


def _day(iso: str) -> str:
    return date.fromisoformat(iso).strftime("%d/%m/%Y")
