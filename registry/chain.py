"""Hashes that prove integrity: a row's seal, a letter's chain of events, a register's chain.

Pure functions over plain values, so that anyone can compute them again from a dump.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Field, Model

from ledger.canonical import canonical, digest
from org.columns import refuse_unreadable

__all__ = [
    "canonical",
    "chained",
    "digest",
    "event_hash",
    "row_key",
    "row_seal",
    "seals_of",
]

SEAL_LENGTH = 32  # hexadecimal digits, 128 bits of SHA-256


def row_key(row: Model) -> str:
    """Return the name of a row in seals and in reports: `registry.letter/<id>`."""
    return f"{row._meta.label_lower}/{row.pk}"


def row_seal(row: Model) -> str:
    """Return the seal over every column of a row, except those that its class leaves out.

    A column that was ADDED later counts from its first value on: a row sealed before the column
    existed keeps its seal, and to fill or to empty the column changes the seal like any other
    change.
    """
    left_out = getattr(row, "UNSEALED", ())
    added = getattr(row, "ADDED", ())
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in left_out and not (field.attname in added and _empty(row, field))
    }
    return digest(values)[:SEAL_LENGTH]


def _empty(row: Model, field: "Field[Any, Any]") -> bool:
    """Return whether the column holds the value that older rows were given."""
    return bool(getattr(row, field.attname) == field.get_default())


def seals_of(rows: Iterable[Model]) -> dict[str, str]:
    """Return name → seal of each row. Raise LostKeyError where a value of one is unreadable."""
    sealed = {}
    for row in rows:
        refuse_unreadable(row)
        sealed[row_key(row)] = row_seal(row)
    return sealed


def event_hash(
    *,
    letter_id: UUID,
    seq: int,
    at: datetime,
    actor_id: int | None,
    kind: str,
    visibility: str,
    data: dict[str, Any],
    seals: dict[str, str],
    previous_hash: str,
) -> str:
    """Return the hash of one event, over all its columns and the hash of the event before it."""
    return digest(
        [letter_id, seq, at, actor_id, kind, visibility, data, seals, previous_hash],
    )


def chained(head: str, entry: str) -> str:
    """Return the register's head after one more registration."""
    return hashlib.sha256(f"{head}{entry}".encode()).hexdigest()
