"""Doing a job: claim, work, then finish first and save, all or nothing."""

import logging
import random
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from jobs import delivery
from jobs.errors import JobError, Permanent, Unavailable, Yield
from jobs.holders import holder, is_dead
from jobs.models import Job, WorkerBeat
from jobs.table import SPARE, URGENT, Step, known_kinds, step_of

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
BACKOFF_SECONDS = (2, 10, 60, 300)
AWAY_SECONDS = (2, 5, 15, 30, 60)
BEAT_SECONDS = 5
DEAD_AFTER_SECONDS = 20


class LeaseLostError(Exception):
    """Raised where another worker has taken the job over: nothing of this attempt may be saved."""


def due() -> QuerySet[Job]:
    """Return the jobs that can be claimed now: ready and due, or running on an expired lease."""
    now = timezone.now()
    ready = Q(state="ready", run_after__lte=now) | Q(state="running", lease_until__lt=now)
    return Job.objects.filter(ready, kind__in=known_kinds())


def due_jobs(
    *, queue: str = "", urgent: bool | None = None, limit: int = 20
) -> list[tuple[int, str]]:
    """Return (id, queue) of claimable jobs, the most urgent first; all, or by `urgent`."""
    jobs = due()
    if queue:
        jobs = jobs.filter(queue=queue)
    if urgent is not None:
        jobs = jobs.filter(priority__lte=URGENT) if urgent else jobs.filter(priority__gt=URGENT)
    return list(jobs.order_by("priority", "run_after", "id").values_list("id", "queue")[:limit])


def offered(*, queue: str, urgent: bool | None = None) -> list[int]:
    """Return the ids that a worker of this queue may take, the most urgent first, as `due_jobs`.

    Spare work only where nothing else is due in the queue: it would give way again and again.
    """
    ids = [job_id for job_id, _ in due_jobs(queue=queue, urgent=urgent, limit=10)]
    if ids and due().filter(queue=queue, priority__lt=SPARE).exists():
        spare = set(Job.objects.filter(pk__in=ids, priority=SPARE).values_list("pk", flat=True))
        ids = [job_id for job_id in ids if job_id not in spare]
    return ids


def others_wait(kind: str, *, more_urgent: bool = False) -> bool:
    """Return whether jobs are due that a long one of this kind should let pass.

    Those of its queue that are as urgent, or only those that are `more_urgent`.
    """
    step = step_of(kind)
    ahead = Q(priority__lt=step.priority) if more_urgent else Q(priority__lte=step.priority)
    return due().filter(ahead, queue=step.queue).exists()


def claim(job_id: int) -> Job | None:
    """Claim the job if it is due, by one conditional UPDATE; None when another was faster."""
    wanted = due().filter(pk=job_id)
    kind = wanted.values_list("kind", flat=True).first()
    if kind is None:
        return None
    taken = wanted.update(
        state=Job.State.RUNNING,
        attempts=F("attempts") + 1,
        lease_until=timezone.now() + timedelta(seconds=step_of(kind).lease_seconds),
        holder=holder(),
        rung_at=None,
    )
    return Job.objects.get(pk=job_id) if taken else None


def run_job(job_id: int) -> bool:
    """Do the job if it can be claimed; return whether this call brought it to some end."""
    job = claim(job_id)
    if job is None:
        return False
    do(job)
    return True


def do(job: Job) -> None:
    """Do a job that was just claimed, together with others where its kind allows it."""
    step = step_of(job.kind)
    if job.attempts - job.excused > MAX_ATTEMPTS:
        _park(job, step, "worker_lost", "The worker was lost each time it tried this.")
    elif step.work_many and job.attempts - job.excused <= 2:
        from jobs.batches import run_batch  # which stands on this module

        run_batch(job, step)
    else:
        run_claimed(job, step)


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
    known = isinstance(error, JobError)
    code = error.code if isinstance(error, JobError) else type(error).__name__[:40]
    # Messages of unknown errors may quote a letter's text; only their class is kept.
    plain = str(error)[:400] if known else ""
    if not known:
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("job %s %s failed: %s at\n%s", job.pk, job.kind, code, where)
    else:
        log.warning("job %s %s failed: %s", job.pk, job.kind, code)
    counted = job.attempts - job.excused
    if isinstance(error, Unavailable):
        wait = AWAY_SECONDS[min(job.excused, len(AWAY_SECONDS) - 1)]
        _put_back(job, code=code, error=plain, wait=wait, excused=F("excused") + 1)
    elif isinstance(error, Permanent) or counted >= MAX_ATTEMPTS:
        _park(job, step, code, plain)
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


