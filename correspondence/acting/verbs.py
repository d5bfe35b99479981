"""What people may do with a reply: the verbs that rights are asked for."""

from enum import StrEnum


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
