"""PostgreSQL as Django has it, with compilers that record."""

from typing import Any

from django.db.backends.postgresql import base, operations


class DatabaseOperations(operations.DatabaseOperations):
    """Its operations; statements are made by `compiler` beside this module."""

    compiler_module = "ledger.backends.postgresql.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection."""

    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ledger_converters: dict[tuple[int, ...], Any] = {}
        self.compiled_queries: dict[Any, Any] = {}  # of `org.compiled_queries`
