"""What people may do with a letter: the verbs whose rights are checked."""

from enum import StrEnum


class LetterVerb(StrEnum):
    """A verb on a letter or one of its assignments; those on replies are `ReplyVerb`."""

    ASSIGN = "assign"
    ACCEPT = "accept"
    REFUSE = "refuse"
    TRANSFER = "transfer"
    SIGN_OFF = "sign_off"
    PUT_IN_CHARGE = "put_in_charge"
    DRAFT_REPLY = "draft_reply"
    CORRECT = "correct"
    LINK = "link"
    ASK_VOID = "ask_void"
    APPROVE_VOID = "approve_void"
    STOP_CLOCK = "stop_clock"
    RESTART_CLOCK = "restart_clock"
    EXTEND_CLOCK = "extend_clock"
    ASK_PIECES = "ask_pieces"
    ADD_PIECES = "add_pieces"
    ASK_OPINION = "ask_opinion"
    REOPEN = "reopen"
    RECORD_OUTCOME = "record_outcome"
    ISSUE_RECEIPT = "issue_receipt"
