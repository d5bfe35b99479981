"""Keyset pagination: constant cost per page, and stable while letters come in."""

import heapq
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import total_ordering
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.db.models import Q, QuerySet

from routing.inbox.reading import Parts
from search.contract import InvalidCursor

Row = TypeVar("Row", bound=Any)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, the cursor of the next ones ("" on the last page), and the number examined.

    `seen` counts how many rows were examined from here on.
    """

    rows: list[Row]
    next_cursor: str
    seen: int = 0


def page_of(
    rows: "QuerySet[Row]",
    *,
    order: Sequence[str],
    cursor: str = "",
    limit: int = 30,
    look: int = 0,
    or_last: bool = True,
) -> Page[Row]:
    """Return the rows after `cursor` in `order`; `or_last`: where none is left, the last page.

    So whoever takes the last rows off a page stands on the page before it, and not on an empty one.

    `order` names columns without null, the last one unique; "-" before a name reverses it. `look`:
    how many rows to examine, for a count that is bounded. Raise InvalidCursor for a cursor that is
    not from here.
    """
    found = _head(rows, order, cursor, max(limit, look))
    if cursor and or_last and not found:
        found = _head(rows, _turned(order), "", limit - 1)[::-1]
    more = found[limit:]
    cursor = _closed(found[limit - 1], order, _signer(rows, order)) if more else ""
    return Page(found[:limit], cursor, len(found))


def page_of_parts(
    parts: "Parts[Row]", *, order: Sequence[str], cursor: str = "", limit: int = 30
) -> Page[Row]:
    """Return a page of a list in parts: the heads of all of them, merged; the last as `page_of`."""
    rows = _merged((parts.first, parts.later), order, cursor, limit)
    last = ""
    if cursor and not rows:
        both, back = (parts.later, parts.first), _turned(order)
        rows = _merged(both, back, "", limit - 1)[:limit][::-1]
    if len(rows) > limit:
        last = _closed(rows[limit - 1], order, _signer(parts.first[0], order))
    return Page(_dressed(rows[:limit], parts, order), last)


def _merged(
    both: "Sequence[Sequence[QuerySet[Row, Any]]]", order: Sequence[str], cursor: str, limit: int
) -> list[Any]:
    """Return the keys of the first rows of parts that follow each other.

    More than `limit` if there are.
    """
    rows: list[Any] = []
    for some in both:
        if len(rows) <= limit:
            found = [_head(_keys(part, order), order, cursor, limit) for part in some]
            rows += heapq.merge(*found, key=_ordered_by(order))
    return rows


def _turned(order: Sequence[str]) -> list[str]:
    """Return the order from the end."""
    return [name[1:] if name.startswith("-") else f"-{name}" for name in order]


def _keys(part: "QuerySet[Row, Any]", order: Sequence[str]) -> "QuerySet[Any, Any]":
    """Return the columns that order the rows, without anything else of them."""
    columns = [name.lstrip("-") for name in order]
    plain = part.select_related(None).prefetch_related(None)
    return plain.values_list(*columns, named=True)


def _dressed(keys: list[Any], parts: "Parts[Row]", order: Sequence[str]) -> list[Row]:
    """Return the rows of a page with what they show, and the columns that order them."""
    whole = parts.dress([key.pk for key in keys]) if keys else {}
    for key in keys:
        for name in (column.lstrip("-") for column in order if column.lstrip("-") != "pk"):
            if key.pk in whole:
                setattr(whole[key.pk], name, getattr(key, name))
    return [whole[key.pk] for key in keys if key.pk in whole]


def _head(rows: "QuerySet[Any, Any]", order: Sequence[str], cursor: str, limit: int) -> list[Any]:
    rows = rows.order_by(*order)
    if cursor:
        rows = rows.filter(_after(order, _opened(cursor, _signer(rows, order))))
    return list(rows[: limit + 1])


def _ordered_by(order: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return a key that sorts as `order` does."""
    return lambda row: tuple(
        _Descending(getattr(row, name[1:])) if name.startswith("-") else getattr(row, name)
        for name in order
    )


@total_ordering
class _Descending:
    """A value that sorts in reverse."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Descending) and self.value == other.value

    def __lt__(self, other: "_Descending") -> bool:
        return bool(other.value < self.value)

    def __hash__(self) -> int:
        return hash(self.value)


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Build (a, b) > (x, y) so that both databases use an index: a >= x stands outside."""
    condition = Q()
    for depth in range(len(order)):
        equal = Q(
            **{
                name.lstrip("-"): value
                for name, value in zip(order[:depth], values[:depth], strict=True)
            }
        )
        name = order[depth]
        beyond = f"{name.lstrip('-')}__{'lt' if name.startswith('-') else 'gt'}"
        condition |= equal & Q(**{beyond: values[depth]})
    turned = "lte" if order[0].startswith("-") else "gte"
    return Q(**{f"{order[0].lstrip('-')}__{turned}": values[0]}) & condition


def _signer(rows: "QuerySet[Any]", order: Sequence[str]) -> signing.Signer:
    """Return a signer whose cursors fit only these rows in this order."""
    return signing.Signer(salt=":".join(("page", rows.model._meta.label, *order)))


def _closed(row: Any, order: Sequence[str], signer: signing.Signer) -> str:
    values = [_plain(getattr(row, name.lstrip("-"))) for name in order]
    # As they are: escaped, a name in Arabic would be six times as long.
    return signer.sign(json.dumps(values, ensure_ascii=False))


def _opened(cursor: str, signer: signing.Signer) -> list[Any]:
    try:
        values: list[Any] = json.loads(signer.unsign(cursor))
    except (signing.BadSignature, ValueError) as error:
        raise InvalidCursor("this page marker is damaged or of another list") from error
    return values


def _plain(value: Any) -> Any:
    return (
        value.isoformat()
        if isinstance(value, date | datetime)
        else (str(value) if isinstance(value, UUID) else value)
    )
