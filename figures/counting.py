"""Counting a month's figures, and finding the months that must be counted again.

A month is counted by a job; the clock checks which letters have had an event since its last check.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, Max, Min, OuterRef
from django.utils import timezone

from figures.kinds import FiguresJob
from figures.models import CountedMonth, MonthFigures
from jobs.outbox import enqueue_all
from org.days import midnight
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.models.registers import Register
from registry.states import Stage
from routing.closing.outcomes import ANSWERS
from routing.kinds import RoutingEvent
from routing.models.assignments import Assignment
from routing.models.closing import Outcome
from routing.models.states import LIVE, AssignmentState

NONE: Final = "-"
OVERLAP: Final = timedelta(hours=1)  # an event's time is set before its transaction commits
EVERY: Final = timedelta(minutes=10)
OUTCOMES: Final = tuple(str(value) for value in Outcome.Value)
NUMBERS: Final = (
    "received", "open", "late", "treated", "with_term", "in_term", "answered", "reopened",
    *OUTCOMES,
)  # fmt: skip
# Columns with how many letters fall on each whole number: see MonthFigures.
SPREADS: Final = ("delays", "arrivals", "weeks", "first_acts")
Cell = tuple[str, str, str]  # codes of department, kind, channel


class _Cube:
    """The counts of every cell, and of the totals over any of its three parts.

    `spread` holds for each of SPREADS how many letters fall on each whole number.
    """

    def __init__(self) -> None:
        self.numbers: dict[Cell, Counter[str]] = {}
        self.spread: dict[str, dict[Cell, Counter[int]]] = {name: {} for name in SPREADS}

    def add(self, cell: Cell, names: Iterable[str], **places: int) -> None:
        wanted = list(names)
        for key in product((cell[0], ""), (cell[1], ""), (cell[2], "")):
            self.numbers.setdefault(key, Counter()).update(wanted)
            for name, place in places.items():
                self.spread[name].setdefault(key, Counter())[place] += 1


def count_month(month: date) -> list[MonthFigures]:
    """Return the rows of a month, not saved, from its letters, sign-offs and events only."""
    start, end = midnight(month), midnight(next_month(month))
    cube = _Cube()
    _count_received(cube, start, end)
    _count_treated(cube, start, end)
    _count_reopened(cube, start, end)
    _count_first_acts(cube, start, end)
    return [
        MonthFigures(
            month=month,
            department=cell[0],
            kind=cell[1],
            channel=cell[2],
            **{name: sorted(cube.spread[name].get(cell, {}).items()) for name in SPREADS},
            **{name: numbers[name] for name in NUMBERS},
        )
        for cell, numbers in sorted(cube.numbers.items())
    ]


def next_month(month: date) -> date:
    """Return the first day of the next month; of the last possible month, its last day."""
    try:
        return (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    except OverflowError:
        return date.max


def _incoming() -> list[int]:
    incoming = Register.objects.filter(direction=Register.Direction.INCOMING)
    return list(incoming.values_list("pk", flat=True))


_CELL: Final = ("department__code", "kind__code", "channel")


def _cell(codes: Iterable[str | None]) -> Cell:
    department, kind, channel = (code or NONE for code in codes)
    return department, kind, channel


def _count_received(cube: _Cube, start: datetime, end: datetime) -> None:
    today = timezone.localdate()
    rows = Letter.objects.filter(
        registered_at__gte=start, registered_at__lt=end, register__in=_incoming()
    ).exclude(stage=Stage.VOIDED)
    columns = rows.order_by().values_list("stage", "due_on", "received_at", "registered_at", *_CELL)
    for stage, due_on, received_at, registered_at, *codes in columns.iterator(chunk_size=2_000):
        names = ["received"]
        if stage != Stage.CLOSED:
            names.append("open")
            if due_on and due_on < today and stage != Stage.ANSWERED:
                names.append("late")
        came, day = timezone.localtime(received_at), timezone.localdate(registered_at)
        cube.add(
            _cell(codes),
            names,
            arrivals=came.weekday() * 24 + came.hour,
            weeks=day.toordinal() - day.weekday(),
        )


def _count_treated(cube: _Cube, start: datetime, end: datetime) -> None:
    """Count each letter once, in the month of its last sign-off, where no assignment is live."""
    actions = Assignment.objects.filter(role=Assignment.Role.ACTION)
    signed = actions.filter(
        signed_off_at__gte=start, signed_off_at__lt=end, state=AssignmentState.SIGNED_OFF
    )
    incoming = set(_incoming())
    for some in _in_batches(signed):
        # Asked here: a database would otherwise begin with all closed letters.
        some = [
            row
            for row in some
            if row["letter__stage"] == Stage.CLOSED and row["letter__register"] in incoming
        ]
        ids = [row["letter_id"] for row in some]
        others = actions.filter(letter__in=ids)
        unfinished = set(others.filter(state__in=LIVE).values_list("letter_id", flat=True))
        later = set(others.filter(signed_off_at__gte=end).values_list("letter_id", flat=True))
        said = Outcome.objects.filter(letter__in=ids, standing=True)
        outcomes = dict(said.order_by().values_list("letter_id", "value"))
        last = {row["letter_id"]: row for row in some}
        for letter_id, row in last.items():
            if letter_id not in unfinished | later:
                _add_treated(cube, row, outcome=outcomes.get(letter_id, ""))


_TREATED: Final = (
    "letter_id", "method", "signed_off_at", "letter__received_at", "letter__due_on",
    "letter__stage", "letter__register",
    *(f"letter__{name}" for name in _CELL),
)  # fmt: skip


def _in_batches(rows: Any) -> Iterator[list[dict[str, Any]]]:
    """Yield sign-offs in order, in batches that never separate those of one letter."""
    some: list[dict[str, Any]] = []
    for row in rows.order_by("letter_id", "signed_off_at").values(*_TREATED).iterator():
        if len(some) >= 500 and row["letter_id"] != some[-1]["letter_id"]:
            yield some
            some = []
        some.append(row)
    if some:
        yield some


def _add_treated(cube: _Cube, row: dict[str, Any], *, outcome: str) -> None:
    done = timezone.localdate(row["signed_off_at"])
    names = ["treated", outcome] if outcome else ["treated"]
    if row["method"] in ANSWERS:
        names.append("answered")
    if due_on := row["letter__due_on"]:
        names.append("with_term")
        if done <= due_on:
            names.append("in_term")
    delay = max((done - timezone.localdate(row["letter__received_at"])).days, 0)
    cube.add(_cell(row[f"letter__{name}"] for name in _CELL), names, delays=delay)


def _count_reopened(cube: _Cube, start: datetime, end: datetime) -> None:
    rows = LetterEvent.objects.filter(at__gte=start, at__lt=end, kind=RoutingEvent.REOPENED)
    for codes in rows.order_by().values_list(*(f"letter__{name}" for name in _CELL)):
        cube.add(_cell(codes), ["reopened"])


_DECIDED: Final = tuple(state for state in AssignmentState.values if state != AssignmentState.OPEN)


def _count_first_acts(cube: _Cube, start: datetime, end: datetime) -> None:
    """Count each letter in the month when a department first accepted, refused or settled it."""
    actions = Assignment.objects.filter(role=Assignment.Role.ACTION, state__in=_DECIDED)
    before = actions.filter(letter=OuterRef("letter"), decided_at__lt=start)
    rows = (
        actions.filter(decided_at__gte=start, decided_at__lt=end, letter__register__in=_incoming())
        .exclude(Exists(before))
        .exclude(letter__stage=Stage.VOIDED)
        .order_by()
        .values_list("letter_id", "letter__received_at", *(f"letter__{name}" for name in _CELL))
        .annotate(first=Min("decided_at"))
    )
    for _letter, received_at, *codes, first in rows.iterator(chunk_size=2_000):
        days = (timezone.localdate(first) - timezone.localdate(received_at)).days
        cube.add(_cell(codes), [], first_acts=max(days, 0))


def save_month(month: date, rows: list[MonthFigures], *, counted_at: datetime) -> None:
    """Replace a month's rows."""
    with transaction.atomic():
        MonthFigures.objects.filter(month=month).delete()
        MonthFigures.objects.bulk_create(rows, batch_size=500)
        known, _ = CountedMonth.objects.get_or_create(
            month=month, defaults={"changed_at": counted_at}
        )
        CountedMonth.objects.filter(pk=known.pk).update(counted_at=counted_at)


