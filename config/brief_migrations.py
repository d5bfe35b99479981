"""Migrations that hold their locks while the database works, not while Django prepares SQL.

Django works out each statement after the one before has run, in one transaction, and renders models
in between; whoever needs a table that was altered waits for all of that. Here the statements of a
migration are worked out first and run together, then those that Django puts off to the end. One
whose operations read what others of it made is run as Django does.
"""

import contextlib
import itertools
from collections.abc import Iterator
from typing import Any, Final

from django.db.migrations import operations
from django.db.migrations.migration import Migration
from django.db.migrations.operations.fields import FieldOperation

from org.brief_locks import run_briefly

_BLIND: Final = (  # operations that read nothing of the database
    *(operations.CreateModel, operations.AddField, operations.AddIndex, operations.RemoveIndex),
    *(operations.AddConstraint, operations.RemoveConstraint),
    *(operations.AlterModelOptions, operations.AlterModelManagers),
)
_READING: Final = (operations.AlterField, operations.RemoveField)  # constraints of their column


@contextlib.contextmanager
def brief_locks() -> Iterator[None]:
    """Run the statements of each migration at once, and again where somebody holds a table."""
    apply = Migration.apply

    def at_once(migration: Any, state: Any, editor: Any, collect_sql: bool = False) -> Any:
        postgres = editor.connection.vendor == "postgresql"
        if collect_sql or not editor.atomic_migration or not postgres:
            return apply(migration, state, editor, collect_sql)
        statements: list[str] = []

        def keep(sql: Any, params: Any = ()) -> None:
            whole = params is None
            statements.append(str(sql) if whole else _composed(editor.connection, sql, params))

        if known_beforehand(migration):
            editor.execute = keep
        try:
            after = apply(migration, state, editor, collect_sql)
        finally:
            editor.__dict__.pop("execute", None)
        statements += map(str, editor.deferred_sql)
        editor.deferred_sql.clear()
        run_briefly(editor.connection, statements)
        return after

    Migration.apply = at_once  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Migration.apply = apply  # type: ignore[method-assign]


def _composed(connection: Any, sql: Any, params: Any) -> str:
    return str(connection.ops.compose_sql(str(sql), params))


def known_beforehand(migration: Migration) -> bool:
    """Return whether none of its statements depends on what another one of it did.

    Python code may come first: it runs before any of them.
    """
    touched: set[tuple[str, str]] = set()
    rest = itertools.dropwhile(
        lambda one: isinstance(one, operations.RunPython), migration.operations
    )
    for one in rest:
        model, column = _place(one)
        reads = isinstance(one, _READING)
        if not isinstance(one, (*_BLIND, *_READING)) or (reads and _is_key(one)):
            return False
        if reads and not touched.isdisjoint({(model, ""), (model, column)}):
            return False
        touched.add((model, column))
    return True


def _place(one: Any) -> tuple[str, str]:
    """Return the model and the column that an operation changes; no column is all of them."""
    if isinstance(one, operations.CreateModel):
        return one.name_lower, ""
    column = one.name_lower if isinstance(one, FieldOperation) else ""
    return getattr(one, "model_name_lower", ""), column


def _is_key(one: Any) -> bool:
    """Return whether other tables may name the column, as it is to be."""
    field = getattr(one, "field", None)
    return field is not None and (field.primary_key or field.unique)
