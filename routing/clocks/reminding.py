"""When to remind that a letter is due: pure functions of due date, steps, open days.

A step is a number of days before the due date (negative: after it) and the roles reminded then. A
reminder that would fall on a closed day is given on the open day before it, never late; one about
a term that is over on the next open day.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

PERSON, HEAD, DIRECTOR = "person", "head", "director"
ROLES = frozenset({PERSON, HEAD, DIRECTOR})
MOST_DAYS = 365
CLOSED_DAYS = 60  # no office is closed for longer than that
Steps = Mapping[int, frozenset[str]]
IsOpen = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Window:
    """Letters due from the first to the last day stand at this step today; None: at any time."""

    days_left: int
    first: date | None
    last: date


@dataclass(frozen=True, slots=True)
class Hours:
    """When the office works: ISO weekdays, and from when until when."""

    weekdays: frozenset[int]
    opens: time
    closes: time


def steps_of(text: str) -> dict[int, frozenset[str]]:
    """Parse "5:person -1:person+head" as steps; raise ImproperlyConfigured for anything else."""
    steps: dict[int, frozenset[str]] = {}
    for part in text.split():
        days, _colon, names = part.partition(":")
        roles = frozenset(names.split("+"))
        plain = days.removeprefix("-")
        fine = plain.isascii() and plain.isdecimal() and int(plain) <= MOST_DAYS
        if not fine or not roles <= ROLES or int(days) in steps:
            words = _("“%(text)s” is no step of reminders, like %(example)s.")
            raise ImproperlyConfigured(words % {"text": part, "example": "-1:person+head"})
        steps[int(days)] = roles
    return steps


def hours_of(text: str) -> Hours:
    """Parse "12345 08:30-16:30" as hours; raise ImproperlyConfigured for anything else."""
    weekdays, _space, span = text.partition(" ")
    opens, _dash, closes = span.strip().partition("-")
    words = _("“%(text)s” are no office hours, like %(example)s.")
    told = {"text": text, "example": "12345 08:30-16:30"}
    try:
        hours = Hours(
            frozenset(map(int, weekdays)), time.fromisoformat(opens), time.fromisoformat(closes)
        )
    except ValueError as error:
        raise ImproperlyConfigured(words % told) from error
    if not hours.weekdays <= set(range(1, 8)) or not hours.weekdays or opens >= closes:
        raise ImproperlyConfigured(words % told)
    return hours


def reminder_day(due: date, days_left: int, *, is_open: IsOpen) -> date:
    """Return the open day on which a step's reminder is given."""
    day = due - timedelta(days=days_left)
    way = timedelta(days=-1 if days_left >= 0 else 1)
    for _day in range(CLOSED_DAYS):
        if is_open(day):
            break
        day += way
    return day


def step_on(due: date, today: date, *, steps: Steps, is_open: IsOpen) -> int | None:
    """Return the last step whose day has come; None before the first.

    A letter that comes late into its term is reminded of its present step, not of missed ones.
    """
    passed = [n for n in steps if reminder_day(due, n, is_open=is_open) <= today]
    return min(passed, default=None)


def windows(today: date, *, steps: Steps, is_open: IsOpen) -> list[Window]:
    """Return the due dates that are at each step today, in as few windows as there are steps."""
    if not steps:
        return []
    reach = CLOSED_DAYS + max(map(abs, steps))
    found: dict[int, Window] = {}
    for ahead in range(-reach, reach + 1):
        due = today + timedelta(days=ahead)
        step = step_on(due, today, steps=steps, is_open=is_open)
        if step is None:
            continue
        first = found[step].first if step in found else due
        found[step] = Window(step, None if step == min(steps) else first, due)
    return list(found.values())
