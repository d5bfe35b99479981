"""One spelling of every value, and the digest of a row in it.

Pure functions over plain values, so that anyone can compute them again from an export.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
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
# Of a row: what is no plain JSON is spelt on the way. Columns of JSON are canonical before.
_row_dumps = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=canonical
).encode


def digest(value: Any) -> str:
    """Return the SHA-256 (64 hexadecimal digits) of the canonical JSON of a value."""
    return hashlib.sha256(_dumps(canonical(value)).encode()).hexdigest()


def row_digest(columns: Sequence[tuple[str, Any]], values: Sequence[Any]) -> str:
    """Return the digest of a row; `columns` are its columns' names and what is empty in each.

    An empty column is left out: a row keeps its digest when an empty column is added to its table,
    and loses it when the column is filled or emptied. Floats and values of JSON come canonical.
    """
    told = {
        name: value
        for (name, empty), value in zip(columns, values, strict=True)
        if value is not empty and value != empty
    }
    text = _row_dumps(told)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:DIGEST_LENGTH]
