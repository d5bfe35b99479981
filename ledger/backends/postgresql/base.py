"""PostgreSQL as Django has it, with compilers that record."""

from django.db.backends.postgresql import base, operations


class DatabaseOperations(operations.DatabaseOperations):
    """Its operations; statements are made by `compiler` beside this module."""

    compiler_module = "ledger.backends.postgresql.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection."""

    ops_class = DatabaseOperations
