"""Kinds of events in a letter's history, and of jobs, as far as the register names them."""

from enum import StrEnum

from jobs.kinds import JobKind


class EventKind(StrEnum):
    """Base of every package's kinds of events; the value is what an event keeps and its hash seals.

    So a value never changes. A kind belongs to the lowest package that names it; `config.kinds`
    brings all together.
    """

    @property
    def is_news(self) -> bool:
        """Whether people are notified of it, so that `notice.spread` follows; see `NEWS`."""
        return self.value in getattr(type(self), "NEWS", ())


class RegistryEvent(EventKind):
    """What happens to a letter, its text, its sender and its receipts in the register."""

    REGISTERED = "registered"
    ATTACHMENTS_LEFT = "attachments_left"
    READ = "read"
    READING_CORRECTED = "reading_corrected"
    READING_CONFIRMED = "reading_confirmed"
    CORRECTED = "corrected"
    CONFIRMED = "confirmed"
    CONTACT_LINKED = "contact_linked"
    CONTACT_UNLINKED = "contact_unlinked"
    LINKED = "linked"
    TOLD_APART = "told_apart"
    UNLINKED = "unlinked"
    RECEIPT_ISSUED = "receipt_issued"
    RECEIPT_HANDED = "receipt_handed"
    STAGE = "stage"
    CLOSED = "closed"
    VOID_ASKED = "void_asked"
    VOID_REFUSED = "void_refused"
    VOIDED = "voided"
    HOLD_PLACED = "hold_placed"
    HOLD_LIFTED = "hold_lifted"
    DISPOSED = "disposed"
    RECTIFIED = "rectified"
    # Never written: what a reader sees in place of an event about a letter hidden from them.
    WITHHELD = "withheld"


class RegistryJob(JobKind):
    """What follows from a registration or a correction; higher packages do most of the work."""

    LETTER_INDEX = "letter.index"
    LETTER_READ = "letter.read"
    LETTER_UNDERSTAND = "letter.understand"
    LETTER_COMPARE = "letter.compare"
    LETTER_ARCHIVE = "letter.archive"
    RECEIPT_RENDER = "receipt.render"
    RECEIPT_FULL = "receipt.full"
    DAY_CLOSE = "day.close"
    ANCHOR_LOOK = "anchor.look"
    ANCHOR_MAKE = "anchor.make"
    LEDGER_SEAL = "ledger.seal"
    REGISTER_VERIFY = "register.verify"
    NOTICE_SPREAD = "notice.spread"
    DISPOSAL_EXECUTE = "disposal.execute"
    DISPOSAL_FILES = "disposal.files"
    CONTACT_COMPARE = "contact.compare"
