"""Requests for services over the API, for staff: list, one, its actions, its messages."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from eservices.catalogue.publishing import definition_of
from eservices.requests.access import requests_visible_to
from eservices.requests.acting import Offered, actions_of, take_action
from eservices.requests.listing import NEWEST, Wanted, dressed, is_late
from eservices.requests.listing import listed as requests_listed
from eservices.requests.messages import messages_of, write_message
from eservices.requests.models import Message, Outcome, Request, StageKind
from org.models import User
from registry.models.documents import Document
from registry.states import ConflictError
from web.api.access import ReadsLetters, caller
from web.api.answers import FileOut
from web.api.listing import Listed, both_ways
from web.api.shape import Shape, shown
from web.api.view import ApiView, checked, responses, validated_query
from web.shared.paging import Page, page_of
from web.uploads import arrived, take_uploads

_IDEMPOTENT_STAGE = "The stage in which you saw the request: 409 where it has moved on since."


class RequestsAsked(Listed):
    """Which requests are wanted, and which page of them."""

    ORDERS = both_ways("-opened_at", *NEWEST)

    service = serializers.CharField(required=False, max_length=40, help_text="Code.")
    stage = serializers.CharField(
        required=False, max_length=40, help_text="Code of a stage, or a kind of stages."
    )
    late = serializers.BooleanField(required=False, default=False)
    mine = serializers.BooleanField(
        required=False, default=False, help_text="Those that are assigned to you."
    )
    open = serializers.BooleanField(
        required=False, default=False, help_text="Those that have not ended."
    )
    q = serializers.CharField(
        required=False, max_length=200, help_text="A number, a contract, a name, or a subject."
    )


class RequestRow(Shape):
    """A request as a list shows it."""

    id = serializers.UUIDField()
    number = serializers.CharField(source="letter.number")
    letter = serializers.UUIDField(source="letter_id")
    service = serializers.CharField(source="service.code")
    title = serializers.CharField()
    subject = serializers.CharField(source="letter.subject")
    sender = serializers.CharField(help_text="Name and organisation; empty where unknown.")
    department = serializers.CharField(source="letter.department.code", allow_null=True)
    stage = serializers.CharField()
    stage_words = serializers.CharField(help_text="As staff name it, in your language.")
    stage_kind = serializers.ChoiceField(StageKind.choices)
    stage_since = serializers.DateTimeField()
    stage_due_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(source="letter.due_on", allow_null=True)
    late = serializers.BooleanField()
    dangerous = serializers.BooleanField()
    outcome = serializers.ChoiceField(Outcome.choices, allow_blank=True)
    opened_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)

    def show_title(self, row: Request) -> str:
        """Return the service's title."""
        return definition_of(row.version).title.in_(self.context["language"])

    def show_sender(self, row: Request) -> str:
        """Return who asks."""
        sender = row.letter.sender
        return sender.shown_name if sender else ""

    def show_department(self, row: Request) -> str | None:
        """Return the code of the responsible department."""
        return row.letter.department.code if row.letter.department else None

    def show_stage_words(self, row: Request) -> str:
        """Return the stage in words."""
        stage = definition_of(row.version).stage(row.stage)
        return (stage.internal or stage.public).in_(self.context["language"])

    def show_late(self, row: Request) -> bool:
        """Return whether its stage or its letter is past its day."""
        return is_late(row)


class RequestPage(Shape):
    """One page of requests, the latest first. `next_cursor` is empty on the last page."""

    requests = RequestRow(source="rows", many=True)
    next_cursor = serializers.CharField()


class ActionOut(Shape):
    """An action that you may take now; `blocked` says what stands in its way, else empty."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    to = serializers.CharField(help_text="The stage that it leads to.")
    needs = serializers.ListField(child=serializers.CharField())
    outcome = serializers.CharField()
    blocked = serializers.CharField()

    def show_label(self, offered: Offered) -> str:
        """Return its words."""
        return offered.label.in_(self.context["language"])


class MessageOut(Shape):
    """A message between office and citizen."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    from_citizen = serializers.BooleanField()
    author = serializers.CharField(source="author.username", allow_null=True)
    text = serializers.CharField()
    documents = serializers.ListField(child=serializers.UUIDField())

    def show_author(self, message: Message) -> str | None:
        """Return the user name of who wrote it for the office."""
        return message.author.username if message.author else None

    def show_documents(self, message: Message) -> list[UUID]:
        """Return the ids of the documents that came with it."""
        return [document.pk for document in message.documents.all()]


class ChildOut(Shape):
    """A request for a trade."""

    id = serializers.UUIDField()
    number = serializers.CharField(source="letter.number")
    trade = serializers.CharField()
    stage = serializers.CharField()
    outcome = serializers.CharField()


class RequestOut(RequestRow):
    """A request with its answers, papers, messages, children, and what you may do with it."""

    version = serializers.IntegerField(source="version.version")
    language = serializers.CharField()
    contract_number = serializers.CharField()
    answers = serializers.JSONField()
    trade = serializers.CharField()
    parent = serializers.CharField(  # type: ignore[assignment]  # a name of the framework's base
        allow_null=True, help_text="Number of the one it belongs to."
    )
    documents = FileOut(many=True)
    messages = MessageOut(many=True)
    children = ChildOut(many=True)
    actions = ActionOut(many=True)

    def show_parent(self, row: Request) -> str | None:
        """Return the parent's number."""
        return row.parent.letter.number if row.parent else None

    def show_documents(self, row: Request) -> Any:
        """Return the documents of its letter."""
        return Document.objects.filter(letter=row.letter_id).select_related("file")

    def show_messages(self, row: Request) -> Any:
        """Return the messages, the oldest first."""
        return messages_of(row)[:200]

    def show_children(self, row: Request) -> Any:
        """Return the requests for trades."""
        rows = Request.objects.filter(parent=row.pk).select_related("letter")
        return rows.order_by("opened_at", "pk")[:50]

    def show_actions(self, row: Request) -> list[Offered]:
        """Return the caller's actions."""
        return actions_of(row, actor=self.context["viewer"])


