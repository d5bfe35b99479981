"""Logs hold no words of letters, whatever an error says."""

import json
import logging
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import DisallowedHost, DisallowedRedirect, SuspiciousOperation
from django.test import Client

from config.logs import JsonLine, Line, NoChatter


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
    assert handler["filters"] == ["no_chatter"]
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
