"""Asking for what waits in the ledger to be given to the signer's log."""

from django.db import transaction

from jobs.outbox import enqueue
from ledger.sequencing import is_waiting
from registry.kinds import RegistryJob


def ask_seal() -> None:
    """Have entries that wait given to the log, where there are any."""
    if is_waiting():
        with transaction.atomic():
            enqueue(RegistryJob.LEDGER_SEAL, "all")
