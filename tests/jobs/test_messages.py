"""One message for each job that is due, at most; and who gets one does the most urgent job."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from jobs import delivery, messages, runner
from jobs.message_sender import MOST_WAITING
from jobs.models import Job
from jobs.outbox import enqueue, enqueue_all
from tests.jobs import table
from tests.jobs.table import TriedJob

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sent(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Messages sent so far, by queue; none is ever taken by itself."""
    messages: Counter[str] = Counter()
    settings.JOB_DELIVERY = "celery"

    def ring(queue: str, *, times: int = 1) -> None:
        messages[queue] += times

    monkeypatch.setattr(delivery, "ring", ring)
    return messages


@pytest.fixture
def put(django_capture_on_commit_callbacks: Any) -> Any:
    def put(kind: str, *subjects: str, delay: float = 0) -> None:
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            enqueue_all([(TriedJob(kind), subject) for subject in subjects or ("a",)], delay=delay)

    return put


def take(sent: Counter[str], queue: str) -> bool:
    """A worker gets one message of the queue."""
    assert sent[queue]
    sent[queue] -= 1
    return messages.answer(queue)


def take_all(sent: Counter[str], queue: str) -> int:
    """Workers get messages until there is none; how many."""
    taken = 0
    while sent[queue]:
        take(sent, queue)
        taken += 1
        assert taken < 1000, "messages without end"
    return taken


def marked() -> list[str]:
    return sorted(Job.objects.exclude(rung_at=None).values_list("subject", flat=True))


def make_lost() -> None:
    """As if the messages had been sent long ago."""
    long_ago = timezone.now() - timedelta(seconds=messages.LOST_SECONDS + 1)
    Job.objects.exclude(rung_at=None).update(rung_at=long_ago)


def test_a_job_that_waits_already_gets_no_second_message(put: Any, sent: Counter[str]) -> None:
    put("good")
    put("good")
    assert sent == {"fast": 1}
    messages.top_up("fast", waiting=1)
    assert sent == {"fast": 1}
    assert take_all(sent, "fast") == 1
    assert table.done == ["result of a"]


def test_a_message_too_many_finds_nothing(put: Any, sent: Counter[str]) -> None:
    put("good")
    sent["fast"] += 3
    assert take_all(sent, "fast") == 4
    assert table.done == ["result of a"]


def test_whoever_gets_a_message_does_the_most_urgent_job(put: Any, sent: Counter[str]) -> None:
    put("later", *(f"s{n}" for n in range(5)))
    messages.top_up("slow", waiting=sent["slow"])
    assert sent["slow"] == 5
    put("long", "urgent")
    take(sent, "slow")
    assert table.begun == ["urgent"]
    take_all(sent, "slow")
    assert len(table.done) == 6
    assert marked() == []


def test_spare_work_is_rung_for_when_nothing_else_is_due(put: Any, sent: Counter[str]) -> None:
    put("long", "urgent")
    put("later", *(f"s{n}" for n in range(50)))
    assert sent["slow"] == 1
    assert messages.top_up("slow", waiting=1) == 0
    take(sent, "slow")
    assert sent["slow"] >= 1
    take_all(sent, "slow")
    assert len(table.done) == 51


def test_what_gives_way_is_not_rung_for_before_what_it_gives_way_to(
    put: Any, sent: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put("long", "a")
    put("long", "b")
    take(sent, "slow")
    assert table.begun == ["a"]
    assert marked() == ["b"]
    take_all(sent, "slow")
    assert table.begun == ["a", "b", "a", "b"]
    assert list(Job.objects.values_list("state", "attempts", "excused")) == [("done", 1, 0)] * 2


def test_a_job_put_back_for_later_is_rung_for_when_it_is_due(put: Any, sent: Counter[str]) -> None:
    put("transient")
    take_all(sent, "fast")
    assert messages.top_up("fast", waiting=0) == 0
    Job.objects.update(run_after=timezone.now())
    assert messages.top_up("fast", waiting=0) == 1
    take_all(sent, "fast")
    assert Job.objects.get().attempts == 2


def test_a_job_for_later_has_no_message_until_then(put: Any, sent: Counter[str]) -> None:
    put("good", delay=60)
    assert not sent
    put("good")
    assert sent == {"fast": 1}


def test_a_job_without_a_message_does_not_use_up_that_of_another(
    put: Any, sent: Counter[str]
) -> None:
    put("long", "rung")
    put("later", "spare")
    Job.objects.create(
        kind="long", subject="silent", queue="slow", priority=1, run_after=timezone.now()
    )
    take_all(sent, "slow")
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


class TestSweep:
    def test_it_makes_up_for_lost_messages_alone(self, put: Any, sent: Counter[str]) -> None:
        put("good", *(f"g{n}" for n in range(10)))
        assert messages.top_up("fast", waiting=0) == 0, "they may be under way"
        make_lost()
        assert messages.top_up("fast", waiting=10) == 0
        assert messages.top_up("fast", waiting=7) == 3
        assert messages.top_up("fast", waiting=0) == 7

    def test_it_rings_for_the_most_urgent_first(self, put: Any, sent: Counter[str]) -> None:
        put("later", *(f"s{n:03}" for n in range(MOST_WAITING + 5)))
        Job.objects.update(rung_at=None)
        Job.objects.filter(subject="s100").update(priority=4)
        assert messages.top_up("slow", waiting=0) == 1
        assert marked() == ["s100"]

    def test_a_long_backlog_does_not_fill_the_broker(self, put: Any, sent: Counter[str]) -> None:
        put("good", *(f"g{n}" for n in range(MOST_WAITING + 100)))
        assert sent["fast"] == MOST_WAITING
        assert messages.top_up("fast", waiting=MOST_WAITING) == 0
        assert messages.top_up("fast", waiting=MOST_WAITING - 50) == 50

    def test_what_a_dead_worker_left_is_rung_for(self, put: Any, sent: Counter[str]) -> None:
        put("good")
        sent.clear()
        runner.claim(Job.objects.get().pk)
        assert messages.top_up("fast", waiting=0) == 0
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        assert messages.top_up("fast", waiting=0) == 1
        take_all(sent, "fast")
        assert table.done == ["result of a"]


def test_without_a_broker_nothing_is_marked(settings: Any, put: Any) -> None:
    settings.JOB_DELIVERY = "thread"
    put("good")
    put("later")
    assert marked() == []


def test_a_person_who_asks_for_another_round_is_heard_at_once(put: Any, sent: Counter[str]) -> None:
    put("permanent")
    take_all(sent, "fast")
    assert runner.try_again(Job.objects.get().pk)
    assert sent["fast"] == 1
    assert marked() == ["a"]


@pytest.mark.django_db(transaction=True)
def test_the_mark_is_committed_with_the_job(sent: Counter[str]) -> None:
    with transaction.atomic():
        enqueue(TriedJob.GOOD, "1")
        assert not sent
    assert sent == {"fast": 1}
    assert marked() == ["1"]
