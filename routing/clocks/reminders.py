"""Reminders and escalation: each office hour, due reminders are found and sent once.

The reminders of a letter are rows under a unique constraint: repeated or concurrent rounds write
each of them once. Stand-ins of absent people are reminded besides (`standing_in`).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from jobs.models import Job
from jobs.outbox import enqueue, enqueue_all
from org.calendar import office_days
from org.models import Department, Membership, User
from registry.models.letters import Letter
from routing.clocks.reckoning import Reckoner, rules_by_place
from routing.clocks.reminding import (
    DIRECTOR,
    HEAD,
    PERSON,
    Hours,
    Steps,
    Window,
    hours_of,
    steps_of,
    windows,
)
from routing.clocks.stand_in_reminders import OPEN_STAGES, for_stand_ins
from routing.kinds import RoutingJob
from routing.models.assignments import Assignment
from routing.models.clocks import DeadlineRule, Reminder, Which
from routing.models.states import LIVE

AT_ONCE = 5000  # candidates of one question; what is beyond is found an hour later
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A letter with a department, at a step for which nobody has been reminded."""

    letter_id: UUID
    department_id: int
    person_id: int | None
    due_on: date
    kind_id: int | None
    responsible_id: int | None
    channel: str = ""


@dataclass(frozen=True)
class Staff:
    """The people to remind, read once a round; a role with nobody falls to the nearest one."""

    heads: dict[int, list[int]] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=dict)
    directors: list[int] = field(default_factory=list)

    @classmethod
    def load(cls) -> "Staff":
        """Load the people of today."""
        heads: dict[int, list[int]] = {}
        members: dict[int, list[int]] = {}
        rows = Membership.objects.filter(user__is_active=True).order_by("user_id")
        for department, user, role in rows.values_list("department_id", "user_id", "role"):
            members.setdefault(department, []).append(user)
            if role == Membership.Role.HEAD:
                heads.setdefault(department, []).append(user)
        directors = User.objects.filter(duty=User.Duty.DIRECTOR, is_active=True)
        return cls(heads, members, list(directors.values_list("pk", flat=True)))

    def of(self, candidate: Candidate, roles: Iterable[str]) -> set[int]:
        """Return the people with these roles for this letter in this department."""
        unit = candidate.department_id
        heads = self.heads.get(unit) or self.members.get(unit) or self.directors
        by_role = {
            PERSON: [candidate.person_id] if candidate.person_id else heads,
            HEAD: heads,
            DIRECTOR: self.directors or heads,
        }
        return {person for role in roles for person in by_role[role]}


def queue_reminders() -> None:
    """Queue the round of this hour, in office hours; called once a minute."""
    now = timezone.localtime()
    subject = now.strftime("%Y-%m-%dT%H")
    if Job.objects.filter(kind=RoutingJob.REMINDERS_LOOK, subject=subject).exists():
        return
    if is_office_hour(now):
        with transaction.atomic():
            enqueue(RoutingJob.REMINDERS_LOOK, subject)


def is_office_hour(now: datetime) -> bool:
    """Return whether the office works at this local moment, by its hours and its calendar."""
    hours = hours_of(settings.OFFICE_HOURS)
    open_now = hours.opens <= now.time() <= hours.closes
    return open_now and _is_open(hours, office_days(since=now.date()), now.date())


def _is_open(hours: Hours, days_off: Any, day: date) -> bool:
    return day.isoweekday() in hours.weekdays and day not in days_off


def remind_work(_slot: str, _progress: Progress) -> list[Reminder]:
    """Return the reminders that are due today and not sent yet, unsaved."""
    return due_reminders(timezone.localdate(), now=timezone.now())


def save_reminders(_slot: str, rows: list[Reminder]) -> None:
    """Save each reminder once, and queue one mail for each person."""
    Reminder.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    people = sorted({row.person_id for row in rows})
    if people:
        enqueue_all((RoutingJob.REMINDERS_TELL, person) for person in people)


def due_reminders(today: date, *, now: datetime) -> list[Reminder]:
    """Return the reminders due on a day; some queries for each step, however many letters wait."""
    hours = hours_of(settings.OFFICE_HOURS)
    is_open = partial(_is_open, hours, office_days(since=date.min))
    steps, silent = steps_of(settings.REMINDERS), steps_of(settings.SILENCE_REMINDERS)
    both = {n: steps.get(n, frozenset()) | silent.get(n, frozenset()) for n in {*steps, *silent}}
    reckoner, kinds = _silent_kinds()
    staff = Staff.load()
    office = Department.objects.filter(head_office=True).values_list("pk", flat=True).first()
    found: list[Reminder] = []
    for table, is_silent in ((steps, False), (both, True)):
        if is_silent and not kinds:
            continue
        for window in windows(today, steps=table, is_open=is_open):
            for which, candidate in _candidates(window, kinds if is_silent else None, office):
                if _is_silent(reckoner, candidate) == is_silent or which == Which.INTERNAL:
                    found += _rows(which, candidate, window, table, staff, now)
    return found + for_stand_ins(found, today=today, now=now)


