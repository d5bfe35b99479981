"""Kinds of events and jobs of the ways in."""

from enum import StrEnum

from jobs.kinds import JobKind
from registry.kinds import EventKind


class ChannelEvent(EventKind):
    """What a channel writes into a letter's history."""

    STICKER_PUT = "sticker_put"


class ChannelJob(JobKind):
    """Work of mailbox, watched folder, batches of scans and partners."""

    MAILBOX_FETCH = "mailbox.fetch"
    MAIL_BOUNCED = "mail.bounced"
    FOLDER_LOOK = "folder.look"
    BATCH_LOOK = "batch.look"
    BATCH_REGISTER = "batch.register"
    PARTNER_TELL = "partner.tell"
    PARTNER_OFF = "partner.off"


class HookType(StrEnum):
    """Kinds of messages to a partner's system; the value is the `type` of the message.

    `CHANGED` gives the present state after any change, several changes at once; each of the others
    is one event.
    """

    CHANGED = "letter.changed"
    REGISTERED = "letter.registered"
    ASSIGNED = "letter.assigned"
    ACCEPTED = "letter.accepted"
    PIECES_ASKED = "letter.pieces_asked"
    ANSWERED = "letter.answered"
    CLOSED = "letter.closed"
    REOPENED = "letter.reopened"
    VOIDED = "letter.voided"
    REQUEST_MOVED = "request.moved"
    REPLY_DISPATCHED = "reply.dispatched"
    REPLY_DELIVERED = "reply.delivered"
    TEST = "webhook.test"
