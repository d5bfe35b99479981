"""Due dates of letters: computed from rules and calendar, recorded, and redone if these change."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet

from org.models import LetterKind, User
from registry.changes import lock, record_change
from registry.kinds import EventKind
from registry.models.letters import Letter
from registry.models.registers import Register
from registry.states import Stage
from routing.clocks.reckoning import NO_DUE, Happened, Reckoner, happened_to, own_term_of
from routing.kinds import RoutingEvent
from routing.models.assignments import Assignment
from routing.models.states import LIVE

OPEN_STAGES = (Stage.REGISTERED, Stage.IN_HAND)
BATCH = 500
# The facts of an explanation that name days off, and what stands for none.
_DAYS_OFF: dict[str, Any] = {"holidays": [], "ended_on": {}}


@dataclass(frozen=True, slots=True)
class Move:
    """An open letter whose due date differs under other rules or days off."""

    letter_id: UUID
    number: str
    department: str
    before: date | None
    after: date | None


def due_of(
    letter: Letter, *, kind: LetterKind | None = None, department_id: int | None = None
) -> dict[str, Any]:
    """Return the letter's columns due_on and due_explained under its rule of today.

    Pass `kind` and `department_id` where the letter is about to take them. The result is empty
    where no rule applies, or where the letter is not one that is answered.
    """
    kind_id = kind.pk if kind else letter.kind_id
    if kind_id is None or letter.register.direction != Register.Direction.INCOMING:
        return {}
    reckoner = Reckoner.load(kind_id=kind_id)
    if not reckoner.rules and not own_term_of(letter):
        return {}
    happened = happened_to([letter.pk]).get(letter.pk, Happened())
    department_id = department_id or letter.department_id
    return reckoner.legal(letter, kind_id=kind_id, department_id=department_id, happened=happened)


def give_due(letter: Letter, assignment: Assignment, *, legal: dict[str, Any]) -> None:
    """Set the due date of a fresh assignment for action; the caller saves it.

    It is that of the department's own clock, else the letter's (`legal`, as `due_of` returns it).
    """
    own: dict[str, Any] = {}
    if letter.kind_id and letter.register.direction == Register.Direction.INCOMING:
        happened = happened_to([letter.pk]).get(letter.pk, Happened())
        reckoner = Reckoner.load(kind_id=letter.kind_id)
        own = reckoner.internal(letter, assignment, kind_id=letter.kind_id, happened=happened)
    assignment.due_on = own.get("due_on", legal.get("due_on", letter.due_on))
    assignment.due_explained = own.get("due_explained", {})


def move_assignments(
    letter: Letter,
    due_on: date | None,
    *,
    kind: LetterKind | None = None,
    reckoner: Reckoner | None = None,
) -> list[Model]:
    """Set the new due date of the letter's live assignments; return the rows that were written.

    A department with a clock of its own keeps that one. Pass `kind` where the letter is about to
    take it.
    """
    rows: list[Model] = []
    live = list(
        Assignment.objects.filter(letter=letter, state__in=LIVE, role=Assignment.Role.ACTION)
    )
    if not live:
        return rows
    kind_id = kind.pk if kind else letter.kind_id
    happened = happened_to([letter.pk]).get(letter.pk, Happened())
    reckoner = reckoner or Reckoner.load(kind_id=kind_id)
    for assignment in live:
        own = reckoner.internal(letter, assignment, kind_id=kind_id, happened=happened)
        columns = own or {"due_on": due_on, "due_explained": {}}
        if columns["due_on"] != assignment.due_on or bool(own) != bool(assignment.due_explained):
            assignment.due_on = columns["due_on"]
            assignment.due_explained = columns["due_explained"]
            assignment.save(update_fields=["due_on", "due_explained"])
            rows.append(assignment)
    return rows


def open_letters() -> QuerySet[Letter]:
    """Return letters whose clocks run: incoming, of a known kind, not answered yet."""
    return Letter.objects.filter(
        stage__in=OPEN_STAGES, kind__isnull=False, register__direction="in"
    )


def moves_under(
    reckoner: Reckoner, *, due_from: date | None = None, kind_id: int | None = None
) -> Iterator[Move]:
    """Yield every open letter whose legal due date would change, in batches of a few queries.

    Only letters due on `due_from` or later, or only those of a kind, where the others can't move.
    """
    rows = open_letters().select_related("department")
    if due_from:
        rows = rows.filter(due_on__gte=due_from)
    if kind_id:
        rows = rows.filter(kind_id=kind_id)
    for letters in _batches(rows):
        happened = happened_to(letter.pk for letter in letters)
        for letter in letters:
            due = _legal(reckoner, letter, happened)
            if due["due_on"] != letter.due_on:
                code = letter.department.code if letter.department else ""
                yield Move(letter.pk, letter.number, code, letter.due_on, due["due_on"])


def internal_moves_under(reckoner: Reckoner, *, kind_id: int) -> Iterator[Move]:
    """Yield every live assignment of open letters of a kind whose own clock would differ."""
    for letters in _batches(open_letters().filter(kind_id=kind_id)):
        by_id = {letter.pk: letter for letter in letters}
        happened = happened_to(by_id)
        rows = Assignment.objects.filter(
            letter_id__in=by_id, state__in=LIVE, role=Assignment.Role.ACTION
        )
        for row in rows.select_related("department"):
            letter = by_id[row.letter_id]
            known = happened.get(letter.pk, Happened())
            own = reckoner.internal(letter, row, kind_id=kind_id, happened=known)
            if not own and not row.due_explained:
                continue
            after = own["due_on"] if own else letter.due_on
            if after != row.due_on:
                yield Move(letter.pk, letter.number, row.department.code, row.due_on, after)


def _legal(reckoner: Reckoner, letter: Letter, happened: dict[UUID, Happened]) -> dict[str, Any]:
    found = reckoner.legal(
        letter,
        kind_id=letter.kind_id,
        department_id=letter.department_id,
        happened=happened.get(letter.pk, Happened()),
    )
    return found or dict(NO_DUE)


def _batches(rows: QuerySet[Letter]) -> Iterator[list[Letter]]:
    last: UUID | None = None
    while True:
        batch = rows.order_by("pk").filter(pk__gt=last) if last else rows.order_by("pk")
        letters = list(batch[:BATCH])
        if not letters:
            return
        last = letters[-1].pk
        yield letters


def recompute_due_dates(
    *,
    actor: User | None,
    why: str = "",
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> int:
    """Recompute the due date of every open letter, after a change of the calendar or of a rule.

    Return how many letters moved, by either clock; the history of each records it, with `why`
    ("calendar" or "rule"). One short transaction a letter; harmless to repeat.
    """
    moved = done = 0
    total = open_letters().count()
    reckoner = Reckoner.load()
    for letters in _batches(open_letters().select_related("register")):
        happened = happened_to(letter.pk for letter in letters)
        apart = _internal_apart(letters, reckoner, happened)
        for letter in letters:
            legal = _legal(reckoner, letter, happened)
            if _differs(letter, legal) or letter.pk in apart:
                moved += _recompute(letter, actor=actor, why=why)
        done += len(letters)
        progress(done, total)
    return moved


def _internal_apart(
    letters: list[Letter], reckoner: Reckoner, happened: dict[UUID, Happened]
) -> set[UUID]:
    """Return letters with a department whose own clock differs from the assignment's due date."""
    by_id = {letter.pk: letter for letter in letters}
    apart: set[UUID] = set()
    for row in Assignment.objects.filter(
        letter_id__in=by_id, state__in=LIVE, role=Assignment.Role.ACTION
    ):
        letter = by_id[row.letter_id]
        known = happened.get(letter.pk, Happened())
        own = reckoner.internal(letter, row, kind_id=letter.kind_id, happened=known)
        if (own and own["due_on"] != row.due_on) or bool(own) != bool(row.due_explained):
            apart.add(letter.pk)
    return apart


