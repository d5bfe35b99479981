"""What a query of SCIM asks for: the filter, the page, and the attributes of the answer."""

from collections.abc import Callable, Iterable
from typing import Any, TypeGuard, TypeVar

from django.http import HttpRequest
from scim2_models import Context, Resource
from scim2_models.path import Comparison, FilterNode, LogicalExpr

from web.scim.shapes import MOST, USUAL

Row = TypeVar("Row")


def asked(request: HttpRequest, query: Any) -> Any:
    """Return the query of an address, checked as `query` has it. Raise ValidationError."""
    return query.model_validate(request.GET.dict(), scim_ctx=Context.SEARCH_REQUEST)


def equal_to(wanted: Any) -> dict[str, str]:
    """Return the attributes that a filter wants to be equal to a text, by small names.

    Only what the filter needs in any case: the terms of an `and`.
    """
    if wanted.filter is None:
        return {}
    found: dict[str, str] = {}
    waiting = [wanted.filter.ast]
    while waiting:
        node = waiting.pop()
        if isinstance(node, LogicalExpr) and str(node.op) == "and":
            waiting += node.terms
        elif _is_equality(node):
            found.setdefault(node.attr_path.attr.lower(), node.value)
    return found


def _is_equality(node: FilterNode) -> TypeGuard[Comparison]:
    """Return whether an attribute, as a whole, is to be equal to a text."""
    if not isinstance(node, Comparison) or str(node.op) != "eq":
        return False
    sub = (node.attr_path.sub_attr or "value").lower()
    return isinstance(node.value, str) and sub == "value"


def list_of(
    wanted: Any,
    rows: Iterable[Row],
    *,
    count: int | None,
    shown: Callable[[Row], Resource[Any]],
    listed: Any,
) -> dict[str, Any]:
    """Return a list of resources as a client asked for it.

    `count` is how many rows there are, None where the filter has to look at each.
    """
    start = wanted.start_index or 1
    most = min(USUAL if wanted.count is None else wanted.count, MOST)
    if count is None:
        found = [one for one in map(shown, rows) if wanted.filter.match(one)]
        count, page = len(found), found[start - 1 : start - 1 + most]
    else:
        chosen: Any = rows
        first = min(start - 1, count)  # a database skips only so many
        page = [shown(row) for row in chosen[first : first + most]]
    made = listed(total_results=count, start_index=start, items_per_page=len(page), resources=page)
    dumped: dict[str, Any] = made.model_dump(
        scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=wanted
    )
    dumped.setdefault("Resources", [])
    return dumped
