"""Logs hold no words of letters, whatever an error says."""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from celery.beat import PersistentScheduler
from django.core.exceptions import DisallowedHost, DisallowedRedirect, SuspiciousOperation
from django.test import Client

from config.logs import JsonLine, Line, NoChatter, NoTicking
from tests.services.process import free_port


def _line_of(error: Exception) -> str:
    try:
        raise error
    except Exception:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    return Line().format(record)


def test_a_line_tells_its_moment_with_the_zone() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "done", (), None)
    told = Line().format(record).partition(" INFO ")[0]
    when = datetime.fromisoformat(told)
    assert when.utcoffset() is not None
    assert abs(when.timestamp() - record.created) < 0.01


def test_an_error_is_told_by_kind_and_place_never_by_its_words() -> None:
    line = _line_of(ValueError("Zineb, rue de Fès"))
    assert "ValueError" in line
    assert __file__ in line
    assert "Zineb" not in line


def test_what_led_to_an_error_is_told_by_kind_only() -> None:
    error = RuntimeError("Zineb")
    error.__cause__ = KeyError("rue de Fès")
    line = _line_of(error)
    assert "after KeyError" in line
    assert "Zineb" not in line
    assert "Fès" not in line


def test_what_a_library_says_below_info_is_never_written(settings: Any) -> None:
    """The client of Elasticsearch writes whole requests there, and so whole letters."""
    handler = settings.LOGGING["handlers"]["stderr"]
    assert handler["filters"] == ["no_chatter", "no_ticking"]
    passes = NoChatter().filter

    def line(name: str, level: int) -> logging.LogRecord:
        return logging.LogRecord(name, level, "", 0, "Zineb", (), None)

    for name in ("elastic_transport.node", "botocore.auth", "PIL.TiffImagePlugin", "urllib3"):
        assert not passes(line(name, logging.DEBUG))
        assert passes(line(name, logging.WARNING))
    for name in ("registry.intake", "web.api.view", "search.engines"):
        assert passes(line(name, logging.DEBUG))


def _refused(error: SuspiciousOperation) -> logging.LogRecord:
    try:
        raise error
    except SuspiciousOperation:
        name = f"django.security.{type(error).__name__}"
        return logging.LogRecord(name, logging.ERROR, "", 0, str(error), (), sys.exc_info())


def test_a_request_that_is_refused_is_one_line_without_what_was_sent() -> None:
    record = _refused(DisallowedHost("Invalid HTTP_HOST header: 'zineb.example'"))
    line, told = Line().format(record), json.loads(JsonLine().format(record))
    assert line.endswith(" WARNING django.security.DisallowedHost request refused")
    assert "\n" not in line
    assert told["level"] == "WARNING"
    assert told["message"] == "request refused"
    assert "error" not in told


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("request_of", "words"),
    [
        (lambda c: c.get("/login/?next=%00"), "NUL in the address: /login/"),
        (
            lambda c: c.post("/follow/", b"x", content_type="multipart/form-data"),
            "Bad request (Unable to parse request body): /follow/",
        ),
    ],
)
def test_a_malformed_request_is_one_line(
    client: Client,
    caplog: pytest.LogCaptureFixture,
    request_of: Callable[[Client], Any],
    words: str,
) -> None:
    assert request_of(client).status_code == 400
    [record] = [one for one in caplog.records if one.name == "django.request"]
    assert record.exc_info
    assert Line().format(record).endswith(f" WARNING django.request {words}")
    assert "error" not in json.loads(JsonLine().format(record))


def test_a_redirect_of_ours_that_is_refused_stays_an_error_with_its_place() -> None:
    line = Line().format(_refused(DisallowedRedirect("too long")))
    assert " ERROR " in line
    assert __file__ in line


@pytest.mark.django_db
def test_a_host_that_is_not_ours_leaves_one_line(caplog: Any, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["office.example"]
    answer = Client().get("/health/", headers={"Host": "zineb.example"})
    assert answer.status_code == 400
    (record,) = (one for one in caplog.records if one.name.startswith("django.security"))
    assert "zineb" not in (line := Line().format(record))
    assert "\n" not in line


@pytest.fixture
def written() -> Iterator[list[str]]:
    """The lines of Celery's loggers, as a handler of the office writes them."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler, logger = Kept(logging.INFO), logging.getLogger("celery")
    handler.setFormatter(JsonLine())
    handler.addFilter(NoTicking())
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield lines
    logger.removeHandler(handler)
    logger.setLevel(level)


def test_what_celery_tells_of_the_clocks_messages_is_not_written(written: list[str]) -> None:
    """The lines as Celery's scheduler, worker and trace write them."""
    for task in ("jobs.sweep", "jobs.tick", "jobs.run"):
        of_task = {"name": task, "id": "1", "runtime": 1.0, "return_value": "0"}
        beat = logging.getLogger("celery.beat")
        beat.info("Scheduler: Sending due task %s (%s)", task.removeprefix("jobs."), task)
        told = logging.getLogger("celery.worker.strategy")
        told.info("Task %(name)s[%(id)s] received", of_task)
        told = logging.getLogger("celery.app.trace")
        told.info("Task %(name)s[%(id)s] succeeded in %(runtime)ss", of_task)
        told.error("Task %(name)s[%(id)s] raised unexpected", of_task)
    logging.getLogger("celery.apps.worker").info("%s ready.", "fast@host")
    said = [json.loads(line)["message"] for line in written]
    assert [line for line in said if "jobs.sweep" in line or "jobs.tick" in line] == [
        "Task jobs.sweep[1] raised unexpected",
        "Task jobs.tick[1] raised unexpected",
    ]
    assert [line for line in said if "jobs.run" in line] == [
        "Scheduler: Sending due task run (jobs.run)",
        "Task jobs.run[1] received",
        "Task jobs.run[1] succeeded in 1.0s",
        "Task jobs.run[1] raised unexpected",
    ]
    assert said[-1] == "fast@host ready."


def test_a_clock_without_its_broker_tells_it_in_a_line(
    written: list[str], settings: Any, tmp_path: Path
) -> None:
    app = Celery("clock", broker=f"redis://127.0.0.1:{free_port()}/0")
    app.conf.broker_transport_options = {"socket_connect_timeout": 1}
    app.conf.task_publish_retry = False
    app.conf.beat_schedule = {"sweep": {"task": "jobs.sweep", "schedule": 5.0}}
    scheduler = PersistentScheduler(app, schedule_filename=str(tmp_path / "clock"), lazy=True)
    scheduler.setup_schedule()
    scheduler.apply_entry(scheduler.schedule["sweep"])
    scheduler.close()
    errors = [json.loads(line) for line in written if json.loads(line)["level"] == "ERROR"]
    assert len(errors) == 1
    assert errors[0]["message"].startswith("Couldn't apply scheduled task sweep: Error 111 ")
    assert "File" not in errors[0]["message"]
    assert "error" not in errors[0]
