"""Celery carries a job id and nothing else."""

from typing import Any

from celery import current_app, shared_task

from jobs import runner
from jobs.delivery import ring

QUEUES = ("fast", "slow")
MOST_WAITING = 200


@shared_task(name="jobs.run", acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def run(job_id: int) -> None:
    """Do one job if it is still due; a second message for it finds nothing to claim."""
    runner.beat()
    runner.run_job(job_id)


@shared_task(name="jobs.sweep", ignore_result=True)
def sweep() -> int:
    """Ring again for what is due, as far as there is room in the queues; returns how many.

    Bounded, so that a long backlog does not fill the broker with a message per sweep and job.
    """
    runner.beat()
    runner.free_dead_leases()
    rung = 0
    for queue in QUEUES:
        room = MOST_WAITING - _waiting(queue)
        for job_id, _ in runner.due_jobs(queue=queue, limit=room) if room > 0 else []:
            ring(job_id, queue=queue)
            rung += 1
    return rung


def _waiting(queue: str) -> int:
    """How many messages lie in the broker's queue; 0 for one that is not there yet."""
    with current_app.connection_for_write() as connection:
        channel: Any = connection.default_channel
        missing: tuple[Any, ...] = connection.channel_errors
        try:
            return int(channel.queue_declare(queue, passive=True).message_count)
        except missing:
            return 0


@shared_task(name="jobs.tick", ignore_result=True)
def tick() -> None:
    """What the clock asks for."""
    runner.tick()
