"""What must be done is written down in the transaction of its cause."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jobs import delivery, runner
from jobs.models import Job
from jobs.outbox import enqueue, enqueue_all
from org.models import LetterKind
from registry.kinds import RegistryJob
from tests.jobs import table
from tests.jobs.table import TriedJob

pytestmark = pytest.mark.django_db


def put(kind: str = "good", subject: str = "1", **more: Any) -> int:
    with transaction.atomic():
        return enqueue(TriedJob(kind), subject, **more)


def test_a_change_that_is_rolled_back_leaves_no_job() -> None:
    with transaction.atomic():
        enqueue(TriedJob.GOOD, "1")
        transaction.set_rollback(True)
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_can_be_enqueued() -> None:
    with pytest.raises(RuntimeError):
        enqueue(TriedJob.GOOD, "1")
    assert not Job.objects.exists()


def test_an_unknown_kind_is_refused_at_once() -> None:
    with pytest.raises(KeyError), transaction.atomic():
        enqueue(RegistryJob.DAY_CLOSE, "1")


def test_the_same_thing_waits_once() -> None:
    assert put() == put()
    assert put(subject="2") != put()
    assert Job.objects.count() == 2


def test_a_change_during_the_work_asks_for_another_round() -> None:
    first = put()
    table.during_work.append(lambda: put())
    runner.run_job(first)
    table.during_work.clear()
    assert Job.objects.get(pk=first).state == "done"
    assert Job.objects.get(state="ready").pk != first


def test_asking_more_urgently_makes_a_waiting_job_more_urgent_never_less() -> None:
    def asked(priority: int) -> int:
        with transaction.atomic():
            (job_id,) = enqueue_all([(TriedJob.GOOD, "1")], priority=priority)
        return Job.objects.get(pk=job_id).priority

    assert [asked(priority) for priority in (50, 20, 80)] == [50, 20, 20]


def test_asking_sooner_makes_a_waiting_job_due_sooner_never_later() -> None:
    job_id = put(delay=600)
    put(delay=60)
    due = Job.objects.get(pk=job_id).run_after
    assert due < timezone.now() + timedelta(seconds=61)
    put(delay=600)
    assert Job.objects.get(pk=job_id).run_after == due


def test_the_bell_rings_after_the_commit_and_not_without_it(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(delivery, "ring", lambda queue, **_: rung.append(queue))
    with django_capture_on_commit_callbacks(execute=True):
        put()
        assert rung == []
    assert rung == ["fast"]


@pytest.mark.django_db(transaction=True)
def test_no_worker_takes_a_job_before_the_change_that_renews_it_is_committed() -> None:
    """The change reuses a ready job. A worker that took it now would read the old state."""
    job_id = put()
    changed, go_on, seen = threading.Event(), threading.Event(), []

    def change() -> None:
        with transaction.atomic():
            enqueue(TriedJob.GOOD, "1")
            LetterKind.objects.filter(code="other").update(name_fr="nouveau")
            changed.set()
            go_on.wait(10)
        connection.close()

    def work() -> None:
        table.during_work.append(lambda: seen.append(LetterKind.objects.get(code="other").name_fr))
        runner.run_job(job_id)
        connection.close()

    threads = [threading.Thread(target=change), threading.Thread(target=work)]
    threads[0].start()
    assert changed.wait(10)
    threads[1].start()
    threads[1].join(0.3)  # it waits for the lock, or has found nothing to claim
    go_on.set()
    for thread in threads:
        thread.join(30)
    runner.drain()
    assert seen[-1] == "nouveau"
    assert set(seen) == {"nouveau"}
