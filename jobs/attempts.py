"""One attempt at a job: work, then finish first and save, all or nothing; or put back, or park."""

import logging
import random
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from jobs.errors import JobError, Permanent, ServiceError, Unavailable, Yield
from jobs.models import Job
from jobs.table import Step, known_kinds
from jobs.tracing import mark_failed

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 5


BACKOFF_SECONDS = (2, 10, 60, 300)


AWAY_SECONDS = (2, 5, 15, 30, 60)


class LeaseLostError(Exception):
    """Raised where another worker has taken the job over: nothing of this attempt may be saved."""


def due() -> QuerySet[Job]:
    """Return the jobs that can be claimed now: ready and due, or running on an expired lease."""
    now = timezone.now()
    ready = Q(state="ready", run_after__lte=now) | Q(state="running", lease_until__lt=now)
    return Job.objects.filter(ready, kind__in=known_kinds())


def run_claimed(job: Job, step: Step) -> None:
    """Do a job that this process has claimed."""
    try:
        result = step.work(job.subject, _progress_of(job, step))
        _finish(job, step, result)
    except LeaseLostError:
        log.warning("job %s %s: lease lost, nothing saved", job.pk, job.kind)
    except Yield:
        _put_back(job, code="", error="", wait=0, attempts=F("attempts") - 1)
    except Exception as error:
        _fail(job, step, error)


def held(job: Job) -> Any:
    """Return the row as a query that is empty once this attempt no longer holds it."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)


def _progress_of(job: Job, step: Step) -> Callable[[int, int], None]:
    """Return a function that saves progress and renews the lease, or raises LeaseLostError."""

    def progress(done: int, total: int) -> None:
        lease = timezone.now() + timedelta(seconds=step.lease_seconds)
        if not held(job).update(done_steps=done, total_steps=total, lease_until=lease):
            raise LeaseLostError

    return progress


def _finish(job: Job, step: Step, result: Any) -> None:
    """Mark the job done first: zero rows means the lease was lost, and nothing is saved."""
    with transaction.atomic():
        if not held(job).update(
            state=Job.State.DONE, finished_at=timezone.now(), error_code="", last_error=""
        ):
            raise LeaseLostError
        step.save(job.subject, result)


def _fail(job: Job, step: Step, error: Exception) -> None:
    if isinstance(error, ServiceError) and error.waits:
        error = Unavailable(error.job_code, f"A service is away: {error.job_code}.")
    known = isinstance(error, JobError)
    code = error.code if isinstance(error, JobError) else type(error).__name__[:40]
    # Messages of unknown errors may quote a letter's text; only their class is kept.
    plain = str(error)[:400] if known else ""
    if not known:
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("job %s %s failed: %s at\n%s", job.pk, job.kind, code, where)
    else:
        log.warning("job %s %s failed: %s", job.pk, job.kind, code)
    mark_failed(code)
    counted = job.attempts - job.excused
    if isinstance(error, Unavailable):
        wait = AWAY_SECONDS[min(job.excused, len(AWAY_SECONDS) - 1)]
        _put_back(job, code=code, error=plain, wait=wait, excused=F("excused") + 1)
    elif isinstance(error, Permanent) or counted >= MAX_ATTEMPTS:
        park(job, step, code, plain)
    else:
        wait = BACKOFF_SECONDS[min(counted - 1, len(BACKOFF_SECONDS) - 1)]
        _put_back(job, code=code, error=plain, wait=wait)


def _put_back(job: Job, *, code: str, error: str, wait: float, **counted: Any) -> None:
    """Make it ready after `wait` seconds, or superseded by a newer ready job for the same.

    The next worker to end a job of its queue rings for it, or the sweep.
    """
    changes: dict[str, Any] = {
        "error_code": code,
        "last_error": error,
        "lease_until": None,
        "rung_at": None,
        **counted,
    }
    jitter = random.uniform(0.8, 1.2)  # noqa: S311
    later = timezone.now() + timedelta(seconds=wait * jitter)
    try:
        with transaction.atomic():
            held(job).update(state=Job.State.READY, run_after=later, **changes)
    except IntegrityError:
        held(job).update(state=Job.State.SUPERSEDED, finished_at=timezone.now(), **changes)


def park(job: Job, step: Step, code: str, error: str) -> None:
    """Park the job for a person to review; its letter records it in the same transaction."""
    with transaction.atomic():
        parked = held(job).update(
            state=Job.State.PARKED,
            error_code=code,
            last_error=error,
            finished_at=timezone.now(),
            lease_until=None,
        )
        if parked:
            _call_on_parked(job, step, code)
    log.error("job %s %s parked: %s", job.pk, job.kind, code)


def _call_on_parked(job: Job, step: Step, code: str) -> None:
    """Call `on_parked`; a failure there is logged only, or the job would be tried for ever."""
    try:
        with transaction.atomic():
            step.on_parked(job.subject, code)
    except Exception as error:
        log.error("job %s %s: parking was not told: %s", job.pk, job.kind, type(error).__name__)