def _recompute(letter: Letter, *, actor: User | None, why: str) -> bool:
    """Recompute one letter in its own transaction, with what changed meanwhile read again."""
    with transaction.atomic():
        lock(letter)
        if letter.stage not in OPEN_STAGES:
            return False
        reckoner = Reckoner.load(kind_id=letter.kind_id)
        data = {"why": why}
        if record_due(letter, RoutingEvent.DUE_CHANGED, actor=actor, reckoner=reckoner, data=data):
            return True
        legal = _legal(reckoner, letter, happened_to([letter.pk]))
        if _differs(letter, legal):  # a holiday was confirmed: same day, other words
            changes = {"due_explained": legal["due_explained"]}
            record_change(
                letter, RoutingEvent.DUE_EXPLAINED, actor=actor, data=data, changes=changes
            )
        return False


def _differs(letter: Letter, legal: dict[str, Any]) -> bool:
    """Return whether the due date differs, or the days off that explain it."""
    kept, now = letter.due_explained, legal["due_explained"]
    named = any(kept.get(key, none) != now.get(key, none) for key, none in _DAYS_OFF.items())
    return bool(legal["due_on"] != letter.due_on) or named


def save_first_due(letter_id: str, _result: object) -> None:
    """Set the due date of a letter whose kind was given when it was registered.

    It has one from the start, also while it is unassigned. Nothing changes where it has one
    already, or where no rule applies.
    """
    letter = Letter.objects.select_related("register").get(pk=letter_id)
    if letter.due_explained or not open_letters().filter(pk=letter.pk).exists():
        return
    lock(letter)
    record_due(letter, RoutingEvent.DUE_SET, actor=None)


def record_due(
    letter: Letter,
    event: EventKind,
    *,
    actor: User | None,
    reckoner: Reckoner | None = None,
    data: dict[str, Any] | None = None,
    rows: list[Model] | None = None,
    visibility: str = "staff",
) -> bool:
    """Recompute a locked letter's clocks and write what moved, with `rows` and one event.

    Where nothing moved and there are no rows, write nothing and return False.
    """
    reckoner = reckoner or Reckoner.load(kind_id=letter.kind_id)
    legal = _legal(reckoner, letter, happened_to([letter.pk]))
    written = [*(rows or []), *move_assignments(letter, legal["due_on"], reckoner=reckoner)]
    moved = legal["due_on"] != letter.due_on
    if not moved and not written:
        return False
    said = {"from": letter.due_on, "to": legal["due_on"]} if moved else {}
    changes = legal if moved or legal["due_explained"] != letter.due_explained else {}
    record_change(
        letter,
        event,
        actor=actor,
        data={**(data or {}), **said},
        rows=written,
        changes=changes,
        visibility=visibility,
    )
    return True
