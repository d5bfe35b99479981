"""The format of a log line, without the messages of errors, which may quote a letter."""

import json
import logging
import re
import traceback
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from django.core.exceptions import BadRequest, DisallowedRedirect, SuspiciousOperation
from django.http.multipartparser import MultiPartParserError

from jobs.log_context import current_fields

# Addresses that open something to whoever has them; Django logs those of refused requests.
_LINKS: Final = re.compile(
    r"(/(?:first-run|invitation/\d+|password/new|rate|verify|portal/receipt|readings/again"
    r"|figures/reports/stop)/)(?!(?:done|state)/)[^/\s?\"']+"
)


_CLOCK: Final = {"jobs.sweep", "jobs.tick"}  # tasks that `config.celery` has rung

# Our own packages: their names stand at the beginning of their loggers'.
_OURS: Final = {file.parent.name for file in Path(__file__).parents[1].glob("*/__init__.py")}


def _without_what_was_sent(record: logging.LogRecord) -> logging.LogRecord:
    """Return the record of a refused request, an unknown host say, as a warning of one line.

    Django quotes the header or field that it refuses, with a traceback, as an error: anybody
    outside could fill the log with them. A redirect that is refused stays an error: it is ours.
    Of the clock's errors, which Celery tells with its whole stack, the words alone are kept.
    """
    error = record.exc_info[1] if record.exc_info else None
    if record.name == "celery.beat" and error and isinstance(record.args, tuple):
        short = {"msg": "%s", "args": record.args[:1], "exc_info": None, "exc_text": None}
        return logging.makeLogRecord({**record.__dict__, **short})  # of where it stood, each 5 s
    if isinstance(error, BadRequest | MultiPartParserError):  # their words quote nothing
        return logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None})
    if not isinstance(error, SuspiciousOperation) or isinstance(error, DisallowedRedirect):
        return record
    told = {"msg": "request refused", "args": (), "exc_info": None, "exc_text": None}
    level = {"levelno": logging.WARNING, "levelname": "WARNING"}
    return logging.makeLogRecord({**record.__dict__, **told, **level})


class NoChatter(logging.Filter):
    """Drops lines of libraries below INFO, whatever LOG_LEVEL is.

    There they quote what they carry: whole letters on their way to a search engine, keys of a store
    of files, the metadata of a picture.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the line may be written."""
        return record.levelno >= logging.INFO or record.name.partition(".")[0] in _OURS


class NoTicking(logging.Filter):
    """Drops what Celery tells of the clock's messages, thrice in five seconds; not of failures."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the line may be written."""
        if record.levelno > logging.INFO or not record.name.startswith("celery."):
            return True
        said = record.args.values() if isinstance(record.args, Mapping) else record.args or ()
        return not any(isinstance(one, str) and one in _CLOCK for one in said)


class Line(logging.Formatter):
    """Time, level, logger, message; of an error its class and where it arose, never its message.

    Of a link that opens something its secret part is left out.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return _LINKS.sub(r"\1…", super().format(_without_what_was_sent(record)))

    def formatTime(  # noqa: N802 - logging's name
        self, record: logging.LogRecord, datefmt: str | None = None
    ) -> str:
        """Return the moment with its zone."""
        when = datetime.fromtimestamp(record.created).astimezone()
        return when.isoformat(sep=" ", timespec="milliseconds")

    def formatException(  # noqa: N802 - logging's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """Return the frames and the error's class, and the classes of the errors that led to it."""
        kind, error, frames = ei
        if kind is None or error is None:
            return ""
        lines, known = [], {id(error)}
        before = error.__cause__ or error.__context__
        while before and id(before) not in known:
            known.add(id(before))
            lines.append(f"after {type(before).__name__}\n")
            before = before.__cause__ or before.__context__
        return "".join([*traceback.format_tb(frames), kind.__name__, "\n", *lines]).rstrip()


class JsonLine(Line):
    """The same as one JSON object a line, with the ids of the current request, job and subject."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object: time with zone, level, logger, message, ids, way of an error."""
        record = _without_what_was_sent(record)
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created).astimezone().isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": _LINKS.sub(r"\1…", record.getMessage()),
            **current_fields(),
        }
        if record.exc_info and (way := self.formatException(record.exc_info)):
            told["error"] = _LINKS.sub(r"\1…", way)
        return json.dumps(told, ensure_ascii=False)
