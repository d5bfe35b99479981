"""The letter of a request that has ended: its assignments signed off, the matter closed."""

from typing import Final

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from eservices.requests.models import Outcome, Request
from org.models import User
from registry.changes import move_stage, record_change
from registry.kinds import RegistryEvent
from registry.models.letters import Letter, ReplyLink
from registry.states import Stage
from routing.acting.errors import NotAllowedError
from routing.acting.sign_off_checks import refuse_sign_off
from routing.closing.outcomes import is_complaint, outcome_rows
from routing.kinds import RoutingEvent
from routing.models.assignments import Assignment
from routing.models.states import LIVE, AssignmentState

# In whose favour a complaint was decided, as the register and the public figures count it.
_FAVOUR: Final = {
    Outcome.GRANTED: "favourable",
    Outcome.REFUSED: "unfavourable",
    Outcome.NO_ACTION: "outside",
}


def close_letter(request: Request, *, actor: User | None) -> None:
    """Sign off what departments have of the letter and close it; its lock is held.

    Raise NotAllowedError while a reply is under way, except for a withdrawal: the letter then
    stays with who writes the reply.
    """
    letter = request.letter
    if letter.stage in (Stage.CLOSED, Stage.VOIDED):
        return
    live = Assignment.objects.filter(letter=letter, state__in=LIVE, role=Assignment.Role.ACTION)
    for row in live.select_related("department", "letter"):
        try:
            refuse_sign_off(row)
        except NotAllowedError:
            if request.outcome == Outcome.WITHDRAWN:
                return
            raise
        _sign_off(request, row, actor=actor)
    move_stage(
        letter, Stage.CLOSED, actor=actor, kind=RegistryEvent.CLOSED, data={"why": "request"}
    )


def request_under_way(letter: Letter) -> object:
    """Return why a letter is not closed by hand while its request is under way, else None."""
    if not Request.objects.filter(letter=letter, ended_at=None).exists():
        return None
    return _(
        "The request is still under way: end it by one of its actions, "
        "and its letter closes with it."
    )


def _sign_off(request: Request, row: Assignment, *, actor: User | None) -> None:
    """Sign one assignment off, with the outcome where the letter is a complaint."""
    letter = request.letter
    answered = ReplyLink.objects.filter(incoming=letter).exists()
    method = Assignment.Method.LETTER if answered else Assignment.Method.NOTED
    if request.outcome in (Outcome.WITHDRAWN, Outcome.NO_ACTION):
        method = Assignment.Method.NO_FOLLOW_UP
    row.state, row.method = AssignmentState.SIGNED_OFF, method
    row.signed_off_at = timezone.now()
    row.save(update_fields=["state", "method", "signed_off_at"])
    rows: list[Model] = [row]
    favour = _FAVOUR.get(Outcome(request.outcome)) if request.outcome else None
    if actor and favour and is_complaint(letter.kind):
        rows += outcome_rows(letter, favour, actor=actor)
    data = {"department": row.department.code, "method": str(method), "why": "request"}
    record_change(letter, RoutingEvent.SIGNED_OFF, actor=actor, data=data, rows=rows)
