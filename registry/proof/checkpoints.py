"""Checkpoints of the log as the register uses them: named by closings and printed on receipts."""

import contextlib
from dataclasses import dataclass
from datetime import datetime

from ledger.models import LedgerCheckpoint
from ledger.sequencing import seal_pending
from signer.client import Refused
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
    def printed(self) -> str:
        """Return what stands on papers: origin, size and root, without the signatures."""
        return f"{self.origin}#{self.size}#{self.root}"


def newest() -> SealedPoint | None:
    """Return the newest checkpoint that the office has; None before the first."""
    row = LedgerCheckpoint.objects.order_by("-size").first()
    return _point(row) if row else None


def current() -> SealedPoint | None:
    """Give the log what waits, and return the newest checkpoint.

    Where no signer answers, or it refuses, it is one of before. Outside any transaction.
    """
    with contextlib.suppress(Refused):  # the health page and `verify_register` say so
        seal_pending()
    return newest()


def _point(row: LedgerCheckpoint) -> SealedPoint:
    told: Checkpoint = read_checkpoint(row.note)
    return SealedPoint(told.origin, told.size, told.root.hex(), row.note, row.at)
