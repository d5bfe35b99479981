"""What nobody foresaw stops one thing at most, never the worker."""

import time
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from jobs import runner
from jobs.models import Job
from jobs.outbox import enqueue
from jobs.threads import Workers
from tests.jobs import table
from tests.jobs.table import TriedJob

pytestmark = pytest.mark.django_db


def put(kind: str, subject: str = "1") -> Job:
    with transaction.atomic():
        return Job.objects.get(pk=enqueue(TriedJob(kind), subject))


def of_a_newer_program() -> Job:
    """A job that an office of a later version has put into the same outbox."""
    return Job.objects.create(
        kind="newer", subject="1", queue="fast", priority=0, run_after=timezone.now()
    )


def state_of(job: Job) -> str:
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


def test_work_of_a_kind_that_this_program_does_not_know_waits_and_holds_nothing_up() -> None:
    newer, job = of_a_newer_program(), put("good")
    assert not runner.run_job(newer.pk)
    assert [pk for pk, _ in runner.due_jobs(queue="fast", limit=1)] == [job.pk]
    assert runner.drain(limit=2) == 1
    assert (state_of(newer), state_of(job)) == ("ready", "done")


def test_a_job_is_parked_even_where_nobody_could_be_told() -> None:
    job = put("untellable")
    assert runner.run_job(job.pk)
    assert state_of(job) == "parked"
    assert table.parked == []


@pytest.mark.django_db(transaction=True)
def test_a_thread_outlives_a_clock_that_fails(settings: Any) -> None:
    settings.JOB_CLOCK = "tests.jobs.table.broken_tick"
    job, workers = put("good"), Workers(slow=1)
    workers.start()
    try:
        deadline = time.monotonic() + 20
        while state_of(job) != "done" and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        workers.stop()
    assert state_of(job) == "done"
