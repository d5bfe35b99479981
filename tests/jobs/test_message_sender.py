"""Whoever rings waits for no broker, whatever has become of it."""

import logging
import socket
import statistics
import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery

from jobs.message_sender import MOST_WAITING, MessageSender
from tests.services.process import free_port

app: Any = Celery("message_sender", set_as_current=False)


@pytest.fixture(params=["redis refused", "redis silent", "amqp refused", "amqp silent"])
def _away(request: pytest.FixtureRequest, settings: Any) -> Iterator[None]:
    """A broker where nobody listens, or where somebody does and never says a word."""
    settings.JOB_BROKER = "tests.jobs.test_message_sender.app"
    scheme, how = request.param.split()
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(5)
        port = silent.getsockname()[1] if how == "silent" else free_port()
        app.conf.broker_url = f"{scheme}://127.0.0.1:{port}/0"
        yield


@pytest.mark.usefixtures("_away")
def test_a_broker_that_is_away_costs_nobody_any_time(caplog: pytest.LogCaptureFixture) -> None:
    sender, took = MessageSender(), []
    with caplog.at_level(logging.WARNING, logger="jobs.message_sender"):
        for _ in range(9):
            began = time.monotonic()
            sender.ring("fast")
            took.append(time.monotonic() - began)
        assert sender.wait(60)
    assert statistics.median(took) < 0.2
    assert "broker away" in caplog.text


@pytest.mark.usefixtures("_away")
def test_what_cannot_be_sent_does_not_pile_up() -> None:
    sender = MessageSender()
    for _ in range(10 * MOST_WAITING):
        sender.ring("fast")
        sender.ring("slow", times=7)
    assert sum(sender.wanted.values()) <= 2 * MOST_WAITING
    assert sender.wait(60)
    began = time.monotonic()
    sender.ring("fast")
    assert sender.wait(60)
    assert time.monotonic() - began < 1.5, "it is left alone for a while: no new trial"
