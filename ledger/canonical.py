"""One spelling of every value, and the digest of a row in it.

Pure functions over plain values, so that anyone can compute them again from an export.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, Final
from uuid import UUID

DIGEST_LENGTH: Final = 32  # hexadecimal digits, 128 bits of SHA-256


def canonical(value: Any) -> Any:
    """Return the value as JSON can hold it, in one spelling: UTC times, text ids, sorted keys."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, dict):
        return {str(key): canonical(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [canonical(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)  # PostgreSQL gives 1e22 back as a whole number
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    return str(value)


_dumps = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def digest(value: Any) -> str:
    """Return the SHA-256 (64 hexadecimal digits) of the canonical JSON of a value."""
    return hashlib.sha256(_dumps(canonical(value)).encode()).hexdigest()


def row_digest(columns: Sequence[tuple[str, Any]], values: Sequence[Any]) -> str:
    """Return the digest of a row: of the canonical JSON of its columns that are not empty.

    `columns` are, in the order of their names, what `spelt_name` gives and what is empty in each.
    An empty column is left out: a row keeps its digest when an empty column is added to its table,
    and loses it when the column is filled or emptied.
    """
    parts = [
        name + _SPELLINGS.get(type(value), _spelt)(value)
        for (name, empty), value in zip(columns, values, strict=True)
        if value is not empty and value != empty
    ]
    text = f"{{{','.join(parts)}}}"
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:DIGEST_LENGTH]


def spelt_name(name: str) -> str:
    """Return the name of a column as it stands before its value."""
    return f"{_dumps(name)}:"


def _spelt(value: Any) -> str:
    return _dumps(canonical(value))


@lru_cache(maxsize=4096)
def _moment(value: date) -> str:
    """Return a day or time in its one spelling: thousands of rows have the same."""
    return _spelt(value)


# The same as `_spelt`, quicker: millions of rows pass here.
_SPELLINGS: Final[dict[type, Callable[[Any], str]]] = {
    str: encode_basestring,
    int: repr,
    bool: lambda value: "true" if value else "false",
    date: _moment,
    datetime: _moment,
}
