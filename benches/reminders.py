"""A year of reminders on a simulated calendar: each due reminder once, none late, at what cost.

Letters are received all year and answered after a while, some late; the office looks every hour
that it works. The result is compared with an independent computation, day by day and letter by
letter, which shares no code with the rounds.
"""

import argparse
import collections
import random
import statistics
import sys
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import Any

from benches._office import BenchOffice

YEAR = 2026
HOURS = range(8, 17)
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Plan:
    """One letter's life: received, due, and answered (the round of that morning sees it so)."""

    letter_id: uuid.UUID
    received: date
    due: date
    answered: date


def main(arguments: Sequence[str]) -> None:
    """Print the figures; exit 1 where a reminder is missing, late, or given twice."""
    parser = argparse.ArgumentParser(prog="sijill bench reminders", description=__doc__)
    parser.add_argument("--letters", type=int, default=20_000)
    parser.add_argument("--hours", type=int, default=len(HOURS), help="rounds a day")
    given = parser.parse_args(arguments)
    office = BenchOffice(JOB_DELIVERY="none")
    try:
        office.set_up()
        off = _calendar()
        plans = _prepare(given.letters, off)
        rounds = _live_the_year(plans, off, hours=list(HOURS)[: given.hours])
        wrong = _compare(plans, off)
        _report(given.letters, rounds)
    finally:
        office.close()
    print(f"missing, late or twice: {wrong}")
    if wrong:
        sys.exit(1)


def _calendar() -> set[date]:
    """Return the office's days off, religious ones as the library estimates them."""
    from config.organisation import load_calendar
    from org.models import Holiday

    load_calendar(year=YEAR)
    return set(Holiday.objects.values_list("day", flat=True))


def _prepare(letters: int, off: set[date]) -> list[Plan]:
    """Insert letters of EAU into the database, due by the pure function; nothing is sealed."""
    from org.models import Department, LetterKind, User
    from registry.models.letters import Letter
    from registry.models.registers import Register
    from routing.clocks.deadlines import Clock, due_date
    from routing.models.assignments import Assignment

    chance = random.Random(7)
    register = Register.objects.get(code="IN")
    kind = LetterKind.objects.get(code="enquiry")
    unit, person = Department.objects.get(code="EAU"), User.objects.get(username="badr")
    calendar: dict[date, dict[str, str]] = {day: {} for day in off}
    plans: list[Plan] = []
    rows: list[Any] = []
    for number in range(letters):
        received = date(YEAR, 1, 1) + timedelta(days=chance.randrange(365))
        days = chance.choice([3, 10, 20])
        due = due_date(Clock(days=days, unit="working"), holidays=calendar, start=received).on
        answered = received + timedelta(days=chance.randrange(1, days * 3))
        plan = Plan(uuid.uuid4(), received, due, answered)
        plans.append(plan)
        at = datetime.combine(received, datetime.min.time(), UTC)
        rows.append(
            Letter(
                id=plan.letter_id,
                register=register,
                year=YEAR,
                serial=number + 1,
                number=f"{YEAR}/IN/{number + 1:06d}",
                kind=kind,
                channel="counter",
                stage="closed",  # until the morning after it came
                received_at=at,
                registered_at=at,
                department=unit,
                due_on=due,
                due_explained={"due_on": due.isoformat()},
                tracking_hash=plan.letter_id.hex,
                version=1,
            )
        )
    Letter.objects.bulk_create(rows, batch_size=BATCH)
    Assignment.objects.bulk_create(
        (
            Assignment(
                letter_id=plan.letter_id,
                department=unit,
                state="refused",  # until the morning on which it comes
                reason="not yet",
                person=person,
                due_on=plan.due,
                assigned_at=datetime.combine(plan.received, datetime.min.time(), UTC),
            )
            for plan in plans
        ),
        batch_size=BATCH,
    )
    return plans


@dataclass(slots=True)
class Round:
    """What one round cost."""

    seconds: float
    queries: int
    found: int


