"""A letter is given to a department, which accepts, refuses, passes on and signs off.

Every verb: lock the letter, ask for the right, one compare-and-set, one event; all or nothing.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from language.lines import one_line
from org.models import Department, User
from registry.changes import lock, record_change
from registry.models import DepartmentReader, Letter, LetterEvent
from registry.states import SomeoneWasFasterError, Stage, may_move
from routing.access import need, need_on
from routing.clocks.due import due_of, give_due
from routing.errors import NotAllowedError
from routing.models import Assignment, Reply
from routing.states import ASSIGNMENT_MOVES, LIVE, AssignmentState, ReplyState, move


def assign(
    letter: Letter,
    *,
    department: Department,
    actor: User,
    role: str = Assignment.Role.ACTION,
    person: User | None = None,
    note: str = "",
) -> Assignment:
    """Give a letter to a department, which may read it from then on.

    A closed letter is opened again. NotAllowedError: not the office, the department is closed or
    has the letter already, the person is not of the department, or the letter is too confidential
    for them.
    """
    with transaction.atomic():
        lock(letter)
        need(actor, letter, "assign")
        return give(letter, department=department, actor=actor, role=role, person=person, note=note)


def give(
    letter: Letter,
    *,
    department: Department,
    actor: User | None,
    role: str = Assignment.Role.ACTION,
    person: User | None = None,
    note: str = "",
    data: dict[str, Any] | None = None,
) -> Assignment:
    """The deed behind `assign`, for those who have the right by another way (a rule, a transfer);
    inside a transaction that holds the letter's lock."""
    _check_target(letter, department=department, role=role, person=person)
    assignment = Assignment.objects.create(
        letter=letter,
        department=department,
        role=role,
        person=person,
        note=one_line(note),
        assigned_by=actor,
        assigned_at=timezone.now(),
    )
    rows: list[Model] = [assignment, *_let_read(letter, department)]
    changes: dict[str, Any] = {}
    if role == Assignment.Role.ACTION:
        changes = _responsible(letter, department)
        changes |= (due := due_of(letter, department_id=changes["department"].pk))
        give_due(letter, assignment, legal=due)
        assignment.save(update_fields=["due_on", "due_explained"])
    change_letter(
        letter,
        "assigned",
        actor=actor,
        stage=Stage.IN_HAND if letter.stage == Stage.CLOSED else letter.stage,
        data={"department": department.code, "role": str(role), **(data or {})},
        rows=rows,
        changes=changes,
    )
    return assignment


def accept(assignment: Assignment, *, actor: User) -> Assignment:
    """The department takes the letter in hand; the person who accepts is its contact."""
    with transaction.atomic():
        letter, behalf = _opened(assignment, actor=actor, verb="accept")
        _move(assignment, AssignmentState.ACCEPTED, person=actor, decided_at=timezone.now())
        stage = Stage.IN_HAND if letter.stage == Stage.REGISTERED else letter.stage
        _record(assignment, "accepted", actor=actor, stage=stage, data=behalf, citizen=True)
    return assignment


def refuse(assignment: Assignment, *, actor: User, reason: str) -> Assignment:
    """Back to the office, with a reason; the department reads the letter no more."""
    reason = _needed(reason)
    with transaction.atomic():
        letter, behalf = _opened(assignment, actor=actor, verb="refuse")
        _move(assignment, AssignmentState.REFUSED, reason=reason, decided_at=timezone.now())
        rows, changes = _leave(letter, assignment.department)
        _record(
            assignment,
            "refused",
            actor=actor,
            data={"reason": reason, **behalf},
            rows=rows,
            changes=changes,
        )
    return assignment


def transfer(
    assignment: Assignment, *, actor: User, department: Department, reason: str
) -> Assignment:
    """Pass the letter on to another department; returns the new assignment.

    The department that gives it away reads it no more, unless the letter lies with it in another
    way (a copy).
    """
    reason = _needed(reason)
    with transaction.atomic():
        letter, behalf = _opened(assignment, actor=actor, verb="transfer")
        if department.pk == assignment.department_id:
            raise NotAllowedError(_("The letter is with this department already."))
        _move(assignment, AssignmentState.TRANSFERRED, reason=reason, decided_at=timezone.now())
        rows, changes = _leave(letter, assignment.department)
        data = {"to": department.code, "reason": reason, **behalf}
        _record(assignment, "transferred", actor=actor, data=data, rows=rows, changes=changes)
        return give(
            letter,
            department=department,
            actor=actor,
            data={"from": assignment.department.code, **behalf},
        )


def sign_off(assignment: Assignment, *, actor: User, method: str) -> Assignment:
    """The department is done, in one of Assignment.Method's ways; the last one closes the letter.

    Copies never hold a letter open. NotAllowedError while a reply of the department is waiting
    for approval or for its way out.
    """
    if method not in Assignment.Method.values:
        raise NotAllowedError(_("Say how the letter was settled."))
    with transaction.atomic():
        letter, behalf = _opened(assignment, actor=actor, verb="sign_off")
        _refuse_with_reply_under_way(assignment)
        now = timezone.now()
        _move(assignment, AssignmentState.SIGNED_OFF, method=method, signed_off_at=now)
        done = assignment.role == Assignment.Role.ACTION and not _live_actions(letter).exists()
        _record(
            assignment,
            "signed_off",
            actor=actor,
            stage=Stage.CLOSED if done else letter.stage,
            data={"method": str(method), **behalf},
            citizen=done,
        )
    return assignment


