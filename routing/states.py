"""The small machines of routing: one dict each, and the one compare-and-set that moves a row."""

from typing import Any, Protocol, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.states import SomeoneWasFasterError


class AssignmentState(models.TextChoices):
    """Where an assignment stands in its department."""

    OPEN = "open", _("Waiting to be accepted")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    TRANSFERRED = "transferred", _("Transferred")
    SIGNED_OFF = "signed_off", _("Signed off")


class ReplyState(models.TextChoices):
    """Where a reply stands. It has a number from its signature on, else from "sent" on."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    SIGNED = "signed", _("Signed")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    BOUNCED = "bounced", _("Not delivered")


class DispatchState(models.TextChoices):
    """What became of one way of sending a reply."""

    WAITING = "waiting", _("Waiting to leave")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Received")
    FAILED = "failed", _("Failed")
    HANDED_OVER = "handed_over", _("Handed over")


class OpinionState(models.TextChoices):
    """Where an opinion stands that somebody asked for."""

    WAITING = "waiting", _("Waiting for its turn")
    OPEN = "open", _("Asked")
    GIVEN = "given", _("Given")
    WITHDRAWN = "withdrawn", _("Asked for no more")


PENDING_OPINION = (OpinionState.WAITING, OpinionState.OPEN)
LIVE = (AssignmentState.OPEN, AssignmentState.ACCEPTED)

# An office that routed wrongly may move an assignment on before it was accepted.
ASSIGNMENT_MOVES: dict[str, set[str]] = {
    AssignmentState.OPEN: {
        AssignmentState.ACCEPTED,
        AssignmentState.REFUSED,
        AssignmentState.TRANSFERRED,
        AssignmentState.SIGNED_OFF,  # copies only: they need no acceptance
    },
    AssignmentState.ACCEPTED: {AssignmentState.SIGNED_OFF, AssignmentState.TRANSFERRED},
    AssignmentState.REFUSED: set(),
    AssignmentState.TRANSFERRED: set(),
    AssignmentState.SIGNED_OFF: set(),
}
REPLY_MOVES: dict[str, set[str]] = {
    ReplyState.DRAFT: {ReplyState.SUBMITTED},
    ReplyState.SUBMITTED: {ReplyState.APPROVED, ReplyState.SIGNED, ReplyState.DRAFT},
    # back to its author only while a signature is still to come
    ReplyState.APPROVED: {ReplyState.SIGNED, ReplyState.SENT, ReplyState.DRAFT},
    ReplyState.SIGNED: {ReplyState.SENT},
    ReplyState.SENT: {ReplyState.DELIVERED, ReplyState.BOUNCED},
    ReplyState.BOUNCED: {ReplyState.SENT, ReplyState.DELIVERED},
    ReplyState.DELIVERED: set(),
}
# The steps of a circuit, of `routing.circuits.models.StepState`.
STEP_MOVES: dict[str, set[str]] = {
    "later": {"due", "dropped"},
    "due": {"done", "returned", "dropped"},
    "done": set(),
    "returned": set(),
    "dropped": set(),
}
OPINION_MOVES: dict[str, set[str]] = {
    OpinionState.WAITING: {OpinionState.OPEN, OpinionState.WITHDRAWN},
    OpinionState.OPEN: {OpinionState.GIVEN, OpinionState.WITHDRAWN},
    OpinionState.GIVEN: set(),
    OpinionState.WITHDRAWN: set(),
}
DISPATCH_MOVES: dict[str, set[str]] = {
    DispatchState.WAITING: {
        DispatchState.SENT,
        DispatchState.FAILED,
        DispatchState.HANDED_OVER,  # the recipient has signed for it
    },
    DispatchState.FAILED: {DispatchState.SENT},  # a person asked the job to try again
    DispatchState.SENT: {DispatchState.FAILED, DispatchState.DELIVERED},  # it came back, or arrived
    DispatchState.DELIVERED: set(),
    DispatchState.HANDED_OVER: set(),
}


class Stateful(Protocol):
    """A row with a state."""

    pk: Any
    state: str


Row = TypeVar("Row", bound=models.Model)


def move(row: Row, new: str, *, moves: dict[str, set[str]], **changes: Any) -> Row:
    """Move a row from the state it is thought to have to `new`, setting `changes` with it.

    One conditional UPDATE: SomeoneWasFasterError when the row has moved on meanwhile, or when
    the machine knows no such move. The row in memory is brought up to date.
    """
    old = str(row.state)  # type: ignore[attr-defined]
    if new not in moves[old]:
        raise SomeoneWasFasterError
    rows = type(row)._default_manager.filter(pk=row.pk, state=old)
    if not rows.update(state=new, **changes):
        raise SomeoneWasFasterError
    for name, value in {"state": str(new), **changes}.items():
        setattr(row, name, value)
    return row
