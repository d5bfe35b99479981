"""Celery carries a job id and nothing else."""

from celery import shared_task

from jobs import runner
from jobs.delivery import ring


@shared_task(name="jobs.run", acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def run(job_id: int) -> None:
    """Do one job if it is still due; a second message for it finds nothing to claim."""
    runner.beat()
    runner.run_job(job_id)


@shared_task(name="jobs.sweep", ignore_result=True)
def sweep() -> int:
    """Ring again for everything that is due; returns how many."""
    runner.beat()
    runner.free_dead_leases()
    due = runner.due_jobs(limit=500)
    for job_id, queue in due:
        ring(job_id, queue=queue)
    return len(due)


@shared_task(name="jobs.tick", ignore_result=True)
def tick() -> None:
    """What the clock asks for."""
    runner.tick()
