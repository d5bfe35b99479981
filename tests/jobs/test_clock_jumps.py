"""A clock that ran ahead for a while holds up no work once it is right again."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from jobs import runner
from jobs.holders import holder
from jobs.models import Job, WorkerBeat
from jobs.outbox import enqueue
from tests.jobs import table
from tests.jobs.table import TriedJob

pytestmark = pytest.mark.django_db


JUMPS = pytest.mark.parametrize("by", [timedelta(minutes=40), timedelta(hours=26)], ids=str)


@contextlib.contextmanager
def clock_ahead(by: timedelta) -> Iterator[None]:
    """While the block runs, the clock of this process stands ahead."""
    right = timezone.now
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: right() + by)
        yield


def put(kind: str = "good", *, delay: float = 0) -> Job:
    with transaction.atomic():
        return Job.objects.get(pk=enqueue(TriedJob(kind), "1", delay=delay))


@JUMPS
def test_what_was_asked_for_in_that_time_is_done(by: timedelta) -> None:
    with clock_ahead(by):
        runner.beat()
        put()
    assert runner.drain() == 0
    runner.beat()
    assert runner.drain() == 1
    assert table.done == ["result of 1"]


@JUMPS
def test_what_was_put_back_in_that_time_is_tried_again(by: timedelta) -> None:
    job = put("away")
    with clock_ahead(by):
        runner.beat()
        runner.run_job(job.pk)
    runner.beat()
    job.refresh_from_db()
    assert job.state == "ready"
    assert job.run_after <= timezone.now()


@JUMPS
def test_a_lease_of_a_worker_that_died_in_that_time_ends(by: timedelta) -> None:
    job = put()
    with clock_ahead(by):
        runner.beat()
        assert runner.claim(job.pk)
    runner.beat()
    job.refresh_from_db()
    assert job.state == "running"
    assert job.lease_until is not None
    longest = max(step.lease_seconds for step in table.TABLE.values())
    assert job.lease_until <= timezone.now() + timedelta(seconds=longest)


def test_clocks_that_differ_a_little_move_nothing() -> None:
    WorkerBeat.objects.create(holder="other:1", seen_at=timezone.now() + timedelta(minutes=1))
    job = put(delay=600)
    runner.beat()
    job.refresh_from_db()
    assert job.run_after > timezone.now() + timedelta(minutes=9)
    assert set(WorkerBeat.objects.values_list("holder", flat=True)) == {"other:1", holder()}


def test_another_machine_whose_clock_stays_ahead_cuts_no_wait_short() -> None:
    ahead = timezone.now() + timedelta(hours=2)
    WorkerBeat.objects.create(holder="other/boot/1/2", seen_at=ahead)
    job = put(delay=600)
    runner.beat()
    job.refresh_from_db()
    assert job.run_after > timezone.now() + timedelta(minutes=9)
    assert WorkerBeat.objects.filter(holder="other/boot/1/2", seen_at=ahead).exists()
