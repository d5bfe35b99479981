"""Statements by which Django writes, with an entry of the rows that they wrote.

Every INSERT, UPDATE and DELETE that Django makes passes here: `save`, `bulk_create`, `update`,
cascades, tables of many-to-many relations, any manager. The rows come back by RETURNING, as the
database keeps them, so nothing is read a second time. SQL written by hand does not pass;
rows in thousands have `ledger.bulk`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import transaction
from django.db.models.expressions import Col

from ledger import recording
from ledger.coverage import Shape, shape_of, touches
from ledger.models import LedgerEntry
from ledger.opening import is_there

Act = LedgerEntry.Act
_HISTORIC: Final = "__fake__"  # the module of models as migrations make them


class RecordedInsert:
    """Mixin of a compiler of INSERT."""

    def execute_sql(self: Any, returning_fields: Any = None) -> list[Any]:
        """Insert, and return the rows' `returning_fields` as Django does."""
        model = self.query.get_meta().model
        shape = _shape(self.connection, model)
        if shape is None or (shape.partial and not _tells(shape, self.query.objs)):
            rows: list[Any] = super().execute_sql(returning_fields)  # type: ignore[misc]
            return rows
        wanted = returning_fields or ()
        fields = [*shape.read, *(one for one in wanted if one is not shape.key)]
        self.returning_fields = fields
        with _together(self.connection):
            made = []
            for sql, params in self.as_sql():
                made += _fetched(self, sql, params, fields)
            _record(self, shape, Act.WRITE, made)
        places = [
            fields.index(one, len(shape.read)) if one is not shape.key else 0 for one in wanted
        ]
        return [tuple(row[place] for place in places) for row in made] if wanted else []


class RecordedUpdate:
    """Mixin of a compiler of UPDATE."""

    def execute_sql(self: Any, result_type: Any) -> int:
        """Update, and return how many rows."""
        shape = _shape(self.connection, self.query.get_meta().model)
        if shape is None or not touches(shape, (one for one, *_ in self.query.values)):
            count: int = super().execute_sql(result_type)  # type: ignore[misc]
            return count
        return _changed(self, shape, Act.WRITE, shape.read)


class RecordedDelete:
    """Mixin of a compiler of DELETE."""

    def execute_sql(self: Any, result_type: Any = None, **options: Any) -> Any:
        """Delete, and return how many rows."""
        shape = _shape(self.connection, self.query.get_meta().model)
        if shape is None:
            return super().execute_sql(result_type, **options)  # type: ignore[misc]
        return _changed(self, shape, Act.DELETE, (shape.key,))


def _shape(connection: Any, model: Any) -> Shape | None:
    if model is LedgerEntry or recording.is_paused():
        return None
    if model.__module__ == _HISTORIC and not is_there(connection):
        return None  # a migration of before the ledger
    return shape_of(model)


def _changed(compiler: Any, shape: Shape, act: Act, fields: Sequence[Any]) -> int:
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return 0
    if not sql:
        return 0
    returning, _params = compiler.connection.ops.return_insert_columns(fields)
    with _together(compiler.connection):
        rows = _fetched(compiler, f"{sql} {returning}", params, fields)
        _record(compiler, shape, act, rows)
    return len(rows)


def _fetched(compiler: Any, sql: str, params: Any, fields: Sequence[Any]) -> list[Any]:
    with compiler.connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    converters = _converters(compiler, fields)
    return list(compiler.apply_converters(rows, converters) if converters else rows)


def _converters(compiler: Any, fields: Sequence[Any]) -> Any:
    """Return what makes values of what the database gives, kept with the connection.

    By the very fields, which stay: models as migrations make them have others of the same names.
    """
    kept = compiler.connection.ledger_converters
    which = tuple(map(id, fields))
    if which not in kept:
        table = compiler.query.get_meta().db_table
        kept[which] = fields, compiler.get_converters([_column(one, table) for one in fields])
    return kept[which][1]


def _column(one: Any, table: str) -> Any:
    """Return a column as it is kept, where Python sees it deciphered."""
    kept = getattr(one, "kept_field", None)
    return one.get_col(table) if kept is None else Col(table, kept)


def _tells(shape: Shape, rows: Sequence[Any]) -> bool:
    """Return whether any column that entries record is filled in these new rows."""
    return any(getattr(row, one.attname) is not None for row in rows for one in shape.fields)


def _record(compiler: Any, shape: Shape, act: Act, rows: list[Any]) -> None:
    if act is Act.DELETE:
        lines = [(str(row[0]), "") for row in rows]
    else:
        told = len(shape.read)
        lines = [shape.line(row[:told]) for row in rows]
    if lines:
        recording.record(compiler.connection, shape, act, lines)


@contextmanager
def _together(connection: Any) -> Iterator[None]:
    """Keep a write and its entry together, or neither."""
    if connection.in_atomic_block:
        yield
    else:
        with transaction.atomic(using=connection.alias):
            yield
