"""Kinds of events and jobs of what goes out."""

from enum import nonmember

from jobs.kinds import JobKind
from registry.kinds import EventKind


class OutgoingEvent(EventKind):
    """What happens to what goes out, from its draft to its proof of delivery."""

    LETTER_DRAFTED = "letter_drafted"
    REPLY_DRAFTED = "reply_drafted"
    REPLY_EDITED = "reply_edited"
    REPLY_LASTING = "reply_lasting"
    REPLY_SUBMITTED = "reply_submitted"
    REPLY_VISA = "reply_visa"
    REPLY_APPROVED = "reply_approved"
    REPLY_RETURNED = "reply_returned"
    REPLY_WITHDRAWN = "reply_withdrawn"
    REPLY_SIGNED = "reply_signed"
    SIGNATURE_FILED = "signature_filed"
    SIGNATURE_FAILED = "signature_failed"
    REPLY_DRAWN = "reply_drawn"
    LETTER_SENT = "letter_sent"
    ADDRESSED = "addressed"
    DISPATCH_ASKED = "dispatch_asked"
    DISPATCHED = "dispatched"
    DISPATCH_FAILED = "dispatch_failed"
    DISPATCH_RECEIVED = "dispatch_received"
    DISPATCH_SETTLED = "dispatch_settled"
    HANDED_OVER = "handed_over"
    REPLY_DELIVERED = "reply_delivered"
    REPLY_BOUNCED = "reply_bounced"
    REPLY_READ = "reply_read"
    SILENCE_PASSED = "silence_passed"
    SENDER_TOLD = "sender_told"
    SENDER_UNREACHED = "sender_unreached"

    NEWS = nonmember(
        frozenset(
            {
                *(REPLY_SUBMITTED, REPLY_VISA, REPLY_APPROVED),
                *(REPLY_RETURNED, REPLY_BOUNCED),
            }
        )
    )


class OutgoingJob(JobKind):
    """Work on replies, mailings, lists for the post office, silence, and closed departments."""

    REPLY_SIGN = "reply.sign"
    REPLY_DISPATCH = "reply.dispatch"
    REPLY_DRAW = "reply.draw"
    MAILING_CARRY = "mailing.carry"
    POSTING_DRAW = "posting.draw"
    SILENCE_LOOK = "silence.look"
    DEPARTMENT_HAND_OVER = "department.hand_over"
    SENDER_TELL = "sender.tell"