def change_letter(
    letter: Letter,
    kind: str,
    *,
    actor: User | None,
    stage: str,
    data: dict[str, Any] | None = None,
    rows: Iterable[Model] = (),
    changes: dict[str, Any] | None = None,
    citizen: bool = False,
) -> None:
    """One event for the rows and columns, and for the stage where it changes.

    The letter is locked. SomeoneWasFasterError when its stage does not allow the move.
    """
    changes, data = dict(changes or {}), dict(data or {})
    if stage != letter.stage:
        if not may_move(letter.stage, stage):
            raise SomeoneWasFasterError
        changes["stage"] = stage
        data |= {"stage_from": str(letter.stage), "stage_to": str(stage)}
    seen = LetterEvent.Visibility.CITIZEN if citizen else LetterEvent.Visibility.STAFF
    record_change(letter, kind, actor=actor, data=data, rows=rows, changes=changes, visibility=seen)


def _needed(reason: str) -> str:
    if not (said := one_line(reason)):
        raise NotAllowedError(_("Give a reason."))
    return said


def _opened(assignment: Assignment, *, actor: User, verb: str) -> tuple[Letter, dict[str, int]]:
    """The letter, locked, and for whom this person does it; the row anew, since it is sealed."""
    letter, known = assignment.letter, assignment.state
    lock(letter)
    assignment.refresh_from_db()
    assignment.letter, assignment.state = letter, known
    return letter, need_on(actor, assignment, verb)


def _move(assignment: Assignment, state: str, **changes: Any) -> None:
    move(assignment, state, moves=ASSIGNMENT_MOVES, **changes)


def _record(
    assignment: Assignment,
    kind: str,
    *,
    actor: User,
    stage: str = "",
    data: dict[str, Any] | None = None,
    rows: Iterable[Model] = (),
    changes: dict[str, Any] | None = None,
    citizen: bool = False,
) -> None:
    letter = assignment.letter
    change_letter(
        letter,
        kind,
        actor=actor,
        stage=stage or letter.stage,
        data={"department": assignment.department.code, **(data or {})},
        rows=[assignment, *rows],
        changes=changes,
        citizen=citizen,
    )


def _check_target(
    letter: Letter, *, department: Department, role: str, person: User | None
) -> None:
    if role not in Assignment.Role.values:
        raise NotAllowedError(_("A letter is given for action or as a copy."))
    if not department.active:
        raise NotAllowedError(_("This department is closed."))
    if Assignment.objects.filter(
        letter=letter, department=department, role=role, state__in=LIVE
    ).exists():
        raise NotAllowedError(_("The letter is with this department already."))
    if person and not person.memberships.filter(department=department).exists():
        raise NotAllowedError(_("This person does not belong to the department."))


def _live_actions(letter: Letter) -> Any:
    return Assignment.objects.filter(
        letter=letter, role=Assignment.Role.ACTION, state__in=LIVE
    ).order_by("assigned_at")


def _responsible(letter: Letter, newcomer: Department) -> dict[str, Any]:
    """The letter's responsible unit: that of its first live action."""
    first = _live_actions(letter).select_related("department").first()
    return {"department": first.department if first else newcomer}


def _let_read(letter: Letter, department: Department) -> list[Model]:
    """Address the letter to the department; the rows that were written."""
    reader, created = DepartmentReader.objects.get_or_create(letter=letter, department=department)
    if not created and not reader.active:
        reader.active = True
        reader.save(update_fields=["active"])
    return [reader]


def _leave(letter: Letter, department: Department) -> tuple[list[Model], dict[str, Any]]:
    """What follows when an assignment goes away: rows written, columns of the letter to change.

    The right to read goes too, unless another assignment of the department stands (live, or
    signed off: what it settled it may look up).
    """
    rows: list[Model] = []
    standing = Assignment.objects.filter(
        letter=letter, department=department, state__in=[*LIVE, AssignmentState.SIGNED_OFF]
    )
    if not standing.exists():
        for reader in DepartmentReader.objects.filter(letter=letter, department=department):
            reader.active = False
            reader.save(update_fields=["active"])
            rows.append(reader)
    first = _live_actions(letter).select_related("department").first()
    return rows, {"department": first.department if first else None}


def _refuse_with_reply_under_way(assignment: Assignment) -> None:
    if assignment.role == Assignment.Role.COPY:
        return
    under_way = Reply.objects.filter(
        letter=assignment.letter_id,
        department=assignment.department_id,
        state__in=[ReplyState.SUBMITTED, ReplyState.APPROVED],
    )
    if under_way.exists():
        raise NotAllowedError(_("A reply is still waiting for approval or for its way out."))
