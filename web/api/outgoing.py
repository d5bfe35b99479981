"""Outgoing mail over the API: what waits, lists for the post office, proofs; and reopening."""

from datetime import date
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from correspondence.dispatch import handing, lists, posting, returns
from correspondence.models.dispatch import Dispatch, PostingLine
from org.models import User
from web.api import outgoing_shapes as shapes
from web.api.access import caller
from web.api.posting_lists import _need_clerk
from web.api.replies import sent_file
from web.api.shape import shown
from web.api.view import ApiView, get_or_404, operation, validated_query
from web.shared.paging import page_of


class OutgoingView(ApiView):
    """Dispatches, by their state."""

    @operation("list_outgoing", shapes.OutgoingPage, 400, 403, asks=[shapes.OutgoingAsked])
    def get(self, request: Request) -> Response:
        """List what is to be posted (clerks), at the counter, unacknowledged or returned; paged."""
        given = validated_query(shapes.OutgoingAsked, request)
        rows, order = _rows_of(caller(request), given["show"])
        page = page_of(
            rows,
            order=shapes.OutgoingAsked.ORDERS[given["order"]] or order,
            cursor=given.get("cursor", ""),
            limit=given["limit"],
            or_last=False,
        )
        return shown(shapes.OutgoingPage, page)


def _rows_of(actor: User, show: str) -> tuple[Any, list[str]]:
    if show in ("post", "registered"):
        _need_clerk(actor)
        lines = posting.to_be_posted(show).values("dispatch_id")
        rows = Dispatch.objects.filter(pk__in=lines).select_related(
            "letter", "reply__letter", "posting_line__posting_list"
        )
        return rows, ["asked_at", "id"]
    rows = {
        "counter": lists.at_the_counter,
        "unacknowledged": lists.unacknowledged,
        "came_back": lists.came_back_for,
    }[show](actor)
    orders = {"counter": ["asked_at", "id"], "unacknowledged": ["at", "id"]}
    rows = rows.select_related("letter", "reply__letter", "posting_line__posting_list")
    return rows, orders.get(show, ["-asked_at", "-id"])


def describe(row: Dispatch, *, actor: User, **given: Any) -> None:
    """Keep what the post office said of a letter that waits."""
    line = get_or_404(PostingLine.objects.filter(dispatch=row))
    posting.describe_line(line, actor=actor, **given)


def acknowledge(row: Dispatch, *, actor: User, on: date, scan: Any) -> None:
    """Record the acknowledgement of receipt."""
    returns.acknowledge(row, actor=actor, on=on, scan=sent_file(scan))


def hand_over(
    row: Dispatch,
    *,
    actor: User,
    name: str,
    signature: Any,
    identity_kind: str,
    identity_number: str,
) -> None:
    """Record who was given the letter."""
    identity = handing.Identity(identity_kind, identity_number)
    handing.hand_over(
        row, actor=actor, name=name, signature=sent_file(signature), identity=identity
    )
