"""One entry for rows that are written in thousands, past Django's models and without reading back.

The digests are computed from the values as they are given, so only types are taken whose value the
database gives back as it was; keys are drawn from the table's sequence before.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from ledger.coverage import Shape, shape_of
from ledger.models import LedgerEntry
from ledger.recording import is_paused, record

_PLAIN: Final = (
    *(models.CharField, models.TextField, models.IntegerField, models.BooleanField),
    *(models.DateField, models.UUIDField, models.JSONField, models.AutoField),
)


def entry_of(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    fields: list[Any],
    rows: Sequence[list[Any]],
) -> Callable[[], None]:
    """Return what writes the entry of these rows, once they are written.

    Gives rows whose key the database would draw their keys, and `fields` the field of it. Raise
    TypeError for a field whose value may come back otherwise than it is given.
    """
    shape = shape_of(model)
    if shape is None or is_paused() or not rows:
        return lambda: None
    if shape.key not in fields:
        fields.append(shape.key)
        for row, key in zip(rows, _keys(connection, model, len(rows)), strict=True):
            row.append(key)
    lines = _lines(shape, fields, rows)
    return lambda: record(connection, shape, LedgerEntry.Act.WRITE, lines)


def record_made(connection: BaseDatabaseWrapper, rows: Sequence[models.Model]) -> None:
    """Write the entry of rows of one table that SQL by hand has just written.

    Their values are taken from the objects: the database gives back what they hold. In the
    caller's transaction; RuntimeError outside one.
    """
    shape = shape_of(type(rows[0])) if rows else None
    if shape is None or is_paused():
        return
    lines = [shape.line([getattr(row, one.attname) for one in shape.read]) for row in rows]
    record(connection, shape, LedgerEntry.Act.WRITE, lines)


def _lines(shape: Shape, fields: Sequence[Any], rows: Sequence[list[Any]]) -> list[tuple[str, str]]:
    for one in fields:
        if not isinstance(one.target_field if one.is_relation else one, _PLAIN):
            raise TypeError(f"{one} may come back otherwise than it is given")
    places = [fields.index(one) for one in shape.fields]
    key = fields.index(shape.key)
    return [(str(row[key]), shape.digest([row[at] for at in places])) for row in rows]


def _keys(connection: BaseDatabaseWrapper, model: type[models.Model], count: int) -> Sequence[int]:
    """Draw keys from the table's sequence, which the rows will have."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [f'"{table}"', column, count],
            )
            return [key for (key,) in cursor.fetchall()]
        # Nobody else writes until the caller commits.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
    return range(last + 1, last + 1 + count)
