"""Compilers of PostgreSQL that record what they write."""

from django.db.backends.postgresql.compiler import (
    SQLAggregateCompiler,
    SQLCompiler,
)
from django.db.backends.postgresql.compiler import SQLDeleteCompiler as Delete
from django.db.backends.postgresql.compiler import SQLInsertCompiler as Insert
from django.db.backends.postgresql.compiler import SQLUpdateCompiler as Update

from ledger.compiling import RecordedDelete, RecordedInsert, RecordedUpdate

__all__ = [
    "SQLAggregateCompiler",
    "SQLCompiler",
    "SQLDeleteCompiler",
    "SQLInsertCompiler",
    "SQLUpdateCompiler",
]


class SQLInsertCompiler(RecordedInsert, Insert):
    """INSERT."""


class SQLUpdateCompiler(RecordedUpdate, Update):
    """UPDATE."""


class SQLDeleteCompiler(RecordedDelete, Delete):
    """DELETE."""
