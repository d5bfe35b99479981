"""Checkpoints of the log as the register uses them: named by closings and printed on receipts."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from ledger.models import LedgerCheckpoint
from ledger.sequencing import seal_pending
from signer.note import Checkpoint, read_checkpoint


@dataclass(frozen=True, slots=True)
class SealedPoint:
    """A checkpoint: the log's first `size` entries have this root (hexadecimal)."""

    origin: str
    size: int
    root: str
    note: str
    at: datetime | None = None

    @property
    def short(self) -> str:
        """Return what is printed: origin, size, root; a checkpoint without its signatures."""
        return f"{self.origin} {self.size} {self.root}"

    @property
    def groups(self) -> list[str]:
        """Return the root in groups of four, as people read and type it."""
        return [self.root[at : at + 4] for at in range(0, len(self.root), 4)]


def newest() -> SealedPoint | None:
    """Return the newest checkpoint that the office has; None before the first."""
    row = LedgerCheckpoint.objects.order_by("-size").first()
    return _point(row) if row else None


def current() -> SealedPoint | None:
    """Give the log what waits, and return the newest checkpoint.

    Without a signer that answers, it is one of before. Outside any transaction.
    """
    seal_pending()
    return newest()


def at_size(size: int) -> SealedPoint | None:
    """Return the checkpoint of exactly so many entries, where one was kept."""
    row = LedgerCheckpoint.objects.filter(size=size).first()
    return _point(row) if row else None


def _point(row: LedgerCheckpoint) -> SealedPoint:
    told: Checkpoint = read_checkpoint(row.note)
    return SealedPoint(told.origin, told.size, told.root.hex(), row.note, row.at)


def is_configured() -> bool:
    """Return whether a signer was ever heard of: an office on a desk has none before `up`."""
    return bool(settings.SIGNER_SOCKET.exists() or LedgerCheckpoint.objects.exists())
