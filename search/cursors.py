"""Cursors: where the next page begins, as an opaque text that is safe to accept from anybody."""

import base64
import binascii
import datetime
import json
from typing import Any

from search.contract import InvalidCursor

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def microseconds(when: datetime.datetime) -> int:
    """Return whole microseconds since 1970, exact (a float of seconds is not)."""
    return (when - _EPOCH) // datetime.timedelta(microseconds=1)


def write_cursor(kind: str, values: list[Any]) -> str:
    """Return a cursor of that kind ("engine:order") holding plain values."""
    packed = json.dumps([kind, *values], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_cursor(cursor: str, kind: str, types: tuple[type | tuple[type, ...], ...]) -> list[Any]:
    """Return the values of a cursor; raise InvalidCursor unless kind and types fit."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise InvalidCursor("this page marker is damaged") from error
    if not isinstance(values, list) or len(values) != len(types) + 1 or values[0] != kind:
        raise InvalidCursor("this page marker belongs to another search")
    for value, expected in zip(values[1:], types, strict=True):
        if not isinstance(value, expected) or not _fits(value):
            raise InvalidCursor("this page marker is damaged")
    return values[1:]


def _fits(value: Any) -> bool:
    """Return whether an engine takes the value: numbers within 64 bits, ASCII as views have it."""
    if isinstance(value, int | float):
        return not isinstance(value, bool) and abs(value) < 2**63  # nor is NaN below anything
    return isinstance(value, str) and value.isascii()
