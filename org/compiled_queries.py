"""Queries of nearly every request: their SQL is compiled once a connection, not each time.

Making the SQL of a query of three tables takes Django longer than the database needs to answer it.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=Model)
Value = int | str | date | UUID
_STAND_INS: Final[dict[type, Callable[[int], Value]]] = {
    int: lambda place: -1_000_000_000 - place,
    str: lambda place: f"\ue000stands in {place}",
    date: lambda place: date(1, 1, 1 + place),
    UUID: lambda place: UUID(int=2**127 + place),
}
# The SQL of a query of ids is made for so many; fewer are filled up.
SIZES: Final = (1, 5, 10, 20, 30, 50, 100)
# Of a connection, of the queries that are made for a key.
_MOST_KEPT: Final = 200


@dataclass(frozen=True, slots=True)
class _Made:
    """The SQL with its parameters, those of them that are values, and what reads the rows.

    "" where no row can answer.
    """

    sql: str
    params: list[Any]
    places: list[tuple[int, int]]  # of a parameter, and of the value that stands there
    converters: Any  # place of a column → what makes its value, and its expression


class CompiledQuery:
    """A query that differs in plain values alone; rows come as `values_list` gives them."""

    def __init__(self, make: Callable[..., "QuerySet[Any, Any]"]) -> None:
        """Keep what makes the query, a `values_list` of columns, out of the values of `rows`.

        It must put each value into a condition as it is, whatever it is. It may take any number of
        values: the SQL is made once for each number.
        """
        self._make = make

    def rows(self, *values: Value) -> list[tuple[Any, ...]]:
        """Return the rows for these values, always of the same types; read afresh each time."""
        connection: Any = connections[DEFAULT_DB_ALIAS]
        kept = connection.compiled_queries  # there, since what is made names its connection
        made = kept.get((self, len(values)))
        if made is None:
            made = kept[self, len(values)] = _compiled(connection, self._make, values)
        return _rows(connection, made, values)


def compiled_rows(
    key: Hashable, make: Callable[..., "QuerySet[Any, Any]"], *values: Value
) -> list[tuple[Any, ...]]:
    """Return the rows of the query that `make` makes, a `values_list`; its SQL is made once a key.

    For a query that asks otherwise for each person: beside the values, of which it may take some as
    a `CompiledQuery` does, the key says everything of which it is made. Rows are read afresh each
    time.
    """
    connection: Any = connections[DEFAULT_DB_ALIAS]
    kept = connection.compiled_queries.setdefault(compiled_rows, {})
    whole = (key, len(values))
    made = kept.pop(whole, None) or _compiled(connection, make, values)
    kept[whole] = made  # the last one asked stands at the end
    if len(kept) > _MOST_KEPT:
        del kept[next(iter(kept))]
    return _rows(connection, made, values)


def filled_up(ids: Sequence[UUID]) -> tuple[UUID, ...]:
    """Return the ids, the last of them repeated up to the next of SIZES; () for none.

    For a condition `in`, whose SQL is then made for few numbers of ids.
    """
    size = next((size for size in SIZES if size >= len(ids)), len(ids))
    return (*ids, *[ids[-1]] * (size - len(ids))) if ids else ()


def _compiled(connection: Any, make: Callable[..., Any], values: Sequence[Value]) -> _Made:
    stand_ins = [_stand_in(value, place) for place, value in enumerate(values)]
    compiler = make(*stand_ins).query.get_compiler(connection=connection)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return _Made("", [], [], {})
    known = {_adapted(connection, value): which for which, value in enumerate(stand_ins)}
    places = [(place, known[one]) for place, one in enumerate(params) if one in known]
    if {which for _, which in places} != set(range(len(stand_ins))):
        raise ValueError("a value does not stand in the query as it is")
    converters = compiler.get_converters([one for one, *_ in compiler.select])
    return _Made(sql, list(params), places, converters)


def _rows(connection: Any, made: _Made, values: Sequence[Value]) -> list[tuple[Any, ...]]:
    if not made.sql:
        return []
    params = list(made.params)
    for place, which in made.places:
        params[place] = _adapted(connection, values[which])
    with connection.cursor() as cursor:
        cursor.execute(made.sql, params)
        found = cursor.fetchall()
    return [_converted(connection, made, row) for row in found] if made.converters else found


def _converted(connection: Any, made: _Made, row: Sequence[Any]) -> tuple[Any, ...]:
    values = list(row)
    for place, (converters, expression) in made.converters.items():
        for convert in converters:
            values[place] = convert(values[place], expression, connection)
    return tuple(values)


def _stand_in(value: Value, place: int) -> Value:
    return next(make(place) for kind, make in _STAND_INS.items() if isinstance(value, kind))


def _adapted(connection: Any, value: Value) -> Any:
    """Return the value as this database takes it."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    is_day = isinstance(value, date)
    return connection.ops.adapt_datefield_value(value) if is_day else value


@cache
def columns_of(model: type[Model]) -> tuple[str, ...]:
    """Return the names of all columns of a table, for the `values_list` of a compiled query."""
    return tuple(one.attname for one in model._meta.concrete_fields)


def instance_of(model: type[Row], values: Sequence[Any]) -> Row:
    """Return the row of these values of all its columns, as the database would give it.

    Shorter than `from_db`: no signal is sent, since nothing listens to it.
    """
    row = model.__new__(model)
    row.__dict__ = dict(zip(columns_of(model), values, strict=True))
    row._state = ModelState()
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


def link(row: Model, name: str, other: Model | None) -> None:
    """Give the row what its foreign key `name` leads to, whose id it has."""
    row._state.fields_cache[name] = other
