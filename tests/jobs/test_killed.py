"""kill -9 of a real worker process in mid-work: nothing is lost, nothing is done twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction

from jobs.models import Job
from jobs.outbox import enqueue
from org.models import LetterKind
from tests.jobs.table import TriedJob

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = """
import os, sys
from django.conf import settings
settings.JOB_TABLE = "tests.jobs.table.TABLE"
settings.JOB_CLOCK = "tests.jobs.table.tick"
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from jobs.threads import Workers
import threading
Workers(slow=1).start()
threading.Event().wait(60)
"""


@pytest.fixture
def marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file to which each attempt adds a line."""
    monkeypatch.setenv("MARKS", str(tmp_path / "marks"))
    return tmp_path / "marks"


@pytest.fixture
def start_worker(marks: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start `Workers` in a process of its own on the test database."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        name = str(connection.settings_dict["NAME"])
        environment = os.environ | {"JOB_DELIVERY": "thread"}
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER, name],
            env=environment,
            stderr=subprocess.DEVNULL,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


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


def test_work_of_a_killed_worker_is_taken_up_and_saved_once(
    start_worker: Callable[[], subprocess.Popen[bytes]], marks: Path
) -> None:
    job_id = put("slow")
    first = start_worker()
    until(lambda: attempts(marks) == 1)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert Job.objects.get(pk=job_id).state == "running"
    start_worker()
    until(lambda: Job.objects.get(pk=job_id).state == "done")
    assert Job.objects.get(pk=job_id).attempts == 2
    assert LetterKind.objects.filter(code="x1").count() == 1


def test_a_job_that_kills_its_worker_is_parked_with_a_reason(
    start_worker: Callable[[], subprocess.Popen[bytes]], marks: Path
) -> None:
    job_id = put("poison")
    for _ in range(5):
        worker = start_worker()
        assert worker.wait(30) == -signal.SIGKILL
    assert attempts(marks) == 5
    worker = start_worker()
    until(lambda: Job.objects.get(pk=job_id).state == "parked")
    assert Job.objects.get(pk=job_id).error_code == "worker_lost"
    assert worker.poll() is None  # the sixth worker lives on
    assert attempts(marks) == 5
