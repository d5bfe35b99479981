"""Requests for services over the API, for staff: list, one, its actions, its messages."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import get_language
from rest_framework import serializers
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from eservices.requests.access import requests_visible_to
from eservices.requests.acting import take_action
from eservices.requests.listing import NEWEST, RequestFilter, hydrated
from eservices.requests.listing import listed as requests_listed
from eservices.requests.messages import write_message
from eservices.requests.models import Request
from identity.events import record_reading
from org.models import User
from registry.states import ConflictError
from web.api.access import ReadsLetters, caller
from web.api.described import LANGUAGE
from web.api.eservice_shapes import ActionIn, MessageIn, MessageOut, RequestOut, RequestPage
from web.api.listing import Listed, both_ways
from web.api.shape import shown
from web.api.view import ApiView, UploadView, checked, operation, validated_query
from web.shared.paging import Page, page_of
from web.uploads import arrived


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


def _language(request: ApiRequest) -> str:
    return (get_language() or "fr")[:2]


def found_request(viewer: User, request_id: UUID) -> Request:
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
    found = found_request(viewer, request_id)
    language = _language(request)
    return shown(RequestOut, found, status=status, viewer=viewer, language=language)


class RequestsView(ApiView):
    """Requests for services."""

    permission_classes = [ReadsLetters]

    @operation("list_requests", RequestPage, 400, 403, asks=[RequestsAsked])
    def get(self, request: ApiRequest) -> Response:
        """List the requests that you may read, the latest first."""
        given = validated_query(RequestsAsked, request)
        wanted = RequestFilter(
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
            keys,
            order=order,
            cursor=given.get("cursor", ""),
            limit=given["limit"],
            or_last=False,
        )
        ids = [row.pk for row in found.rows]
        rows = hydrated(Request.objects.filter(pk__in=ids)).in_bulk()
        page = Page([rows[pk] for pk in ids if pk in rows], found.next_cursor)
        return shown(RequestPage, page, language=_language(request))


class RequestView(ApiView):
    """One request."""

    permission_classes = [ReadsLetters]

    @operation("get_request", RequestOut, 403, 404)
    def get(self, request: ApiRequest, request_id: UUID) -> Response:
        """Return a request with its answers, papers, messages, and what you may do with it."""
        viewer = caller(request)
        row = found_request(viewer, request_id)
        record_reading(person=viewer, letter_id=row.letter_id)
        return _whole(request, request_id)


class _WithFiles(UploadView):
    """A view that takes JSON, or a form with files."""

    permission_classes = [ReadsLetters]


def _files(request: ApiRequest) -> Any:
    multipart = (request.content_type or "").startswith("multipart/")
    return arrived(request) if multipart else []


class RequestActionView(_WithFiles):
    """An action of a request."""

    @operation(
        "take_request_action",
        RequestOut,
        400,
        403,
        404,
        409,
        422,
        takes={"application/json": ActionIn, "multipart/form-data": ActionIn},
    )
    def post(self, request: ApiRequest, request_id: UUID, action: str) -> Response:
        """Take an action from the stage that the request is in; 403 with what is missing."""
        actor = caller(request)
        row = found_request(actor, request_id)
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

    @operation(
        "write_request_message",
        MessageOut,
        400,
        403,
        404,
        422,
        asks=[LANGUAGE],
        takes={"application/json": MessageIn, "multipart/form-data": MessageIn},
        status=201,
    )
    def post(self, request: ApiRequest, request_id: UUID) -> Response:
        """Write a message to the citizen, who is told of it."""
        actor = caller(request)
        row = found_request(actor, request_id)
        given = checked(MessageIn, request)
        message = write_message(row, text=given["text"], actor=actor, files=_files(request))
        return shown(MessageOut, message, status=201)