def _live_the_year(plans: list[Plan], off: set[date], *, hours: list[int]) -> list[Round]:
    """Receive and answer letters every morning; let the office look every hour."""
    from registry.models.letters import Letter
    from routing.models.assignments import Assignment

    noon = clock_time(12)
    comes: dict[date, list[uuid.UUID]] = collections.defaultdict(list)
    goes: dict[date, list[uuid.UUID]] = collections.defaultdict(list)
    for plan in plans:
        comes[plan.received].append(plan.letter_id)
        goes[plan.answered].append(plan.letter_id)
    rounds: list[Round] = []
    for day in _days():
        Letter.objects.filter(pk__in=comes[day]).update(stage="in_hand")
        Assignment.objects.filter(letter__in=comes[day]).update(state="accepted", reason="")
        Letter.objects.filter(pk__in=goes[day]).update(stage="answered")
        Assignment.objects.filter(letter__in=goes[day]).update(
            state="signed_off", method="letter", signed_off_at=datetime.combine(day, noon, UTC)
        )
        if day.isoweekday() < 6 and day not in off:
            rounds += [_round(day, hour) for hour in hours]
    return rounds


def _days() -> list[date]:
    """Return the days of the year, and of the two months in which its last letters fall due."""
    return [date(YEAR, 1, 1) + timedelta(days=n) for n in range(365 + 60)]


def _round(day: date, hour: int) -> Round:
    from django.db import connection, transaction

    from routing.clocks.reminders import due_reminders, save_reminders

    now = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    queries = 0

    def counted(execute: Any, *query: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*query)

    begun = time.perf_counter()
    with connection.execute_wrapper(counted), transaction.atomic():
        rows = due_reminders(day, now=now)
        save_reminders("", rows)
    return Round(time.perf_counter() - begun, queries, len(rows))


STEPS = {5: {"badr"}, 1: {"badr", "dounia"}, -1: {"badr", "dounia"}, -5: {"dounia", "direction"}}


def _expected(plans: list[Plan], off: set[date]) -> collections.Counter[tuple[Any, ...]]:
    """Return each reminder that is due, with its day, worked out letter by letter.

    On every open day of a letter's life: the last step whose day has come, once.
    """
    open_days = [day for day in _days() if day.isoweekday() < 6 and day not in off]
    known = set(open_days)
    expected: collections.Counter[tuple[Any, ...]] = collections.Counter()
    for plan in plans:
        given: set[int] = set()
        given_on = {step: _day_of(plan.due, step, known) for step in STEPS}
        for day in open_days:
            if not plan.received <= day < plan.answered:
                continue
            come = [step for step, on in given_on.items() if on <= day]
            if come and min(come) not in given:
                given.add(min(come))
                expected.update((plan.letter_id, min(come), who, day) for who in STEPS[min(come)])
    return expected


def _day_of(due: date, step: int, open_days: set[date]) -> date:
    day = due - timedelta(days=step)
    while day not in open_days and date(YEAR, 1, 1) < day < _days()[-1]:
        day += timedelta(days=-1 if step > 0 else 1)
    return day


def _compare(plans: list[Plan], off: set[date]) -> int:
    """Return how many reminders differ from what was expected, in either direction."""
    from routing.models.clocks import Reminder

    expected = _expected(plans, off)
    rows = Reminder.objects.values_list("letter_id", "days_left", "person__username", "made_at")
    found = collections.Counter(
        (letter, step, who, made.date()) for letter, step, who, made in rows.iterator()
    )
    return sum((expected - found).values()) + sum((found - expected).values())


def _report(letters: int, rounds: list[Round]) -> None:
    from routing.models.clocks import Reminder

    seconds = sorted(one.seconds for one in rounds)
    p95 = seconds[int(len(seconds) * 0.95)]
    print(
        f"{letters} letters, {len(rounds)} rounds, {Reminder.objects.count()} reminders; "
        f"{sum(seconds):.1f} s in all, a round {statistics.median(seconds) * 1000:.1f} ms "
        f"(p95 {p95 * 1000:.1f} ms, most {seconds[-1] * 1000:.1f} ms), "
        f"{statistics.mean(one.queries for one in rounds):.1f} queries a round "
        f"(most {max(one.queries for one in rounds)})"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
