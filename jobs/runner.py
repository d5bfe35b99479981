"""Doing a job: claim, work, then finish first and save, all or nothing."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import import_string
from opentelemetry.trace import SpanKind

from jobs import delivery
from jobs.attempts import MAX_ATTEMPTS, due, park, run_claimed
from jobs.batches import run_batch
from jobs.clock_jumps import put_right
from jobs.holders import holder, is_dead
from jobs.kinds import JobKind
from jobs.log_context import log_fields
from jobs.memory import release_free_memory
from jobs.models import Job, WorkerBeat
from jobs.table import SPARE, URGENT, step_of
from jobs.tracing import parent_of, spanning

log = logging.getLogger(__name__)

BEAT_SECONDS = 5
DEAD_AFTER_SECONDS = 20


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


def others_wait(kind: JobKind, *, more_urgent: bool = False) -> bool:
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
    release_free_memory()
    return True


def do(job: Job) -> None:
    """Do a job that was just claimed, together with others where its kind allows it."""
    told: dict[str, str | int] = {
        "job.id": job.pk,
        "job.queue": job.queue,
        "job.attempt": job.attempts,
    }
    parent = parent_of(job.trace)
    with (
        log_fields(job=str(job.pk), kind=job.kind, subject=job.subject),
        spanning(job.kind, SpanKind.CONSUMER, told, parent=parent),
    ):
        _do(job)


def _do(job: Job) -> None:
    step = step_of(job.kind)
    if job.attempts - job.excused > MAX_ATTEMPTS:
        park(job, step, "worker_lost", "The worker was lost each time it tried this.")
    elif step.work_many and job.attempts - job.excused <= 2:
        run_batch(job, step)
    else:
        run_claimed(job, step)


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
    """Record that this worker process is alive, by a clock that may have been put right."""
    put_right()
    WorkerBeat.objects.update_or_create(holder=holder(), defaults={"seen_at": timezone.now()})


def worker_is_alive() -> bool:
    """Return whether a worker beat within the last 20 seconds and, on this host, still runs."""
    since = timezone.now() - timedelta(seconds=DEAD_AFTER_SECONDS)
    beats = WorkerBeat.objects.filter(seen_at__gte=since).values_list("holder", flat=True)
    return any(not is_dead(name) for name in beats)


def free_dead_leases() -> int:
    """End the leases of dead processes of this host; return how many.

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
    """Run the clock's work (settings.JOB_CLOCK)."""
    import_string(settings.JOB_CLOCK)()


def forget_finished(*, before: datetime) -> int:
    """Delete jobs done or superseded before the given time; return how many."""
    old = Job.objects.filter(state__in=["done", "superseded"], finished_at__lt=before)
    return old.delete()[0]


def drain(*, subjects: set[str] | None = None, spare: bool = True, limit: int = 10_000) -> int:
    """Do all that is due, here and now, in order; for the command line and for tests.

    With `subjects`, only their jobs; without `spare`, not those of the lowest priority. Return how
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
