"""Compilers of SQLite that record what they write."""

from django.db.models.sql.compiler import (
    SQLAggregateCompiler,
    SQLCompiler,
)
from django.db.models.sql.compiler import SQLDeleteCompiler as Delete
from django.db.models.sql.compiler import SQLInsertCompiler as Insert
from django.db.models.sql.compiler import SQLUpdateCompiler as Update

from ledger.compiling import RecordedDelete, RecordedInsert, RecordedUpdate

__all__ = [
    "SQLAggregateCompiler",
    "SQLCompiler",
    "SQLDeleteCompiler",
    "SQLInsertCompiler",
    "SQLUpdateCompiler",
]


class SQLInsertCompiler(RecordedInsert, Insert):  # type: ignore[misc]
    """INSERT."""


class SQLUpdateCompiler(RecordedUpdate, Update):  # type: ignore[misc]
    """UPDATE."""


class SQLDeleteCompiler(RecordedDelete, Delete):  # type: ignore[misc]
    """DELETE."""