def _park(job: Job, step: Step, code: str, error: str) -> None:
    """Park the job for a person to look at; its letter learns of it in the same transaction."""
    with transaction.atomic():
        parked = held(job).update(
            state=Job.State.PARKED,
            error_code=code,
            last_error=error,
            finished_at=timezone.now(),
            lease_until=None,
        )
        if parked:
            _tell_parked(job, step, code)
    log.error("job %s %s parked: %s", job.pk, job.kind, code)


def _tell_parked(job: Job, step: Step, code: str) -> None:
    """Call `on_parked`; a failure there is logged only, or the job would be tried for ever."""
    try:
        with transaction.atomic():
            step.on_parked(job.subject, code)
    except Exception as error:
        log.error("job %s %s: parking was not told: %s", job.pk, job.kind, type(error).__name__)


def try_again(job_id: int) -> bool:
    """Give a parked job another round, on a person's wish; False when it is not parked any more.

    Where a ready job for the same subject waits already, the parked one gives way to it.
    """
    parked = Job.objects.filter(pk=job_id, state=Job.State.PARKED)
    now = timezone.now()
    try:
        with transaction.atomic():
            changed = parked.update(
                state=Job.State.READY,
                run_after=now,
                excused=F("attempts"),
                finished_at=None,
                rung_at=delivery.mark(),
            )
    except IntegrityError:
        changed = parked.update(state=Job.State.SUPERSEDED, finished_at=now)
    if changed:
        queue = Job.objects.values_list("queue", flat=True).get(pk=job_id)
        delivery.ring(queue)
    return bool(changed)


def beat() -> None:
    """Record that this worker process is alive."""
    WorkerBeat.objects.update_or_create(holder=holder(), defaults={"seen_at": timezone.now()})


def worker_is_alive() -> bool:
    """Return whether a worker was heard of in the last 20 seconds and, on this host, still runs."""
    since = timezone.now() - timedelta(seconds=DEAD_AFTER_SECONDS)
    beats = WorkerBeat.objects.filter(seen_at__gte=since).values_list("holder", flat=True)
    return any(not is_dead(name) for name in beats)


def free_dead_leases() -> int:
    """End the leases of dead processes of this host; returns how many.

    So a restart after kill -9 goes on at once instead of waiting for the lease to run out.
    """
    now = timezone.now()
    running = Job.objects.filter(state="running", lease_until__gte=now)
    names = {name for name in running.values_list("holder", flat=True).distinct() if name}
    dead = [name for name in names if is_dead(name)]
    WorkerBeat.objects.filter(holder__in=dead).delete()
    if not dead:
        return 0
    return int(running.filter(holder__in=dead).update(lease_until=now - timedelta(seconds=1)))


def tick() -> None:
    """Do what the clock asks for (settings.JOB_CLOCK)."""
    import_string(settings.JOB_CLOCK)()


def forget_finished(*, before: datetime) -> int:
    """Delete jobs done or superseded before the given time; returns how many."""
    old = Job.objects.filter(state__in=["done", "superseded"], finished_at__lt=before)
    return old.delete()[0]


def drain(*, subjects: set[str] | None = None, spare: bool = True, limit: int = 10_000) -> int:
    """Do all that is due, here and now, in order; for the command line and for tests.

    With `subjects`, only their jobs; without `spare`, not those of the lowest priority. Returns how
    many jobs were done.
    """
    done = 0
    for _ in range(limit):
        wanted = due()
        if subjects is not None:
            wanted = wanted.filter(subject__in=subjects)
        if not spare:
            wanted = wanted.exclude(priority=SPARE)
        wanted = wanted.order_by("priority", "run_after", "id")
        job_id = wanted.values_list("id", flat=True).first()
        if job_id is None:
            break
        done += run_job(job_id)
    return done
