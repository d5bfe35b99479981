"""Logs hold no words of letters, whatever an error says."""

import logging
import sys
from datetime import datetime
from typing import Any

from config.logs import Line, NoChatter


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
