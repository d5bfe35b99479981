"""Deadline as a pure function of a rule, a start, a calendar, stops, extensions.

Rules, each a setting of `Clock`: the day of receipt does not count; neither do the days of a stop,
both ends included; an extension adds days of the same unit; a term that ends on a closed day or
inside a stop ends on the next open day. The figures are rows (DeadlineRule), the days off are the
office's (org.Holiday): none stands here. docs/clocks.md explains the same to administrators.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

Names = Mapping[str, str]  # language → name
Calendar = Mapping[date, Names]  # days off → their names
CALENDAR, WORKING = "calendar", "working"
# A calendar on which nothing counts for ten years is a configuration error.
FAR_DAYS = 3660

# What is said of a day: END is the last counted one where it is closed, DUE the open one after it.
START, COUNTED, WEEKEND, HOLIDAY = "start", "counted", "weekend", "holiday"
STOP, END, DUE = "stop", "end", "due"


@dataclass(frozen=True, slots=True)
class Clock:
    """A number of days, "calendar" or "working"; which ISO weekdays are worked; its legal basis.

    `first_day_counts`: the day of receipt does. `moves`: a term that ends on a closed day ends on
    the next open one. `stop_ends_count`: the first and the last day of a stop do count.
    """

    days: int
    unit: str
    weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    basis: Mapping[str, str] = field(default_factory=dict)
    first_day_counts: bool = False
    moves: bool = True
    stop_ends_count: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Stop:
    """A stop of the clock from the first to the last day, with the reason as it was given."""

    first: date
    last: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Consecutive days that were treated alike: how many of them counted, and why."""

    first: date
    last: date
    counted: int
    why: str
    names: Names = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Due:
    """The last day, the day the count ended on before it moved, and all days from the start on.

    `extended` is by how many days the rule's figure was lengthened.
    """

    on: date
    start: date
    counted_to: date
    steps: tuple[Step, ...]
    stops: tuple[Stop, ...] = ()
    extended: int = 0

    @property
    def holidays(self) -> tuple[tuple[date, Names], ...]:
        """Days off that were left out, one by one."""
        return tuple((s.first, s.names) for s in self.steps if s.why == HOLIDAY)

    @property
    def ended_on(self) -> Names:
        """The names of the day off that the count ended on; empty where it ended on no such day."""
        return next((s.names for s in self.steps if s.why == END), {})


class NoWorkingDayError(ValueError):
    """The calendar leaves no day that counts, or none on which the term could end."""


def due_date(
    clock: Clock,
    *,
    holidays: Calendar,
    start: date,
    stops: Iterable[Stop] = (),
    extensions: Iterable[int] = (),
) -> Due:
    """Return the last day of a term that starts on `start`, the day of receipt.

    Calendar days count except those of a stop. Working days also leave out the weekdays that are
    not worked and the holidays. Stops may overlap, and come in any order. Raise NoWorkingDayError
    where no such day is found.
    """
    standing = tuple(sorted(set(stops)))
    first = _first_day(clock, start)
    extended = sum(extensions)
    left = clock.days + extended
    days: list[Step] = []
    for step in _days_from(clock, holidays=holidays, start=start, stops=standing):
        days.append(step)
        left -= step.counted
        if not left:
            break
    counted_to = days[-1].last
    closed = _closed(counted_to, clock=clock, holidays=holidays)
    if clock.moves and closed:
        days[-1] = Step(counted_to, counted_to, days[-1].counted, END, closed.names)
        days += _moved(counted_to, clock=clock, holidays=holidays, stops=standing)
    return Due(
        on=days[-1].last,
        start=start,
        counted_to=counted_to,
        steps=tuple(_runs(days)),
        stops=tuple(s for s in standing if s.last >= first and s.first <= days[-1].last),
        extended=extended,
    )


def stands_on(day: date, *, clock: Clock, stops: Iterable[Stop]) -> bool:
    """Return whether the clock is stopped on this day."""
    if clock.stop_ends_count:
        return any(stop.first < day < stop.last for stop in stops)
    return any(stop.first <= day <= stop.last for stop in stops)


def _days_from(
    clock: Clock, *, holidays: Calendar, start: date, stops: tuple[Stop, ...]
) -> Iterator[Step]:
    """Yield the days from the start on; raise NoWorkingDayError after ten years without an end."""
    if not clock.first_day_counts:
        yield Step(start, start, 0, START)
    idle, day = 0, _first_day(clock, start)
    while True:
        step = _judged(day, clock=clock, holidays=holidays, stops=stops)
        idle = 0 if step.counted else idle + 1
        if idle > FAR_DAYS:
            raise NoWorkingDayError
        yield step
        day = _plus(day, 1)


def _first_day(clock: Clock, start: date) -> date:
    """Return the first day that may count."""
    return start if clock.first_day_counts else _plus(start, 1)


def _judged(day: date, *, clock: Clock, holidays: Calendar, stops: tuple[Stop, ...]) -> Step:
    if stands_on(day, clock=clock, stops=stops):
        return Step(day, day, 0, STOP)
    if clock.unit == WORKING and (closed := _closed(day, clock=clock, holidays=holidays)):
        return closed
    return Step(day, day, 1, COUNTED)


def _closed(day: date, *, clock: Clock, holidays: Calendar) -> Step | None:
    if day.isoweekday() not in clock.weekdays:
        return Step(day, day, 0, WEEKEND)
    if day in holidays:
        return Step(day, day, 0, HOLIDAY, holidays[day])
    return None


def _moved(
    counted_to: date, *, clock: Clock, holidays: Calendar, stops: tuple[Stop, ...]
) -> Iterator[Step]:
    """Yield the closed days by which a term moves on, and the open day that it ends on."""
    for distance in range(1, FAR_DAYS):
        day = _plus(counted_to, distance)
        if stands_on(day, clock=clock, stops=stops):
            yield Step(day, day, 0, STOP)
        elif closed := _closed(day, clock=clock, holidays=holidays):
            yield closed
        else:
            yield Step(day, day, 0, DUE)
            return
    raise NoWorkingDayError


def _plus(day: date, days: int) -> date:
    """Return the date so many days later; raise NoWorkingDayError where the calendar ends."""
    try:
        return day + timedelta(days=days)
    except OverflowError as error:
        raise NoWorkingDayError from error


def _runs(days: Iterable[Step]) -> Iterator[Step]:
    """Yield consecutive days of one sort as one step; a day off, having a name, is its own step."""
    run: Step | None = None
    for day in days:
        if run and run.why == day.why and day.why != HOLIDAY:
            run = Step(run.first, day.last, run.counted + day.counted, run.why)
            continue
        if run:
            yield run
        run = day
    if run:
        yield run
