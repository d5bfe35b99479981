"""kill -9 of a real worker process in mid-work: nothing is lost, nothing is done twice."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import transaction

from jobs.models import Job
from jobs.outbox import enqueue
from org.models import LetterKind
from tests.channels.killed import Program, program
from tests.jobs.table import TriedJob

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = """
import threading
from jobs.threads import Workers
Workers(slow=1).start()
threading.Event().wait(60)
print("it lives on", flush=True)
"""


@pytest.fixture
def marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file to which each attempt adds a line."""
    monkeypatch.setenv("MARKS", str(tmp_path / "marks"))
    return tmp_path / "marks"


@pytest.fixture
def worker(marks: Path) -> Iterator[Program]:
    """Give `Workers` in a process of its own on the test database, again and again."""
    table = {"JOB_TABLE": "tests.jobs.table.TABLE", "JOB_CLOCK": "tests.jobs.table.tick"}
    with program(WORKER, JOB_DELIVERY="thread", **table) as running:
        yield running


def until(fine: Callable[[], bool], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not fine():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def attempts(marks: Path) -> int:
    return len(marks.read_text().splitlines()) if marks.exists() else 0


def put(kind: str) -> int:
    with transaction.atomic():
        return enqueue(TriedJob(kind), "x1")


def test_work_of_a_killed_worker_is_taken_up_and_saved_once(worker: Program, marks: Path) -> None:
    job_id = put("slow")
    worker.begin()
    until(lambda: attempts(marks) == 1)
    worker.kill()
    assert Job.objects.get(pk=job_id).state == "running"
    worker.begin()
    until(lambda: Job.objects.get(pk=job_id).state == "done")
    assert Job.objects.get(pk=job_id).attempts == 2
    assert LetterKind.objects.filter(code="x1").count() == 1


def test_a_job_that_kills_its_worker_is_parked_with_a_reason(worker: Program, marks: Path) -> None:
    job_id = put("poison")
    for _ in range(5):
        worker.begin()
        assert worker.line() == "ended"  # killed: it says so when it lives on
    assert attempts(marks) == 5
    worker.begin()
    until(lambda: Job.objects.get(pk=job_id).state == "parked")
    assert Job.objects.get(pk=job_id).error_code == "worker_lost"
    assert worker.runs()  # the sixth worker lives on
    assert attempts(marks) == 5
