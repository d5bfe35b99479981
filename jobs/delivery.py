"""The doorbell: notifies the workers of a queue that a job is due.

A notification may be lost; the sweep rings again.
"""

import threading
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from jobs.message_sender import message_sender

# Wakes the threads of this process, when it has any.
bell = threading.Event()


def ring(queue: str, *, times: int = 1) -> None:
    """Ring for a queue; never raises, never blocks: the job is in the database already."""
    if settings.JOB_DELIVERY == "celery":
        message_sender().ring(queue, times=times)
    elif settings.JOB_DELIVERY == "thread":
        bell.set()


def uses_messages() -> bool:
    """Return whether the doorbell is a message in a broker, one for each job that is due."""
    return bool(settings.JOB_DELIVERY == "celery")


def mark() -> datetime | None:
    """Return what a job notes when it is rung for: the time, or None without messages."""
    return timezone.now() if uses_messages() else None
