"""A page of any list of the API: its length, its order, and the cursor that it goes on from."""

from collections.abc import Callable
from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from registry.models.events import LetterEvent
from web.api.shape import Shape, shown
from web.api.view import MOST_ROWS, ROWS, ApiView, operation, validated_query
from web.shared.paging import Page, page_of

# A name of 200 characters, each of them escaped, an id and the signature.
LONGEST_CURSOR: Final = 600
Orders = dict[str, list[str]]
Given = dict[str, Any]  # what was asked
Rows = QuerySet[Any]


def both_ways(name: str, *columns: str) -> Orders:
    """Return the order by these columns under the name, and its reverse; the first is the usual.

    The last column is unique; "-" before a column, and before the name, reverses it.
    """
    return {name: list(columns), _turned(name): [_turned(column) for column in columns]}


def _turned(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


class Listed(Shape):
    """The wanted page of a list. ORDERS: its orders by name, the usual one first."""

    ORDERS: ClassVar[Orders] = {}

    cursor = serializers.CharField(
        required=False,
        max_length=LONGEST_CURSOR,
        help_text="`next_cursor` of the page before.",
    )
    limit = serializers.IntegerField(required=False, default=ROWS, min_value=1, max_value=MOST_ROWS)

    def get_fields(self) -> dict[str, Any]:
        """Return the fields, and the choice of an order."""
        choices = list(self.ORDERS)
        words = "The field by which the list is ordered; `-`: backwards."
        order = serializers.ChoiceField(
            choices, required=False, default=choices[0], help_text=words
        )
        return {**super().get_fields(), "order": order}


def listed(rows: Rows, shape: type[Listed], given: dict[str, Any]) -> Page[Any]:
    """Return the wanted page of the rows."""
    order = shape.ORDERS[given["order"]]
    cursor, limit = given.get("cursor", ""), given["limit"]
    return page_of(rows, order=order, cursor=cursor, limit=limit, or_last=False)


def lists(
    name: str, asked: type[Listed], page: type[Shape], *errors: int
) -> Callable[[Callable[..., Rows]], Callable[..., Response]]:
    """Answer with the wanted page of the rows that the view's method returns.

    The method is called with the request, what was asked, and what the address names.
    """

    def page_of_rows(rows: Callable[..., Rows]) -> Callable[..., Response]:
        def get(view: ApiView, request: Request, **place: Any) -> Response:
            given = validated_query(asked, request)
            return shown(page, listed(rows(view, request, given, **place), asked, given))

        get.__doc__ = rows.__doc__
        return operation(name, page, 400, *errors, asks=[asked])(get)

    return page_of_rows


def changed_since() -> serializers.DateTimeField:
    """Return the field that asks for what was changed at or after a moment."""
    return serializers.DateTimeField(
        required=False,
        help_text="With an event at or after this moment. Ask from a minute before your last "
        "answer; what must not be missed is in the feed at `events`.",
    )


def with_events_since(moment: Any) -> "QuerySet[LetterEvent, Any]":
    """Return the ids of the letters with an event at or after the moment."""
    return LetterEvent.objects.filter(at__gte=moment).order_by().values("letter")
