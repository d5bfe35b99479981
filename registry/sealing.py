"""Queueing the signer's log for waiting entries of the ledger, and the job that fills it."""

from collections.abc import Callable

from django.db import transaction

from jobs.errors import Unavailable
from jobs.outbox import enqueue
from ledger.sequencing import BATCH, is_waiting, seal_pending
from registry.kinds import RegistryJob
from signer.client import Refused


def queue_sealing() -> None:
    """Have entries that wait given to the log, where there are any."""
    if is_waiting():
        with transaction.atomic():
            enqueue(RegistryJob.LEDGER_SEAL, "all")


def seal_work(_subject: str, progress: Callable[[int, int], None]) -> None:
    """Give the log what waits. Raise Unavailable while it refuses, until a person decides."""
    sealed = 0
    try:
        while count := seal_pending(most=BATCH):
            sealed += count
            progress(sealed, 0)
    except Refused as error:
        raise Unavailable("signer_refuses", str(error)) from error
