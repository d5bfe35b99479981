"""Kinds of events and jobs of the reading of letters."""

from jobs.kinds import JobKind
from registry.kinds import EventKind


class OcrEvent(EventKind):
    """What the reading writes into a letter's history, besides its first success."""

    READ_AGAIN = "read_again"
    UNREAD = "unread"


class OcrJob(JobKind):
    """What may follow once a letter was read."""

    LETTER_READ_AGAIN = "letter.read_again"
    LETTER_RENDER = "letter.render"
