"""Closing a letter when its answer has reached the sender, for an office that wants it so."""

from typing import Final

from django.conf import settings
from django.utils import timezone

from correspondence.answers.addressees import answered_by
from correspondence.models.dispatch import Dispatch
from correspondence.models.replies import Reply
from registry.changes import lock, move_stage, record_change
from registry.kinds import RegistryEvent
from registry.models.letters import Letter
from registry.states import Stage
from routing.acting.errors import NotAllowedError
from routing.acting.sign_off_checks import refuse_closing, refuse_sign_off
from routing.closing.outcomes import is_complaint, outcome_of
from routing.kinds import RoutingEvent
from routing.models.assignments import Assignment
from routing.models.states import LIVE, AssignmentState

# On these ways nothing comes back: the answer counts as delivered once it has left.
WITHOUT_PROOF: Final = (Dispatch.Method.EMAIL, Dispatch.Method.POST)


def close_delivered(reply: Reply) -> None:
    """Sign off and close what a delivered reply answers, where CLOSE_ANSWERED is set.

    Only the part of the department that answered is signed off: what others have still to do keeps
    the letter open, and so does a complaint without an outcome or a request under way. The caller
    holds the letters.
    """
    if settings.CLOSE_ANSWERED and reply.direction == Reply.Direction.OUTGOING:
        for letter in answered_by(reply):
            _close(letter, reply)


def _close(letter: Letter, reply: Reply) -> None:
    lock(letter)
    if letter.stage != Stage.ANSWERED:
        return
    if is_complaint(letter.kind) and outcome_of(letter) is None:
        return
    try:
        refuse_closing(letter)
    except NotAllowedError:
        return
    actions = Assignment.objects.filter(letter=letter, role=Assignment.Role.ACTION)
    accepted = actions.filter(state=AssignmentState.ACCEPTED, department=reply.department_id)
    for row in accepted.select_related("department", "letter"):
        _sign_off(letter, row)
    if not actions.filter(state__in=LIVE).exists():
        move_stage(
            letter,
            Stage.CLOSED,
            actor=None,
            kind=RegistryEvent.CLOSED,
            data={"why": "delivered"},
        )


def _sign_off(letter: Letter, row: Assignment) -> None:
    try:
        refuse_sign_off(row)
    except NotAllowedError:  # another reply of the department is under way
        return
    now = timezone.now()
    signed = {"state": AssignmentState.SIGNED_OFF, "method": Assignment.Method.LETTER}
    Assignment.objects.filter(pk=row.pk).update(**signed, signed_off_at=now)
    row.refresh_from_db()
    data = {"department": row.department.code, "method": row.method, "why": "delivered"}
    record_change(letter, RoutingEvent.SIGNED_OFF, actor=None, data=data, rows=[row])
