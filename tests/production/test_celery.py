"""Celery and Redis, real ones: messages get lost, the broker goes, workers are killed."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.db import connection, transaction
from kombu import pools

from jobs import delivery, runner
from jobs.models import Job
from jobs.outbox import enqueue, enqueue_all
from org.models import LetterKind
from tests.factories import deposit
from tests.services.process import ServiceMissingError, free_port
from tests.services.redis_server import start_redis

pytestmark = [pytest.mark.production, pytest.mark.django_db(transaction=True)]

APP = """
import sys
from django.conf import settings
settings.JOB_TABLE = "tests.jobs.table.TABLE"
settings.JOB_CLOCK = "tests.jobs.table.tick"
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.JOB_DELIVERY = "celery"
import django
django.setup()
from config.celery import app
app.conf.beat_schedule["sweep"]["schedule"] = 1.0
app.worker_main(["worker", "-B", "-Q", "fast,slow", "-c", "1", "-l", "warning"])
"""


@pytest.fixture(autouse=True)
def broker(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A Redis of the test's own, so that it can be stopped."""
    try:
        child, environment = start_redis()
    except ServiceMissingError as error:
        pytest.fail(str(error))
    url = environment["BROKER_URL"]
    from config.celery import app as celery_app

    app: Any = celery_app

    settings.JOB_DELIVERY = "celery"
    settings.JOB_TABLE = "tests.jobs.table.TABLE"
    app.conf.broker_url = url
    app.set_default()
    forget_connections(app)
    monkeypatch.setattr(delivery, "_quiet_until", 0.0)
    yield url
    forget_connections(app)
    child.stop()


def forget_connections(app: Any) -> None:
    """So that the next message goes to the broker that is set now."""
    pools.reset()
    app._pool = app.amqp._producer_pool = None


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    return tmp_path / "marks"


@pytest.fixture
def start_worker(marks: Path, broker: str) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """A Celery worker with beat, on the test database."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-c", APP, str(connection.settings_dict["NAME"])],
            env=os.environ | {"BROKER_URL": broker, "MARKS": str(marks)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        kill_all(process)


def kill_all(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def until(fine: Callable[[], bool], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not fine():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def put(kind: str) -> int:
    with transaction.atomic():
        return enqueue(kind, "x1")


def state(job_id: int) -> str:
    return Job.objects.get(pk=job_id).state


def attempts(marks: Path) -> int:
    return len(marks.read_text().splitlines()) if marks.exists() else 0


def test_a_message_reaches_a_worker_and_carries_nothing_but_an_id(
    start_worker: Callable[[], subprocess.Popen[bytes]], marks: Path, broker: str
) -> None:
    marks.write_text("not the first\n")  # so that the work is quick
    job_id = put("slow")
    with redis.Redis.from_url(broker) as client:
        messages = client.lrange("fast", 0, -1)
    assert len(messages) == 1
    assert b"x1" not in messages[0]
    start_worker()
    until(lambda: state(job_id) == "done")


def test_a_lost_message_is_rung_again_by_the_sweep(
    start_worker: Callable[[], subprocess.Popen[bytes]], marks: Path, broker: str
) -> None:
    marks.write_text("not the first\n")
    job_id = put("slow")
    with redis.Redis.from_url(broker) as client:
        client.flushall()
    start_worker()
    until(lambda: state(job_id) == "done")


def test_a_long_backlog_does_not_fill_the_broker(broker: str) -> None:
    from jobs.tasks import MOST_WAITING, sweep

    with redis.Redis.from_url(broker) as client:
        with transaction.atomic():
            enqueue_all([("slow", f"s{n}") for n in range(300)])
        client.flushall()  # as if all messages had been lost
        rung = [sweep(), sweep()]
        assert rung == [MOST_WAITING, 0]
        client.ltrim("fast", 50, -1)  # some are taken
        assert sweep() == 50
        assert client.llen("fast") == MOST_WAITING


def test_a_killed_celery_worker_loses_nothing_and_saves_nothing_twice(
    start_worker: Callable[[], subprocess.Popen[bytes]], marks: Path
) -> None:
    job_id = put("slow")
    worker = start_worker()
    until(lambda: attempts(marks) == 1)
    kill_all(worker)
    assert state(job_id) == "running"
    start_worker()
    until(lambda: state(job_id) == "done")
    assert LetterKind.objects.filter(code="x1").count() == 1


def test_a_job_that_kills_celery_children_is_parked(
    start_worker: Callable[[], subprocess.Popen[bytes]], marks: Path
) -> None:
    job_id = put("poison")
    start_worker()
    until(lambda: state(job_id) == "parked", seconds=90)
    assert Job.objects.get(pk=job_id).error_code == "worker_lost"
    assert attempts(marks) == 5


def test_abroker_that_is_down_neither_stops_nor_slows_a_deposit(settings: Any) -> None:
    """It is tried once with a short patience, then left alone for a while."""
    from config.celery import app as celery_app

    app: Any = celery_app

    settings.JOB_TABLE = "config.letter_path.JOBS"
    forget_connections(app)
    app.conf.broker_url = f"redis://127.0.0.1:{free_port()}/0"
    letters = [deposit().letter for _ in range(5)]
    assert delivery._quiet_until > time.monotonic()
    kinds = Job.objects.filter(state="ready").values_list("kind", flat=True)
    assert sorted(set(kinds)) == ["letter.index", "letter.read", "receipt.render"]
    assert len(kinds) == 15
    assert len(runner.due_jobs(limit=100)) == 15  # the sweep will find them
    assert len({letter.number for letter in letters}) == 5
