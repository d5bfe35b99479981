"""The doorbell: tells a worker that a job is due. It may be lost; the sweep rings again."""

import logging
import threading
import time

from django.conf import settings

log = logging.getLogger(__name__)

# Wakes the threads of this process, when it has any.
bell = threading.Event()

_quiet_until = 0.0
QUIET_SECONDS = 10.0  # after a failed ring, so that deposits do not each wait for a dead broker


def ring(job_id: int, *, queue: str, delay: float = 0) -> None:
    """Never raises, never blocks for long: the job stands in the database already."""
    if settings.JOB_DELIVERY == "celery":
        _ring_celery(job_id, queue=queue, delay=delay)
    elif settings.JOB_DELIVERY == "thread":
        bell.set()


def _ring_celery(job_id: int, *, queue: str, delay: float) -> None:
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    from jobs.tasks import run

    try:
        run.apply_async(args=(job_id,), queue=queue, countdown=delay, retry=False)
    except Exception as error:
        _quiet_until = time.monotonic() + QUIET_SECONDS
        log.warning("broker away (%s): job %s waits for the sweep", type(error).__name__, job_id)
