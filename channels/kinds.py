"""Kinds of events and jobs of the ways in."""

from jobs.kinds import JobKind
from registry.kinds import EventKind


class ChannelEvent(EventKind):
    """What a way in tells in a letter's history."""

    STICKER_PUT = "sticker_put"


class ChannelJob(JobKind):
    """Work of mailbox, watched folder, batches of scans and partners."""

    MAILBOX_FETCH = "mailbox.fetch"
    MAIL_BOUNCED = "mail.bounced"
    FOLDER_LOOK = "folder.look"
    BATCH_LOOK = "batch.look"
    BATCH_REGISTER = "batch.register"
    PARTNER_TELL = "partner.tell"
