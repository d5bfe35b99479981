"""A draft on its way to approval: submitted, approved or returned.

House rule: drafted and submitted by people of a department that has accepted the letter; approved
by that department's head (their own drafts too) or by the director; sent by the department or by
the registry office.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from language.lines import one_line
from org.models import User
from routing.errors import NotAllowedError
from routing.models import Reply
from routing.replies.changing import open_reply, record_reply
from routing.states import REPLY_MOVES, ReplyState, move


def submit_reply(reply: Reply, *, actor: User) -> Reply:
    """Hand a draft to those who approve."""
    return _step(reply, ReplyState.SUBMITTED, actor=actor, verb="submit_reply", remark="")


def approve_reply(reply: Reply, *, actor: User) -> Reply:
    """The head of the department or the director agrees; it may be sent."""
    return _step(reply, ReplyState.APPROVED, actor=actor, verb="approve_reply", approved_by=actor)


def return_reply(reply: Reply, *, actor: User, remark: str) -> Reply:
    """Back to its author, with a remark."""
    remark = one_line(remark)
    if not remark:
        raise NotAllowedError(_("Say what should be changed."))
    return _step(reply, ReplyState.DRAFT, actor=actor, verb="return_reply", remark=remark)


_EVENTS = {
    "submit_reply": "reply_submitted",
    "approve_reply": "reply_approved",
    "return_reply": "reply_returned",
}


def _step(reply: Reply, new: str, *, actor: User, verb: str, **changes: Any) -> Reply:
    with transaction.atomic():
        behalf = open_reply(reply, actor=actor, verb=verb)
        move(reply, new, moves=REPLY_MOVES, changed_at=timezone.now(), **changes)
        data: dict[str, Any] = {"remark": changes["remark"]} if changes.get("remark") else {}
        record_reply(reply, _EVENTS[verb], actor=actor, data=data | behalf)
    return reply
