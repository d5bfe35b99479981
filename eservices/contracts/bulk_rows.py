"""New rows in thousands, written without a model instance each: what `bulk_create` costs most.

One prepared INSERT on SQLite, COPY on PostgreSQL. Nothing is checked: callers know that the rows
are new, and need no ids, signals or `auto_now`. Where the table is covered by the ledger, the rows
of one call have one entry.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any, Final

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper

from ledger.bulk import entry_of
from org.columns import BlindIndex, EncipheredText

Values = Sequence[Any]
# Both drivers take the values of these as they are.
_PLAIN: Final = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Values]) -> None:
    """Insert rows; `columns` are field names as their columns have them ("contract_id").

    A field that is not named gets its default. Raise IntegrityError as `bulk_create` does, and
    TypeError for a field whose value Django would make at the time of saving.
    """
    connection = connections[router.db_for_write(model)]
    fields: list[Any] = [model._meta.get_field(name) for name in columns]
    left = [one for one in _written(model) if one not in fields]
    # All of them first: what makes a row may ask the database, which is deaf within a COPY.
    whole = list(_whole(rows, left))
    fields += left
    _encipher(connection, fields, whole)
    entry = entry_of(connection, model, fields, whole)
    values = list(_Prepared(connection, fields).all(whole))
    quote = connection.ops.quote_name
    names = ", ".join(quote(one.column) for one in fields)
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with (
                connection.wrap_database_errors,
                cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
            ):
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)  # noqa: S608
    entry()


def _encipher(connection: BaseDatabaseWrapper, fields: Sequence[Any], rows: list[Any]) -> None:
    """Put what the database keeps into enciphered columns and their indexes."""
    for at, one in enumerate(fields):
        if isinstance(one, (EncipheredText, BlindIndex)):
            for row in rows:
                row[at] = one.get_db_prep_save(row[at], connection)


def _whole(rows: Iterable[Values], left: Sequence[Any]) -> Iterator[list[Any]]:
    """Yield each row with the defaults of the columns that are left."""
    makes = [one.has_default() and callable(one.default) for one in left]
    same = [one.get_default() for one in left]
    for row in rows:
        rest = zip(left, makes, same, strict=True)
        yield [*row, *(one.get_default() if make else value for one, make, value in rest)]


def _written(model: type[models.Model]) -> Iterator[Any]:
    for field in model._meta.concrete_fields:
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            raise TypeError(f"{field} is made when a row is saved")
        if field.db_default is not models.NOT_PROVIDED:
            raise TypeError(f"{field} is made by the database")
        if not isinstance(field, models.AutoField):
            yield field


class _Prepared:
    """Rows as a driver takes them."""

    def __init__(self, connection: BaseDatabaseWrapper, fields: Sequence[Any]) -> None:
        prepared = ((at, _preparation(one, connection)) for at, one in enumerate(fields))
        self._changed = [(at, prepare) for at, prepare in prepared if prepare]

    def all(self, rows: Iterable[list[Any]]) -> Iterator[list[Any]]:
        for values in rows:
            for at, prepare in self._changed:
                values[at] = prepare(values[at])
            yield values


def _preparation(field: Any, connection: BaseDatabaseWrapper) -> Callable[[Any], Any] | None:
    """Return what makes a value the driver's; None where it is that already."""
    if isinstance(field.target_field if field.is_relation else field, (*_PLAIN, models.AutoField)):
        return None
    if not isinstance(field, models.DateField):
        return lambda value: field.get_db_prep_save(value, connection)
    known: dict[Hashable, Any] = {None: None}  # a day is that of thousands of bills

    def prepared(value: Any) -> Any:
        if value not in known:
            if len(known) > 10_000:
                known.clear()
            known[value] = field.get_db_prep_save(value, connection)
        return known[value]

    return prepared
