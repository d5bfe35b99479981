"""Outgoing mail over the API: what waits, lists for the post office, proofs; and reopening."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from correspondence.dispatch import handing, lists, posting, returns
from correspondence.models.dispatch import Dispatch, PostingLine
from org.models import User
from registry.access import get_letter
from registry.intake import IncomingFile
from registry.models.letters import Letter
from routing.closing import reopening
from web.api import answers, requests
from web.api import outgoing_shapes as shapes
from web.api.access import caller
from web.api.posting_lists import _need_clerk
from web.api.replies import UPLOAD
from web.api.shape import shown
from web.api.view import (
    ROWS,
    ApiView,
    checked,
    get_or_404,
    no_words,
    responses,
    validated_query,
)
from web.shared.paging import page_of


class OutgoingView(ApiView):
    """Dispatches, by their state."""

    @extend_schema(
        operation_id="list_outgoing",
        parameters=[shapes.OutgoingAsked],
        responses=responses(shapes.OutgoingPage, 400, 403),
    )
    def get(self, request: Request) -> Response:
        """List what is to be posted (clerks), at the counter, unacknowledged or returned; paged."""
        given = validated_query(shapes.OutgoingAsked, request)
        rows, order = _rows_of(caller(request), given["show"])
        page = page_of(
            rows, order=order, cursor=given.get("cursor", ""), limit=given.get("limit", ROWS)
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


class DispatchVerb(ApiView):
    """Base of an action on one dispatch of a letter that the caller may read."""

    def do(self, request: Request, dispatch_id: UUID, verb: Callable[..., Any]) -> Response:
        """Perform the action; answer with the dispatch's new state."""
        actor = caller(request)
        row = self.row(actor, dispatch_id)
        verb(row, actor=actor)
        return shown(shapes.DispatchOut, self.row(actor, dispatch_id))

    def row(self, actor: User, dispatch_id: UUID) -> Dispatch:
        """Return the dispatch, where the caller may read its letter."""
        rows = Dispatch.objects.filter(letter__in=Letter.objects.visible_to(actor))
        wanted = ("letter", "reply__letter", "reply__department", "posting_line__posting_list")
        return get_or_404(rows.select_related(*wanted).filter(pk=dispatch_id))


class LineView(DispatchVerb):
    """Data of a posted letter from the post office."""

    @extend_schema(
        operation_id="describe_posting_line",
        request=shapes.PostingLineIn,
        responses=responses(shapes.DispatchOut, 400, 403, 404),
    )
    def put(self, request: Request, dispatch_id: UUID) -> Response:
        """Set tracking number, weight in grams and postage of a letter that waits to be posted."""

        def verb(row: Dispatch, *, actor: User) -> None:
            line = get_or_404(PostingLine.objects.filter(dispatch=row))
            posting.describe_line(line, actor=actor, **checked(shapes.PostingLineIn, request))

        return self.do(request, dispatch_id, verb)


class AcknowledgeView(DispatchVerb):
    """Acknowledgement of receipt."""

    @extend_schema(
        operation_id="acknowledge_dispatch",
        request={UPLOAD: shapes.AcknowledgeIn, "application/json": shapes.AcknowledgeIn},
        responses=responses(shapes.DispatchOut, 400, 403, 404, 409, 422),
    )
    def post(self, request: Request, dispatch_id: UUID) -> Response:
        """Record the returned acknowledgement of receipt: the day, and a scan of it."""

        def verb(row: Dispatch, *, actor: User) -> None:
            given = checked(shapes.AcknowledgeIn, request)
            scan = _arriving(given["scan"])
            returns.acknowledge(row, actor=actor, on=given["on"], scan=scan)

        return self.do(request, dispatch_id, verb)


class ReturnedView(DispatchVerb):
    """Return by the post office."""

    @extend_schema(
        operation_id="return_dispatch",
        request=shapes.ReturnedIn,
        responses=responses(shapes.DispatchOut, 400, 403, 404, 409),
    )
    def post(self, request: Request, dispatch_id: UUID) -> Response:
        """Record that the post office returned the letter."""

        def verb(row: Dispatch, *, actor: User) -> None:
            returns.return_post(row, actor=actor, **checked(shapes.ReturnedIn, request))

        return self.do(request, dispatch_id, verb)


class SettleView(DispatchVerb):
    """Settlement of a returned letter."""

    @extend_schema(
        operation_id="settle_dispatch",
        request=requests.RemarkIn,
        responses=responses(shapes.DispatchOut, 400, 403, 404, 409),
    )
    def post(self, request: Request, dispatch_id: UUID) -> Response:
        """Record that the returned letter was dealt with without sending it again."""

        def verb(row: Dispatch, *, actor: User) -> None:
            returns.settle(row, actor=actor, **checked(requests.RemarkIn, request))

        return self.do(request, dispatch_id, verb)


class TakeBackView(DispatchVerb):
    """Withdrawal of a dispatch."""

    @extend_schema(
        operation_id="take_dispatch_back",
        request=None,
        responses=responses(shapes.DispatchOut, 403, 404, 409),
    )
    def post(self, request: Request, dispatch_id: UUID) -> Response:
        """Withdraw a letter waiting for the post office or at the counter, to send it otherwise."""
        no_words(request)
        return self.do(request, dispatch_id, returns.take_back)


class HandOverView(DispatchVerb):
    """Handing over against a signature."""

    @extend_schema(
        operation_id="hand_over",
        request={UPLOAD: shapes.HandOverIn},
        responses=responses(shapes.DispatchOut, 400, 403, 404, 409, 422),
    )
    def post(self, request: Request, dispatch_id: UUID) -> Response:
        """Record that this person was given the letter; their signature is a picture or a PDF."""

        def verb(row: Dispatch, *, actor: User) -> None:
            given = checked(shapes.HandOverIn, request)
            handing.hand_over(
                row,
                actor=actor,
                name=given["name"],
                signature=_arriving(given["signature"]),
                identity=handing.Identity(given["identity_kind"], given["identity_number"]),
            )

        return self.do(request, dispatch_id, verb)


def _arriving(file: Any) -> IncomingFile | None:
    return IncomingFile(file.name or "", file.file or file) if file else None


class ReopenView(ApiView):
    """Reopening of a letter."""

    @extend_schema(
        operation_id="reopen_letter",
        request=requests.ReasonIn,
        responses=responses(answers.LetterOut, 400, 403, 404, 409),
    )
    def post(self, request: Request, letter_id: UUID) -> Response:
        """Reopen an answered letter; it goes back to the department that answered."""
        actor = caller(request)
        letter = get_letter(actor, letter_id)
        reopening.reopen(letter, actor=actor, **checked(requests.ReasonIn, request))
        return shown(answers.LetterOut, get_letter(actor, letter_id), viewer=actor)
