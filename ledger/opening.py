"""Opening a table in the ledger: all its rows are entered once, when it is first covered.

Earlier forgeries cannot be detected. From then on only writes of the office make entries; an
opening stands in the log with its day, and a second one of a table does too.
"""

from itertools import islice
from typing import Any, Final

from django.db import connections, models, router, transaction

from ledger.coverage import covered_models, shape_of
from ledger.models import LedgerEntry
from ledger.recording import record

BATCH: Final = 2000  # rows of one entry


def is_there(connection: Any) -> bool:
    """Return whether this database has the ledger's table."""
    return LedgerEntry._meta.db_table in connection.introspection.table_names()


def open_tables() -> dict[str, int]:
    """Open every covered table that is not open yet; return how many rows each had.

    Harmless to repeat, and to be cut short: a table is opened whole or not at all.
    """
    is_open = LedgerEntry.objects.filter(act=LedgerEntry.Act.OPEN)
    known = set(is_open.order_by().values_list("label", flat=True).distinct())
    there = set(connections[router.db_for_write(LedgerEntry)].introspection.table_names())
    return {
        shape.label: open_table(model)
        for model, shape in covered_models().items()
        if shape.label not in known and model._meta.db_table in there
    }


def open_table(model: type[models.Model]) -> int:
    """Enter all rows of a covered table as they stand; return how many there are.

    For a table that was altered so that the digests of its rows changed (a column renamed, its
    type changed, or added with a value that is not empty), a migration calls it.
    """
    shape = shape_of(model)
    if shape is None:
        raise ValueError(f"{model._meta.label} is not covered")
    connection = connections[router.db_for_write(model)]
    with transaction.atomic(using=connection.alias):
        rows = model._base_manager.order_by("pk").values_list(*shape.names)
        count = 0
        stream = rows.iterator(chunk_size=BATCH)
        while lines := [shape.line(row) for row in islice(stream, BATCH)]:
            record(connection, shape, LedgerEntry.Act.OPEN, lines)
            count += len(lines)
        if not count:
            record(connection, shape, LedgerEntry.Act.OPEN, [])
    return count