def count_work(subject: str, _progress: Any) -> tuple[date, datetime, list[MonthFigures]]:
    """Count the month `subject` (YYYY-MM-DD, its first day); return it, the time, and its rows."""
    month, now = date.fromisoformat(subject), timezone.now()
    return month, now, count_month(month)


def save_count(_subject: str, counted: tuple[date, datetime, list[MonthFigures]]) -> None:
    """Replace the rows of the month by those that were counted."""
    month, at, rows = counted
    save_month(month, rows, counted_at=at)


def queue_figures() -> None:
    """Queue the counting of the months that changed; the clock calls it every ten minutes."""
    now = timezone.now()
    seen = CountedMonth.objects.aggregate(at=Max("changed_at"))["at"]
    if seen and now - seen < EVERY:
        return
    changed = changed_months(seen, now=now)
    with transaction.atomic():
        for month in changed:
            CountedMonth.objects.update_or_create(month=month, defaults={"changed_at": now})
        enqueue_all([(FiguresJob.FIGURES_MONTH, month) for month in sorted(changed, reverse=True)])


def changed_months(since: datetime | None, *, now: datetime) -> set[date]:
    """Return first days of the months with figures changed by letters since then; and this month.

    On a new day the months with open letters too: some of them are late since midnight.
    """
    this = timezone.localdate(now).replace(day=1)
    if since is None:
        return {this, *_all_months(this)}
    months = {this}
    moved = LetterEvent.objects.filter(at__gt=since - OVERLAP).values("letter_id")
    letters = Letter.objects.filter(pk__in=moved)
    signed = Assignment.objects.filter(letter__in=moved, signed_off_at__isnull=False)
    for rows, column in ((letters, "registered_at"), (signed, "signed_off_at")):
        months |= {timezone.localdate(at).replace(day=1) for at in _times(rows, column)}
    if timezone.localdate(since) < timezone.localdate(now):
        totals = MonthFigures.objects.filter(department="", kind="", channel="", open__gt=0)
        months |= set(totals.values_list("month", flat=True))
    return months


def _times(rows: Any, column: str) -> Iterator[datetime]:
    found: Iterator[datetime] = rows.order_by().values_list(column, flat=True).iterator()
    return found


def _all_months(last: date) -> Iterator[date]:
    first = Letter.objects.aggregate(at=Min("registered_at"))["at"]
    month = timezone.localdate(first).replace(day=1) if first else last
    while month <= last:
        yield month
        month = next_month(month)


def count_all(*, since: date | None = None, until: date | None = None) -> int:
    """Count every month, or those from `since` to `until` (first days); return how many."""
    counted = 0
    for month in _all_months(timezone.localdate().replace(day=1)):
        if (since and month < since) or (until and month > until):
            continue
        now = timezone.now()
        save_month(month, count_month(month), counted_at=now)
        counted += 1
    return counted
