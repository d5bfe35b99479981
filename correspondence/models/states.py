"""States of replies, their steps and dispatches: one table of moves each."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReplyState(models.TextChoices):
    """The state of a reply. It has a number from its signature on, else from "sent" on."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    SIGNED = "signed", _("Signed")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    BOUNCED = "bounced", _("Not delivered")


class DispatchState(models.TextChoices):
    """The state of one dispatch of a reply."""

    WAITING = "waiting", _("Waiting to leave")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Received")
    FAILED = "failed", _("Failed")
    HANDED_OVER = "handed_over", _("Handed over")


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
# The steps of a circuit, of `correspondence.models.steps.StepState`.
STEP_MOVES: dict[str, set[str]] = {
    "later": {"due", "dropped"},
    "due": {"done", "returned", "dropped"},
    "done": set(),
    "returned": set(),
    "dropped": set(),
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
