"""Verbs of a department on its letter: accept, refuse, transfer, sign off.

Every verb: one context that locks and checks the right, one compare-and-set, one event.
"""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from language.lines import one_line
from org.models import Department, User
from registry.states import Stage
from routing.acting.changing import changing_assignment
from routing.acting.errors import NotAllowedError
from routing.acting.sign_off_checks import refuse_closing, refuse_sign_off
from routing.acting.verbs import LetterVerb
from routing.assigning.giving import check_person, give
from routing.assigning.readers import leave, live_actions
from routing.closing.outcomes import write_outcome
from routing.kinds import RoutingEvent
from routing.models.assignments import Assignment
from routing.models.states import AssignmentState


def accept(assignment: Assignment, *, actor: User) -> Assignment:
    """Accept the letter for the department.

    The person who accepts is in charge of it, unless somebody was named before.
    """
    with changing_assignment(assignment, actor=actor, verb=LetterVerb.ACCEPT) as change:
        person = assignment.person or actor
        change.move(AssignmentState.ACCEPTED, person=person, decided_at=timezone.now())
        stage = Stage.IN_HAND if change.letter.stage == Stage.REGISTERED else ""
        change.record(RoutingEvent.ACCEPTED, stage=stage, citizen=True)
    return assignment


def refuse(assignment: Assignment, *, actor: User, reason: str) -> Assignment:
    """Return the letter to the office, with a reason; the department loses read access."""
    reason = _needed(reason)
    with changing_assignment(assignment, actor=actor, verb=LetterVerb.REFUSE) as change:
        change.move(AssignmentState.REFUSED, reason=reason, decided_at=timezone.now())
        rows, changes = leave(change.letter, assignment.department)
        change.record(RoutingEvent.REFUSED, data={"reason": reason}, rows=rows, changes=changes)
    return assignment


def transfer(
    assignment: Assignment, *, actor: User, department: Department, reason: str
) -> Assignment:
    """Transfer the letter to another department; return the new assignment.

    The former department loses read access, unless it has the letter in another way (a copy).
    Raise NotAllowedError while a reply of it waits for approval or dispatch.
    """
    reason = _needed(reason)
    with changing_assignment(assignment, actor=actor, verb=LetterVerb.TRANSFER) as change:
        refuse_sign_off(assignment)
        if department.pk == assignment.department_id:
            raise NotAllowedError(_("The letter is with this department already."))
        change.move(AssignmentState.TRANSFERRED, reason=reason, decided_at=timezone.now())
        rows, changes = leave(change.letter, assignment.department)
        data = {"to": department.code, "reason": reason}
        change.record(RoutingEvent.TRANSFERRED, data=data, rows=rows, changes=changes)
        return give(
            change.letter,
            department=department,
            actor=actor,
            data={"from": assignment.department.code, **change.behalf},
        )


def sign_off(assignment: Assignment, *, actor: User, method: str, outcome: str = "") -> Assignment:
    """Sign the assignment off in one of Assignment.Method's ways; the last one closes the letter.

    Copies never hold a letter open. `outcome` is one of Outcome.Value, or nothing. Raise
    NotAllowedError while a reply of the department waits for approval or dispatch, and without an
    outcome where a complaint is closed with an answer; and where a request under way would be
    closed with its letter.
    """
    if method not in Assignment.Method.values:
        raise NotAllowedError(_("Say how the letter was settled."))
    with changing_assignment(assignment, actor=actor, verb=LetterVerb.SIGN_OFF) as change:
        refuse_sign_off(assignment)
        now = timezone.now()
        change.move(AssignmentState.SIGNED_OFF, method=method, signed_off_at=now)
        action = assignment.role == Assignment.Role.ACTION
        done = action and not live_actions(change.letter).exists()
        if done:
            refuse_closing(change.letter)
        rows = write_outcome(assignment, outcome, actor=actor, closes=done)
        data = {"method": str(method)} | ({"outcome": str(outcome)} if outcome else {})
        stage = Stage.CLOSED if done else ""
        change.record(RoutingEvent.SIGNED_OFF, stage=stage, data=data, rows=rows, citizen=done)
    return assignment


def put_in_charge(assignment: Assignment, *, actor: User, person: User) -> Assignment:
    """Name the person of the department who is in charge of the letter, for its head.

    Raise NotAllowedError where the person is not of the department or may not read the letter.
    """
    with changing_assignment(assignment, actor=actor, verb=LetterVerb.PUT_IN_CHARGE) as change:
        check_person(change.letter, department=assignment.department, person=person)
        if assignment.person_id != person.pk:
            assignment.person = person
            assignment.save(update_fields=["person"])
            change.record(RoutingEvent.PUT_IN_CHARGE, data={"person": person.pk})
    return assignment


def _needed(reason: str) -> str:
    """Return the reason as one line; raise NotAllowedError without one."""
    if not (said := one_line(reason)):
        raise NotAllowedError(_("Give a reason."))
    return said