class ActionIn(Shape):
    """What comes with an action; which of it is needed, the request's actions say."""

    comment = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=4000,
        help_text="For missing pieces: their names, one a line.",
    )  # fmt: skip
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=1000)
    outcome = serializers.ChoiceField(
        ["", *Outcome.values], required=False, default="", help_text="Where it is needed."
    )
    stage = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=40, help_text=_IDEMPOTENT_STAGE
    )
    files = serializers.ListField(
        child=serializers.FileField(), required=False, help_text="Each becomes a document."
    )


class MessageIn(Shape):
    """A message to the citizen, with files."""

    text = serializers.CharField(max_length=4000)
    files = serializers.ListField(
        child=serializers.FileField(), required=False, help_text="Each becomes a document."
    )


def _language(request: ApiRequest) -> str:
    return (get_language() or "fr")[:2]


def _found(viewer: User, request_id: UUID) -> Request:
    """Return the request. Raise Http404 where it is not there, or not the viewer's to read."""
    wanted = ("letter__department", "letter__register", "version", "service", "parent__letter")
    rows = requests_visible_to(viewer).select_related(*wanted)
    row = rows.prefetch_related("letter__parties").filter(pk=request_id).first()
    if row is None:
        raise Http404
    return row


def _whole(request: ApiRequest, request_id: UUID, *, status: int = 200) -> Response:
    viewer = caller(request)
    row = requests_visible_to(viewer).filter(pk=request_id).exists()
    if not row:  # an action may have ended the right to read it
        return Response(status=204)
    found = _found(viewer, request_id)
    language = _language(request)
    return shown(RequestOut, found, status=status, viewer=viewer, language=language)


class RequestsView(ApiView):
    """Requests for services."""

    permission_classes = [ReadsLetters]

    @extend_schema(
        operation_id="list_requests",
        parameters=[RequestsAsked],
        responses=responses(RequestPage, 400, 403),
    )
    def get(self, request: ApiRequest) -> Response:
        """List the requests that you may read, the latest first."""
        given = validated_query(RequestsAsked, request)
        wanted = Wanted(
            service=given.get("service", ""),
            stage=given.get("stage", ""),
            late=given.get("late", False),
            mine=given.get("mine", False),
            open_only=given.get("open", False),
            text=given.get("q", ""),
        )
        order = RequestsAsked.ORDERS[given["order"]]
        keys = requests_listed(caller(request), wanted).only("opened_at")
        found: Page[Any] = page_of(
            keys, order=order, cursor=given.get("cursor", ""), limit=given["limit"]
        )
        ids = [row.pk for row in found.rows]
        rows = dressed(Request.objects.filter(pk__in=ids)).in_bulk()
        page = Page([rows[pk] for pk in ids if pk in rows], found.next_cursor)
        return shown(RequestPage, page, language=_language(request))


class RequestView(ApiView):
    """One request."""

    permission_classes = [ReadsLetters]

    @extend_schema(operation_id="get_request", responses=responses(RequestOut, 403, 404))
    def get(self, request: ApiRequest, request_id: UUID) -> Response:
        """Return a request with its answers, papers, messages, and what you may do with it."""
        _found(caller(request), request_id)
        return _whole(request, request_id)


class _WithFiles(ApiView):
    """A view that takes JSON, or a form with files."""

    permission_classes = [ReadsLetters]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Set how files are read, before anything reads them."""
        take_uploads(request)
        return super().dispatch(request, *args, **kwargs)


def _files(request: ApiRequest) -> Any:
    multipart = (request.content_type or "").startswith("multipart/")
    return arrived(request) if multipart else []


class RequestActionView(_WithFiles):
    """An action of a request."""

    @extend_schema(
        operation_id="take_request_action",
        request={"application/json": ActionIn, "multipart/form-data": ActionIn},
        responses=responses(RequestOut, 400, 403, 404, 409, 422),
    )
    def post(self, request: ApiRequest, request_id: UUID, action: str) -> Response:
        """Take an action from the stage that the request is in; 403 with what is missing."""
        actor = caller(request)
        row = _found(actor, request_id)
        given: Mapping[str, Any] = checked(ActionIn, request)
        if given["stage"] and given["stage"] != row.stage:
            raise ConflictError
        take_action(
            row,
            action,
            actor=actor,
            comment=given["comment"],
            reason=given["reason"],
            outcome=given["outcome"],
            files=_files(request),
        )
        return _whole(request, request_id)


class RequestMessagesView(_WithFiles):
    """Messages of a request."""

    @extend_schema(
        operation_id="write_request_message",
        request={"application/json": MessageIn, "multipart/form-data": MessageIn},
        responses=responses(MessageOut, 400, 403, 404, 422, status=201),
    )
    def post(self, request: ApiRequest, request_id: UUID) -> Response:
        """Write a message to the citizen, who is told of it."""
        actor = caller(request)
        row = _found(actor, request_id)
        given = checked(MessageIn, request)
        message = write_message(row, text=given["text"], actor=actor, files=_files(request))
        return shown(MessageOut, message, status=201)
