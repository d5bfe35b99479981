"""Verbs of a department on its letter: accept, refuse, transfer, sign off.

Every verb: lock the letter, ask for the right, one compare-and-set, one event; all or nothing.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from org.models import Department, User
from registry.changes import lock
from registry.kinds import EventKind
from registry.models.letters import Letter
from registry.states import Stage
from routing.acting.access import need_on
from routing.acting.changing import change_letter, needed
from routing.acting.errors import NotAllowedError
from routing.acting.sign_off_checks import refuse_sign_off
from routing.acting.verbs import LetterVerb
from routing.assigning.giving import assign, check_person, give
from routing.assigning.readers import leave, live_actions
from routing.closing.outcomes import said_at_sign_off
from routing.kinds import RoutingEvent
from routing.models.assignments import Assignment
from routing.models.states import ASSIGNMENT_MOVES, AssignmentState, move

__all__ = [
    "accept",
    "assign",
    "change_letter",
    "give",
    "put_in_charge",
    "refuse",
    "sign_off",
    "transfer",
]


def accept(assignment: Assignment, *, actor: User) -> Assignment:
    """Accept the letter for the department.

    The person who accepts is in charge of it, unless somebody was named before.
    """
    with transaction.atomic():
        letter, behalf = _opened(assignment, actor=actor, verb=LetterVerb.ACCEPT)
        person = assignment.person or actor
        _move(assignment, AssignmentState.ACCEPTED, person=person, decided_at=timezone.now())
        stage = Stage.IN_HAND if letter.stage == Stage.REGISTERED else letter.stage
        _record(
            assignment, RoutingEvent.ACCEPTED, actor=actor, stage=stage, data=behalf, citizen=True
        )
    return assignment


def refuse(assignment: Assignment, *, actor: User, reason: str) -> Assignment:
    """Return the letter to the office, with a reason; the department loses read access."""
    reason = needed(reason)
    with transaction.atomic():
        letter, behalf = _opened(assignment, actor=actor, verb=LetterVerb.REFUSE)
        _move(assignment, AssignmentState.REFUSED, reason=reason, decided_at=timezone.now())
        rows, changes = leave(letter, assignment.department)
        _record(
            assignment,
            RoutingEvent.REFUSED,
            actor=actor,
            data={"reason": reason, **behalf},
            rows=rows,
            changes=changes,
        )
    return assignment


def transfer(
    assignment: Assignment, *, actor: User, department: Department, reason: str
) -> Assignment:
    """Transfer the letter to another department; return the new assignment.

    The former department loses read access, unless it has the letter in another way (a copy).
    Raise NotAllowedError while a reply of it waits for approval or dispatch.
    """
    reason = needed(reason)
    with transaction.atomic():
        letter, behalf = _opened(assignment, actor=actor, verb=LetterVerb.TRANSFER)
        refuse_sign_off(assignment)
        if department.pk == assignment.department_id:
            raise NotAllowedError(_("The letter is with this department already."))
        _move(assignment, AssignmentState.TRANSFERRED, reason=reason, decided_at=timezone.now())
        rows, changes = leave(letter, assignment.department)
        data = {"to": department.code, "reason": reason, **behalf}
        _record(
            assignment, RoutingEvent.TRANSFERRED, actor=actor, data=data, rows=rows, changes=changes
        )
        return give(
            letter,
            department=department,
            actor=actor,
            data={"from": assignment.department.code, **behalf},
        )


def sign_off(assignment: Assignment, *, actor: User, method: str, outcome: str = "") -> Assignment:
    """Sign the assignment off in one of Assignment.Method's ways; the last one closes the letter.

    Copies never hold a letter open. `outcome` is one of Outcome.Value, or nothing. Raise
    NotAllowedError while a reply of the department waits for approval or dispatch, and without an
    outcome where a complaint is closed with an answer.
    """
    if method not in Assignment.Method.values:
        raise NotAllowedError(_("Say how the letter was settled."))
    with transaction.atomic():
        letter, behalf = _opened(assignment, actor=actor, verb=LetterVerb.SIGN_OFF)
        refuse_sign_off(assignment)
        now = timezone.now()
        _move(assignment, AssignmentState.SIGNED_OFF, method=method, signed_off_at=now)
        done = assignment.role == Assignment.Role.ACTION and not live_actions(letter).exists()
        rows = said_at_sign_off(assignment, outcome, actor=actor, closes=done)
        said = {"outcome": str(outcome)} if outcome else {}
        _record(
            assignment,
            RoutingEvent.SIGNED_OFF,
            actor=actor,
            stage=Stage.CLOSED if done else letter.stage,
            data={"method": str(method), **said, **behalf},
            rows=rows,
            citizen=done,
        )
    return assignment


def put_in_charge(assignment: Assignment, *, actor: User, person: User) -> Assignment:
    """Name the person of the department who is in charge of the letter, for its head.

    Raise NotAllowedError where the person is not of the department or may not read the letter.
    """
    with transaction.atomic():
        letter, behalf = _opened(assignment, actor=actor, verb=LetterVerb.PUT_IN_CHARGE)
        check_person(letter, department=assignment.department, person=person)
        if assignment.person_id != person.pk:
            assignment.person = person
            assignment.save(update_fields=["person"])
            data = {"person": person.pk, **behalf}
            _record(assignment, RoutingEvent.PUT_IN_CHARGE, actor=actor, data=data)
    return assignment


def _opened(
    assignment: Assignment, *, actor: User, verb: LetterVerb
) -> tuple[Letter, dict[str, int]]:
    """Lock the letter; return it, for whom the person acts, and the row read anew to be sealed."""
    letter, known = assignment.letter, assignment.state
    lock(letter)
    assignment.refresh_from_db()
    assignment.letter, assignment.state = letter, known
    return letter, need_on(actor, assignment, verb)


def _move(assignment: Assignment, state: str, **changes: Any) -> None:
    move(assignment, state, moves=ASSIGNMENT_MOVES, **changes)


def _record(
    assignment: Assignment,
    kind: EventKind,
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
