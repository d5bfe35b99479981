"""Due dates of letters: the kind's rule and the calendar, applied and recorded."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from org.calendar import office_days
from org.models import LetterKind, User
from registry.changes import lock, record_change
from registry.models import Letter, Register
from registry.states import Stage
from routing.clocks.deadlines import Clock, due_date
from routing.clocks.telling import explained
from routing.models import Assignment, DeadlineRule
from routing.states import LIVE

OPEN_STAGES = (Stage.REGISTERED, Stage.IN_HAND)
BATCH = 500


def due_of(letter: Letter, *, kind: LetterKind | None = None) -> dict[str, Any]:
    """The letter's columns due_on and due_explained as its kind's rule has them today.

    `kind` where the letter is about to take it. Empty when the kind has no rule, or when the
    letter is not one that is answered.
    """
    kind_id = kind.pk if kind else letter.kind_id
    rule = DeadlineRule.objects.filter(kind_id=kind_id, active=True).first() if kind_id else None
    if rule is None or letter.register.direction != Register.Direction.INCOMING:
        return {}
    clock = clock_of(rule)
    start = timezone.localdate(letter.received_at)
    due = due_date(clock, holidays=office_days(since=start), start=start)
    return {"due_on": due.on, "due_explained": explained(due, clock=clock)}


def clock_of(rule: DeadlineRule) -> Clock:
    """The rule as the pure functions take it."""
    return Clock(
        days=rule.days,
        unit=rule.unit,
        weekdays=frozenset(int(day) for day in rule.weekdays),
        basis={"ar": rule.basis_ar, "fr": rule.basis_fr, "en": rule.basis_en},
    )


def recompute_due_dates(*, actor: User | None) -> int:
    """Count again for every open letter: after a change of the calendar or of a rule.

    Returns how many moved; each says so in its history. One short transaction a letter.
    """
    open_letters = Letter.objects.filter(
        stage__in=OPEN_STAGES, kind__isnull=False, register__direction="in"
    )
    moved, last = 0, None
    while True:
        batch = open_letters.order_by("pk").select_related("register")
        letters = list((batch.filter(pk__gt=last) if last else batch)[:BATCH])
        if not letters:
            return moved
        last = letters[-1].pk
        moved += sum(_recompute(letter, actor=actor) for letter in letters)


def _recompute(letter: Letter, *, actor: User | None) -> bool:
    if due_of(letter).get("due_on", letter.due_on) == letter.due_on:
        return False
    with transaction.atomic():
        lock(letter)
        due = due_of(letter)
        if letter.stage not in OPEN_STAGES or due.get("due_on", letter.due_on) == letter.due_on:
            return False
        data = {"from": letter.due_on, "to": due["due_on"]}
        rows = move_assignments(letter, due["due_on"])
        record_change(letter, "due_changed", actor=actor, data=data, rows=rows, changes=due)
    return True


def move_assignments(letter: Letter, due_on: date | None) -> list[Model]:
    """Give the letter's live assignments the new day; the rows that were written."""
    rows: list[Model] = []
    for assignment in Assignment.objects.filter(
        letter=letter, state__in=LIVE, role=Assignment.Role.ACTION
    ):
        if assignment.due_on != due_on:
            assignment.due_on = due_on
            assignment.save(update_fields=["due_on"])
            rows.append(assignment)
    return rows
