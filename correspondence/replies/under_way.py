"""Replies on their way through a circuit: while there is one, its letter is not signed off."""

from django.utils.translation import gettext_lazy as _

from correspondence.models.replies import Reply
from correspondence.models.states import ReplyState
from routing.models.assignments import Assignment


def reply_under_way(assignment: Assignment) -> object:
    """Return why an unsent reply of the department forbids the assignment's sign-off, else None."""
    if assignment.role == Assignment.Role.COPY:
        return None
    replies = Reply.objects.filter(
        letter=assignment.letter_id,
        department=assignment.department_id,
        state__in=[ReplyState.SUBMITTED, ReplyState.APPROVED, ReplyState.SIGNED],
    )
    if not replies.exists():
        return None
    return _("A reply is still waiting for approval or for its way out.")
