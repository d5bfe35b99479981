"""What people may do with a reply: the verbs whose rights are checked."""

from enum import StrEnum
from typing import Final

from correspondence.models.states import ReplyState
from correspondence.models.steps import Act


class ReplyVerb(StrEnum):
    """A verb on a reply, from its draft to a further dispatch."""

    EDIT = "edit_reply"
    SUBMIT = "submit_reply"
    APPROVE = "approve_reply"
    RETURN = "return_reply"
    WITHDRAW = "withdraw_reply"
    SIGN = "sign_reply"
    SEND = "send_reply"
    SEND_ALSO = "send_also"


GIVEN_BY_OTHERS: Final = {ReplyVerb.APPROVE, ReplyVerb.SIGN}  # where FOUR_EYES says so
VERBS_OF: Final[dict[str, set[ReplyVerb]]] = {
    Act.VISA: {ReplyVerb.APPROVE, ReplyVerb.RETURN},
    Act.SIGNATURE: {ReplyVerb.SIGN, ReplyVerb.RETURN},
}
# The last state in which each verb may be somebody's, as a place in a reply's way.
WAY: Final = tuple(ReplyState)[:5]
UNTIL: Final = {
    ReplyVerb.EDIT: 0,
    ReplyVerb.SUBMIT: 0,
    ReplyVerb.APPROVE: 1,
    ReplyVerb.RETURN: 2,
    ReplyVerb.WITHDRAW: 2,
    ReplyVerb.SIGN: 2,
    ReplyVerb.SEND: 3,
    ReplyVerb.SEND_ALSO: 4,
}
