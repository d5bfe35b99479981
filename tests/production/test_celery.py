"""Celery on Redis and RabbitMQ, real ones: messages get lost, brokers go, workers are killed."""

import contextlib
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import kombu
import pytest
from django.db import connection, transaction
from django.utils import timezone
from kombu import pools

from jobs import delivery, message_sender, messages, runner
from jobs.message_sender import MOST_WAITING
from jobs.models import Job
from jobs.outbox import enqueue, enqueue_all
from jobs.tasks import QUEUES, sweep
from org.models import LetterKind
from tests.factories import deposit
from tests.jobs.table import TriedJob
from tests.services.process import Child, ServiceMissingError, free_port
from tests.services.rabbitmq_server import start_rabbitmq
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


@dataclass
class Broker:
    """A broker of this module's own, so that it can be stopped."""

    kind: str
    child: Child
    url: str

    def messages(self, queue: str) -> int:
        """How many wait in the queue."""
        with kombu.Connection(self.url) as link:
            channel: Any = link.default_channel
            try:
                return int(channel.queue_declare(queue, passive=True).message_count)
            except link.channel_errors:
                return 0

    def empty(self) -> None:
        """Lose all messages."""
        with kombu.Connection(self.url) as link:
            for queue in QUEUES:
                with contextlib.suppress(*link.channel_errors):
                    channel: Any = link.channel()
                    channel.queue_purge(queue)

    def arguments(self, queue: str) -> Any:
        """What the first message says; it is taken."""
        with kombu.Connection(self.url) as link:
            channel: Any = link.default_channel
            message = channel.basic_get(queue, no_ack=True)
            return channel.message_to_python(message).payload[:2]

    def signal(self, number: signal.Signals) -> None:
        """Give a signal to all its processes."""
        os.killpg(self.child.process.pid, number)


@pytest.fixture(scope="module", params=["redis", "rabbitmq"])
def server(request: pytest.FixtureRequest) -> Iterator[Broker]:
    """Each kind of broker."""
    starting, name = {
        "redis": (start_redis, "TEST_REDIS_URL"),
        "rabbitmq": (start_rabbitmq, "TEST_RABBITMQ_URL"),
    }[request.param]
    try:
        child, environment = starting()
    except ServiceMissingError as error:
        pytest.fail(str(error))
    yield Broker(request.param, child, environment[name])
    child.stop()


@pytest.fixture(autouse=True)
def broker(server: Broker, settings: Any) -> Iterator[Broker]:
    """It is empty, and this process rings it as an office's does."""
    from config.celery import app as celery_app

    app: Any = celery_app
    settings.JOB_DELIVERY = "celery"
    settings.JOB_TABLE = "tests.jobs.table.TABLE"
    app.conf.broker_url = server.url
    forget_connections(app)
    server.empty()
    yield server
    forget_connections(app)


def forget_connections(app: Any) -> None:
    """So that the next message goes to the broker that is set now."""
    assert message_sender.message_sender().wait(60)
    message_sender._sender = message_sender.MessageSender()
    pools.reset()
    app._pool = app.amqp._producer_pool = None


def sent() -> None:
    """Wait until what was rung is in the broker."""
    assert message_sender.message_sender().wait(60)


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    return tmp_path / "marks"


@pytest.fixture
def start_worker(marks: Path, broker: Broker) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """A Celery worker with beat, on the test database."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-c", APP, str(connection.settings_dict["NAME"])],
            env=os.environ | {"BROKER_URL": broker.url, "MARKS": str(marks)},
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
        return enqueue(TriedJob(kind), "x1")


def state(job_id: int) -> str:
    return Job.objects.get(pk=job_id).state


def attempts(marks: Path) -> int:
    return len(marks.read_text().splitlines()) if marks.exists() else 0


def test_a_message_reaches_a_worker_and_carries_nothing_but_the_name_of_a_queue(
    start_worker: Callable[[], subprocess.Popen[bytes]], marks: Path, broker: Broker
) -> None:
    marks.write_text("not the first\n")  # so that the work is quick
    job_id = put("slow")
    sent()
    assert broker.messages("fast") == 1
    assert list(broker.arguments("fast")) == [["fast"], {}]
    delivery.ring("fast")
    start_worker()
    until(lambda: state(job_id) == "done")


def test_a_lost_message_is_rung_again_by_the_sweep(
    start_worker: Callable[[], subprocess.Popen[bytes]], marks: Path, broker: Broker
) -> None:
    marks.write_text("not the first\n")
    job_id = put("slow")
    sent()
    broker.empty()
    start_worker()
    until(lambda: state(job_id) == "done")


def test_a_long_backlog_does_not_fill_the_broker(broker: Broker) -> None:
    with transaction.atomic():
        enqueue_all([(TriedJob.SLOW, f"s{n}") for n in range(300)])
    sent()
    assert broker.messages("fast") == MOST_WAITING
    assert sweep() == 0
    broker.empty()  # all messages are lost
    Job.objects.update(rung_at=timezone.now() - timedelta(seconds=messages.LOST_SECONDS + 1))
    assert sweep() == MOST_WAITING
    sent()
    assert sweep() == 0
    assert broker.messages("fast") == MOST_WAITING


def test_a_child_of_a_process_rings_over_a_connection_of_its_own(broker: Broker) -> None:
    delivery.ring("fast")
    sent()
    child = multiprocessing.get_context("fork").Process(target=_ring_and_end)
    child.start()
    child.join(60)
    assert child.exitcode == 0
    delivery.ring("fast")
    sent()
    assert broker.messages("fast") == 3


def _ring_and_end() -> None:
    delivery.ring("fast")
    sent()


def test_a_broker_that_comes_back_is_rung_again(broker: Broker) -> None:
    delivery.ring("fast")
    sent()
    broker.signal(signal.SIGSTOP)
    try:
        delivery.ring("fast")
        sent()
    finally:
        broker.signal(signal.SIGCONT)
    message_sender.message_sender()._quiet_until = 0.0  # as if a while had passed
    delivery.ring("fast")
    sent()
    assert broker.messages("fast") >= 2


def test_a_broker_that_hangs_counts_as_away(broker: Broker, settings: Any) -> None:
    settings.BROKER_URL = broker.url
    assert message_sender.broker_answers()
    broker.signal(signal.SIGSTOP)  # its port still accepts connections
    try:
        assert not message_sender.broker_answers()
    finally:
        broker.signal(signal.SIGCONT)
    if broker.kind == "rabbitmq":  # this Redis asks for no password
        settings.BROKER_URL = re.sub(r"//.*@", "//nobody:wrong@", broker.url)
        assert broker.url != settings.BROKER_URL
        assert not message_sender.broker_answers()


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


def test_a_broker_that_is_down_neither_stops_nor_slows_a_deposit(
    settings: Any, broker: Broker
) -> None:
    """It is tried once, by nobody who waits, then left alone for a while."""
    from config.celery import app as celery_app

    app: Any = celery_app
    settings.JOB_TABLE = "config.letter_path.JOBS"
    app.conf.broker_url = f"{broker.url.partition(':')[0]}://127.0.0.1:{free_port()}/0"
    letters = [deposit().letter for _ in range(5)]
    sent()
    assert message_sender.message_sender()._quiet_until > time.monotonic()
    kinds = Job.objects.filter(state="ready").values_list("kind", flat=True)
    assert sorted(set(kinds)) == ["letter.index", "letter.read", "receipt.render"]
    assert len(kinds) == 15
    assert len(runner.due_jobs(limit=100)) == 15  # the sweep will find them
    assert len({letter.number for letter in letters}) == 5
