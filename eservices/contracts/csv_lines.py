"""Lines of a CSV file that another program wrote, one at a time, however large the file is.

UTF-8 with or without a byte-order mark, `;` or `,` as the header has it, a header line with the
columns in any order. A line that cannot be read is reported and costs that line alone.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from org.workbooks import UTF_16, WORKBOOKS

MOST_BYTES: Final = 64 * 1024  # of a line
_MOST_JOINED: Final = 20  # lines of the file that one quoted value may run over
_UTF8_BOM: Final = b"\xef\xbb\xbf"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class ByteLines(Protocol):
    """What gives a file's bytes line by line."""

    def readline(self, size: int = -1, /) -> bytes:
        """Return the next line, at most `size` bytes of it; b"" at the end."""


class BadFileError(ValueError):
    """A file that is no such table at all: a code and its values (`import_words` says it)."""

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code)
        self.code = code
        self.data = data


@dataclass(frozen=True, slots=True)
class CsvLine:
    """A line: its number in the file (the header is 1), its values without spaces around.

    `problem` is the code of why it cannot be read, with `data`; its values are empty then.
    """

    number: int
    values: Mapping[str, str]
    problem: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def read_lines(
    stream: ByteLines, columns: Sequence[str], *, optional: Iterable[str] = ()
) -> Iterator[CsvLine]:
    """Yield the lines behind the header; empty ones are passed over.

    Raise BadFileError, at the first step, where the header is none of this table: a column that
    is missing, unknown or there twice, no UTF-8, nothing at all. An optional column that the file
    does not have is empty.
    """
    rows = _Rows(stream)
    header, separator = _header(rows, columns, set(optional))
    absent = dict.fromkeys(set(columns) - set(header), "")
    for number, values, problem in rows.all(separator):
        if problem:
            yield CsvLine(number, {}, problem)
        elif len(values) != len(header):
            data = {"given": len(values), "wanted": len(header)}
            yield CsvLine(number, {}, "columns_count", data)
        else:
            yield CsvLine(number, {**absent, **dict(zip(header, values, strict=True))})


class _Rows:
    """The records of a file; a quoted value may hold a line's end."""

    def __init__(self, stream: ByteLines) -> None:
        self._stream = stream
        self._number = 0
        self._waiting: list[tuple[str, str]] = []

    def first(self) -> str:
        """Return the header's text. Raise BadFileError where it is none."""
        raw = self._raw()
        if raw.startswith(WORKBOOKS):
            raise BadFileError("workbook")
        if raw.startswith(UTF_16):
            raise BadFileError("not_utf8")
        text, problem = _text(raw.removeprefix(_UTF8_BOM))
        if problem:
            raise BadFileError(problem)
        if not text.strip():
            raise BadFileError("no_header")
        return text

    def all(self, separator: str) -> Iterator[tuple[int, list[str], str]]:
        """Yield number, values and problem of each record."""
        while line := self._next():
            text, problem = line
            number = self._number - len(self._waiting)
            if problem:
                yield number, [], problem
            elif text.strip():
                values, problem = self._record(text, separator)
                if problem or any(values):
                    yield number, values, problem

    def _record(self, text: str, separator: str) -> tuple[list[str], str]:
        """Return the values of a record, with the lines that a quoted value runs over."""
        values = _split(text, separator)
        taken: list[tuple[str, str]] = []
        while values is None and text.count('"') % 2 and len(taken) < _MOST_JOINED:
            more = self._next()
            if more is None:
                break
            taken.append(more)
            if more[1]:
                break
            text += more[0]
            values = _split(text, separator)
        if values is None:
            self._waiting = taken + self._waiting  # the open quote costs this line alone
            return [], "not_csv"
        return values, (_CONTROL.search("".join(values)) and "control_characters") or ""

    def _next(self) -> tuple[str, str] | None:
        if self._waiting:
            return self._waiting.pop(0)
        raw = self._raw()
        return _text(raw) if raw else None

    def _raw(self) -> bytes:
        raw = self._stream.readline(MOST_BYTES)
        if raw:
            self._number += 1
        if len(raw) == MOST_BYTES and not raw.endswith(b"\n"):
            while (rest := self._stream.readline(MOST_BYTES)) and not rest.endswith(b"\n"):
                pass
        return raw


def _text(raw: bytes) -> tuple[str, str]:
    if len(raw) == MOST_BYTES and not raw.endswith(b"\n"):
        return "", "line_too_long"
    try:
        return raw.decode("utf-8"), ""
    except UnicodeDecodeError:
        return "", "not_utf8"


def _split(text: str, separator: str) -> list[str] | None:
    """Return the values of one record; None where a quote is left open or stands wrong."""
    if '"' not in text:
        return [value.strip() for value in text.split(separator)]
    try:
        rows = list(csv.reader([text], delimiter=separator, strict=True))
    except csv.Error:
        return None
    return [value.strip() for value in rows[0]] if len(rows) == 1 else None


def _header(rows: _Rows, columns: Sequence[str], optional: set[str]) -> tuple[list[str], str]:
    text = rows.first()
    separator = ";" if text.count(";") >= text.count(",") else ","
    names = [name.lower() for name in _split(text, separator) or []]
    told = {
        "missing": [name for name in columns if name not in names and name not in optional],
        "unknown": [name for name in names if name not in columns],
        "doubled": sorted({name for name in names if names.count(name) > 1}),
    }
    if any(told.values()):
        raise BadFileError("columns", **{key: value for key, value in told.items() if value})
    return names, separator
