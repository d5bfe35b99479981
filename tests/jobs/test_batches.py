"""Jobs done together: none lost, none held up by another, and a fresh one before a long backlog."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider

from jobs import runner
from jobs.batches import run_batch
from jobs.models import Job
from jobs.outbox import enqueue, enqueue_all
from jobs.table import SPARE, step_of
from tests.jobs import table
from tests.jobs.table import TriedJob

pytestmark = pytest.mark.django_db


def put(*subjects: str, priority: int | None = None) -> list[int]:
    with transaction.atomic():
        return enqueue_all([(TriedJob.MANY, subject) for subject in subjects], priority=priority)


def states() -> dict[str, str]:
    return dict(Job.objects.values_list("subject", "state"))


def test_what_waits_is_done_in_one_piece_of_work() -> None:
    first, *_ = put("a", "b", "c")
    assert runner.run_job(first)
    assert table.together == [["a", "b", "c"]]
    assert set(states().values()) == {"done"}


def test_a_thing_that_changed_five_times_is_done_once() -> None:
    ids = {put("a")[0] for _ in range(5)}
    assert len(ids) == 1
    runner.drain()
    assert table.together == [["a"]]


def test_a_fresh_job_goes_before_a_long_backlog() -> None:
    backlog = put(*(f"old{n:02}" for n in range(30)))
    earlier = timezone.now() - timedelta(hours=1)
    Job.objects.filter(pk__in=backlog).update(run_after=earlier)
    put("fresh")
    runner.run_job(backlog[0])
    assert len(table.together[0]) == 8
    assert "fresh" in table.together[0]
    runner.drain()
    assert set(states().values()) == {"done"}


def test_a_change_makes_waiting_spare_work_urgent() -> None:
    put("a", priority=SPARE)
    put("a")
    assert Job.objects.get().priority == 5


def test_one_that_cannot_be_done_holds_up_no_other() -> None:
    first, *_ = put("a", "bad", "c")
    runner.run_job(first)
    assert states() == {"a": "done", "bad": "ready", "c": "done"}
    bad = Job.objects.get(subject="bad")
    assert (bad.attempts, bad.last_error) == (1, "")
    assert "Untel" not in str(Job.objects.values())
    put("d")
    Job.objects.filter(pk=bad.pk).update(run_after=timezone.now())
    runner.drain()
    assert states() == {"a": "done", "bad": "ready", "c": "done", "d": "done"}
    assert ["bad"] in table.together  # alone, the second time


def test_all_wait_while_a_service_is_away_and_no_attempt_is_counted() -> None:
    first, *_ = put("a", "away", "c")
    runner.run_job(first)
    assert set(states().values()) == {"ready"}
    assert set(Job.objects.values_list("attempts", "excused")) == {(1, 1)}
    assert all(when > timezone.now() for when in Job.objects.values_list("run_after", flat=True))
    Job.objects.filter(subject="away").delete()
    Job.objects.update(run_after=timezone.now())
    runner.drain()
    assert set(states().values()) == {"done"}


def test_a_batch_that_is_put_back_is_a_failed_span() -> None:
    first, *_ = put("a", "away")
    job = runner.claim(first)
    assert job is not None
    with TracerProvider().get_tracer("tests").start_as_current_span("many") as span:
        run_batch(job, step_of(job.kind))
    assert isinstance(span, ReadableSpan)
    assert not span.status.is_ok
    assert dict(span.attributes or {})["error.type"] == "away"


def test_what_changed_while_its_batch_failed_is_done_once_more_only() -> None:
    first, *_ = put("a", "away")

    def change() -> None:
        with transaction.atomic():
            enqueue(TriedJob.MANY, "a")

    table.during_work.append(change)
    runner.run_job(first)
    assert sorted(Job.objects.filter(subject="a").values_list("state", flat=True)) == [
        "ready",
        "superseded",
    ]


def test_a_batch_whose_worker_died_is_taken_up_one_by_one() -> None:
    first, *_ = put("a", "b")
    Job.objects.update(
        state="running", attempts=1, lease_until=timezone.now() - timedelta(seconds=1)
    )
    assert first
    runner.drain()
    assert table.together == [["a"], ["b"]]
    assert set(states().values()) == {"done"}


def test_a_batch_whose_lease_was_lost_marks_nothing_done() -> None:
    first, *_ = put("a", "b")
    table.during_work.append(lambda: Job.objects.update(holder="another", attempts=7))
    runner.run_job(first)
    assert set(states().values()) == {"running"}
