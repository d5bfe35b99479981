"""Logs hold no words of letters, whatever an error says."""

import logging
import sys
from datetime import datetime

from config.logs import Line


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