def _rows(
    which: str, candidate: Candidate, window: Window, steps: Steps, staff: Staff, now: datetime
) -> Iterator[Reminder]:
    for person in sorted(staff.of(candidate, steps[window.days_left])):
        yield Reminder(
            letter_id=candidate.letter_id,
            department_id=candidate.department_id,
            clock=which,
            due_on=candidate.due_on,
            days_left=window.days_left,
            person_id=person,
            made_at=now,
        )


def _silent_kinds() -> tuple[Reckoner, set[int]]:
    """Return the legal rules, and the kinds of letters for which silence may have legal effect."""
    rules = DeadlineRule.objects.filter(active=True, clock=Which.LEGAL)
    reckoner = Reckoner(rules_by_place(rules))
    silent = {rule.kind_id for rule in reckoner.rules.values() if rule.silence != rule.Silence.NONE}
    return reckoner, silent


def _is_silent(reckoner: Reckoner, candidate: Candidate) -> bool:
    rule = reckoner.rule_of(
        Which.LEGAL, candidate.kind_id, candidate.responsible_id, channel=candidate.channel
    )
    return rule is not None and rule.silence != rule.Silence.NONE


def _candidates(
    window: Window, kinds: set[int] | None, office: int | None
) -> Iterator[tuple[str, Candidate]]:
    """Yield the letters in the window, only of some kinds where these are given.

    By the legal clock, by that of their department, and unassigned letters.
    """
    live = Assignment.objects.filter(
        state__in=LIVE, role=Assignment.Role.ACTION, letter__stage__in=OPEN_STAGES
    )
    if kinds is not None:
        live = live.filter(letter__kind_id__in=kinds)
    by_law = _unreminded(live, "letter__due_on", Which.LEGAL, window)
    columns = ("letter_id", "department_id", "person_id", "letter__due_on")
    facts = ("letter__kind_id", "letter__department_id", "letter__channel")
    for row in by_law.values_list(*columns, *facts)[:AT_ONCE]:
        yield Which.LEGAL, Candidate(*row)
    if kinds is None:
        own = _unreminded(live.exclude(due_explained={}), "due_on", Which.INTERNAL, window)
        for row in own.values_list(*columns[:3], "due_on", *facts)[:AT_ONCE]:
            yield Which.INTERNAL, Candidate(*row)
    if office:
        yield from _with_nobody(window, kinds, office)


def _with_nobody(
    window: Window, kinds: set[int] | None, office: int
) -> Iterator[tuple[str, Candidate]]:
    """Yield unassigned letters: the registry office is reminded of them."""
    live = Assignment.objects.filter(letter=OuterRef("pk"), role="action", state__in=LIVE)
    reminded = _of_step(window, Which.LEGAL, due="due_on").filter(
        letter=OuterRef("pk"), department_id=office
    )
    letters = _in_window(
        Letter.objects.filter(stage__in=OPEN_STAGES, register__direction="in"), "due_on", window
    ).filter(~Exists(live), ~Exists(reminded))
    if kinds is not None:
        letters = letters.filter(kind_id__in=kinds)
    columns = ("pk", "due_on", "kind_id", "department_id", "channel")
    for pk, *facts in letters.values_list(*columns)[:AT_ONCE]:
        yield Which.LEGAL, Candidate(pk, office, None, *facts)


def _unreminded(
    rows: "QuerySet[Assignment]", column: str, which: str, window: Window
) -> "QuerySet[Assignment]":
    reminded = _of_step(window, which, due=column).filter(
        letter=OuterRef("letter_id"), department=OuterRef("department_id")
    )
    return _in_window(rows, column, window).filter(~Exists(reminded))


def _of_step(window: Window, which: str, *, due: str) -> "QuerySet[Reminder]":
    return Reminder.objects.filter(clock=which, due_on=OuterRef(due), days_left=window.days_left)


def _in_window(rows: "QuerySet[Any]", column: str, window: Window) -> "QuerySet[Any]":
    rows = rows.filter(**{f"{column}__lte": window.last})
    return rows.filter(**{f"{column}__gte": window.first}) if window.first else rows
