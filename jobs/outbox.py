"""Putting work into the outbox: an INSERT in the caller's transaction, then the doorbell."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from jobs import delivery, messages
from jobs.kinds import JobKind
from jobs.message_sender import MOST_WAITING
from jobs.table import SPARE, step_of
from jobs.tracing import carried

# A ready job for the same thing is reused. DO UPDATE (rather than NOTHING) locks that row until
# the caller commits, so that no worker can claim it and read the state before the caller's change.
_INSERT = """
INSERT INTO jobs_job (kind, subject, queue, priority, state, attempts, excused, run_after,
                      holder, done_steps, total_steps, error_code, last_error, created_at,
                      rung_at, trace)
VALUES {rows}
ON CONFLICT (kind, subject) WHERE state = 'ready'
DO UPDATE SET run_after = CASE WHEN excluded.run_after < jobs_job.run_after
                               THEN excluded.run_after ELSE jobs_job.run_after END,
              priority = CASE WHEN excluded.priority < jobs_job.priority
                              THEN excluded.priority ELSE jobs_job.priority END,
              rung_at = COALESCE(jobs_job.rung_at, excluded.rung_at)
RETURNING id, queue, rung_at = %s
"""
_ROW = "(%s, %s, %s, %s, 'ready', 0, 0, %s, '', 0, 0, '', '', %s, %s, %s)"


def enqueue(kind: JobKind, subject: object, *, delay: float = 0) -> int:
    """Ensure that `kind` will be done for `subject`, `delay` seconds from now at the earliest.

    Return the job's id. Must run inside the transaction of the change that causes it. Raise
    KeyError for a kind that the job table does not hold.
    """
    return enqueue_all([(kind, subject)], delay=delay)[0]


def enqueue_all(
    wanted: Iterable[tuple[JobKind, object]], *, delay: float = 0, priority: int | None = None
) -> list[int]:
    """Enqueue several (kind, subject), no two alike, in one statement; see `enqueue`.

    `priority` in place of that of the kind; a job that waits already keeps the more urgent one.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("enqueue belongs inside the transaction of the change it follows from")
    now = timezone.now()
    due, made = _db(now + timedelta(seconds=delay)), _db(now)
    trace = carried()
    # Spare work waits until nothing else is due; the sweep rings for later work.
    at_once = delivery.uses_messages() and delay <= 0
    values: list[Any] = []
    queues: list[str] = []
    for kind, subject in wanted:
        step = step_of(kind)
        urgency = step.priority if priority is None else priority
        rings = at_once and urgency < SPARE and len(queues) < MOST_WAITING
        rung = made if rings else None
        values += [str(kind), str(subject), step.queue, urgency, due, made, rung, trace]
        queues.append(step.queue)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT.format(rows=", ".join([_ROW] * len(queues))), [*values, made])
        jobs = [(int(job_id), str(queue), bool(rung)) for job_id, queue, rung in cursor.fetchall()]
    if delay <= 0:
        rung = Counter(queue for _, queue, rung in jobs if rung)
        transaction.on_commit(lambda: _ring(set(queues), rung))
    return [job_id for job_id, *_ in jobs]


def _ring(queues: set[str], rung: Counter[str]) -> None:
    for queue in queues:
        if rung[queue] or not delivery.uses_messages():
            delivery.ring(queue, times=rung[queue] or 1)
        else:
            messages.ring_next(queue)


def _db(moment: datetime) -> Any:
    """Return the time as this database's driver wants it in raw SQL."""
    return connection.ops.adapt_datetimefield_value(moment)
