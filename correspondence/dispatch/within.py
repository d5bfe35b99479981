"""Signed internal letters are delivered within the house as soon as their paper is filed.

Who gets one, its author has said; there is no envelope, no address and nothing left to decide.
"""

from correspondence.answers.addressees import lock_answered
from correspondence.dispatch.sending import complete_sending
from correspondence.models.replies import Reply
from correspondence.models.states import ReplyState
from correspondence.replies import filing
from registry.states import Stage


def save_signed(reply_id: str, result: filing.SignedPaper | None) -> None:
    """File the paper and deliver an internal letter (save of the job `reply.sign`)."""
    reply = Reply.objects.select_related("letter", "outgoing", "department").get(pk=reply_id)
    lock_answered(reply)  # before the outgoing letter, which filing locks
    filing.save_signed(reply_id, result)
    reply.refresh_from_db()
    letter = reply.outgoing
    internal = reply.direction == Reply.Direction.INTERNAL
    if not internal or reply.state != ReplyState.SIGNED or not (letter and reply.signed_file_id):
        return
    if letter.stage != Stage.VOIDED:
        complete_sending(reply, letter, actor=None, method="")
