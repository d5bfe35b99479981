"""Putting work into the outbox: an INSERT in the caller's transaction, then the doorbell."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from jobs import delivery
from jobs.table import step_of

# A ready job for the same thing is reused. DO UPDATE (rather than NOTHING) locks that row until
# the caller commits, so that no worker can claim it and read the state before the caller's change.
_INSERT = """
INSERT INTO jobs_job (kind, subject, queue, priority, state, attempts, excused, run_after,
                      holder, done_steps, total_steps, error_code, last_error, created_at)
VALUES (%s, %s, %s, %s, 'ready', 0, 0, %s, '', 0, 0, '', '', %s)
ON CONFLICT (kind, subject) WHERE state = 'ready'
DO UPDATE SET run_after = CASE WHEN excluded.run_after < jobs_job.run_after
                               THEN excluded.run_after ELSE jobs_job.run_after END
RETURNING id
"""


def enqueue(kind: str, subject: object, *, delay: float = 0) -> int:
    """Make sure that `kind` will be done for `subject`, `delay` seconds from now at the earliest.

    Returns the job's id. Must run inside the transaction of the change that asks for it.
    Raises KeyError for a kind that the job table does not hold.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("enqueue belongs inside the transaction of the change it follows from")
    step = step_of(kind)
    now = timezone.now()
    due = now + timedelta(seconds=delay)
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [kind, str(subject), step.queue, step.priority, _db(due), _db(now)],
        )
        job_id = int(cursor.fetchone()[0])
    transaction.on_commit(lambda: delivery.ring(job_id, queue=step.queue, delay=delay))
    return job_id


def _db(moment: datetime) -> Any:
    """The moment as this database's driver wants it in raw SQL."""
    return connection.ops.adapt_datetimefield_value(moment)
