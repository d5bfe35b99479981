"""Following a letter or request over the API, by its number and code: what its citizen sees."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from correspondence.answers.reading import sent_replies, shown_documents
from correspondence.dispatch.sending import note_portal_reading
from eservices.catalogue.publishing import definition_of
from eservices.requests.acting import actions_of
from eservices.requests.messages import messages_of
from eservices.requests.models import Outcome, StageKind
from eservices.requests.models import Request as ServiceRequest
from language.numerals import registry_number_key
from registry.changes import history_of
from registry.following import letter_by_code
from registry.models.letters import Letter
from registry.models.pieces import PiecesRequest
from registry.states import Stage
from web.api.shape import Shape, shown
from web.api.view import ApiView, AsItIs, ProblemsToo, checked, file_answer, responses
from web.shared.files import stored
from web.shared.public_words import STAGES, lines_of, outcome_words
from web.throttle import FOLLOW_BY_NUMBER, count_follow, counted, follow_is_theirs, wrong_code


class FollowIn(Shape):
    """Number and tracking code, in whatever digits and notation."""

    number = serializers.CharField(max_length=120)
    code = serializers.CharField(max_length=40)


class FollowedLineOut(Shape):
    """One line of the public history."""

    at = serializers.DateTimeField()
    words = serializers.CharField()


class FollowedFileOut(Shape):
    """A file of a message or an answer; its bytes are at `/follow/documents/{id}`."""

    id = serializers.UUIDField(source="pk")
    title = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField(source="file.size")


class FollowedMessageOut(Shape):
    """A message between office and citizen."""

    at = serializers.DateTimeField()
    from_citizen = serializers.BooleanField()
    text = serializers.CharField()
    documents = FollowedFileOut(many=True)


class FollowedReplyOut(Shape):
    """An answer that was sent: its number in the register, and its files."""

    number = serializers.CharField()
    sent_at = serializers.DateTimeField()
    subject = serializers.CharField(allow_blank=True)
    documents = FollowedFileOut(many=True)


class FollowedActionOut(Shape):
    """What the citizen may do now on the page of the request."""

    name = serializers.CharField()
    words = serializers.CharField()


class FollowOut(Shape):
    """A letter or request as its citizen sees it; `service` is "" for a plain letter."""

    number = serializers.CharField()
    registered_at = serializers.DateTimeField()
    subject = serializers.CharField(allow_blank=True)
    service = serializers.CharField(allow_blank=True)
    title = serializers.CharField(allow_blank=True)
    stage = serializers.CharField()
    state = serializers.CharField(help_text="The stage in words of the public.")
    outcome = serializers.CharField(allow_blank=True)
    due_on = serializers.DateField(allow_null=True)
    ended = serializers.BooleanField()
    waiting_for = serializers.ChoiceField(["office", "citizen", "nobody"])
    awaited = serializers.ListField(
        child=serializers.CharField(), help_text="What is awaited of the citizen, in words."
    )
    actions = FollowedActionOut(many=True)
    timeline = FollowedLineOut(many=True)
    messages = FollowedMessageOut(many=True)
    replies = FollowedReplyOut(many=True)


class FollowView(ApiView):
    """Following, for whoever has number and code."""

    authentication_classes = []
    permission_classes = []

    @extend_schema(
        operation_id="follow",
        request=FollowIn,
        responses=responses(FollowOut, 400, 404, 429),
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Return state, history, messages and answers; a wrong code is like an unknown number."""
        return shown(FollowOut, followed(_letter_of(request)))


class _Bytes(ProblemsToo):
    """Content negotiation of a file that is asked for by a body."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the first renderer, for errors: the type of the file is fixed."""
        return AsItIs().select_renderer(request, renderers, format_suffix)


class FollowedDocumentView(ApiView):
    """The bytes of an answer, or of a file of a message, for whoever has number and code."""

    authentication_classes = []
    permission_classes = []
    content_negotiation_class = _Bytes

    @extend_schema(
        operation_id="get_followed_document",
        request=FollowIn,
        responses=file_answer("application/octet-stream", "*/*"),
        auth=[],
    )
    def post(self, request: Request, document_id: UUID) -> HttpResponseBase:
        """Return the file; an answer that is had so counts as read on the letter's page."""
        letter = _letter_of(request)
        answers = [one for row in sent_replies(letter) for one in shown_documents(row)]
        asked = ServiceRequest.objects.filter(letter=letter).first()
        messages = messages_of(asked) if asked else ()
        files = [one for row in messages for one in row.documents.all()]
        document = next((one for one in answers + files if one.pk == document_id), None)
        if document is None:
            raise Http404
        if document in answers:
            note_portal_reading(document.letter)
        return stored(document.file, document.media_type, name=document.title)


def _letter_of(request: Request) -> Letter:
    """Return the letter of the number and code that are given; each try is counted.

    Raise Http404 for a wrong code as for an unknown number.
    """
    given = checked(FollowIn, request)
    number = registry_number_key(given["number"]) or given["number"]
    count_follow(request._request, number)
    letter = letter_by_code(given["number"], given["code"])
    if letter is None:
        counted(FOLLOW_BY_NUMBER, number)  # beyond it, the portal's page has browsers compute
        wrong_code(request._request, "letter")
        raise Http404
    follow_is_theirs(request._request, number)
    return letter


def followed(letter: Letter) -> dict[str, Any]:
    """Return what the citizen of a letter sees of it, whether or not it is a request."""
    rows = ServiceRequest.objects.filter(letter=letter).select_related("version", "service")
    request = rows.first()
    awaited = _pieces(letter)
    told = _of_request(request) if request is not None else _of_letter(letter)
    waits = told.pop("waits") or bool(awaited)
    return {
        "number": letter.number,
        "registered_at": letter.registered_at,
        "subject": letter.subject,
        "due_on": letter.due_on,
        **told,
        "waiting_for": "nobody" if told["ended"] else "citizen" if waits else "office",
        "awaited": awaited or ([told["state"]] if waits and not told["ended"] else []),
        "timeline": lines_of(history_of(letter.pk, citizen=True)),
        "replies": [
            {
                "number": sent.number,
                "sent_at": sent.registered_at,
                "subject": row.subject,
                "documents": shown_documents(row),
            }
            for row in sent_replies(letter)
            if (sent := row.outgoing) is not None
        ],
    }


def _of_letter(letter: Letter) -> dict[str, Any]:
    return {
        "service": "",
        "title": letter.subject,
        "stage": letter.stage,
        "state": str(STAGES[letter.stage]),
        "outcome": str(outcome_words(letter)),
        "ended": letter.stage in (Stage.CLOSED, Stage.VOIDED),
        "waits": False,
        "actions": [],
        "messages": [],
    }


def _of_request(request: ServiceRequest) -> dict[str, Any]:
    language = _language()
    definition = definition_of(request.version)
    actions = actions_of(request, letter_code=True)
    return {
        "service": request.service.code,
        "title": definition.title.in_(language),
        "stage": request.stage,
        "state": definition.stage(request.stage).public.in_(language),
        "outcome": str(Outcome(request.outcome).label) if request.outcome else "",
        "ended": request.ended_at is not None,
        "waits": request.stage_kind == StageKind.WAITING,
        "actions": [{"name": row.name, "words": row.label.in_(language)} for row in actions],
        "messages": [
            {
                "at": row.at,
                "from_citizen": row.from_citizen,
                "text": row.text,
                "documents": list(row.documents.all()),
            }
            for row in messages_of(request)
        ],
    }


def _pieces(letter: Letter) -> list[str]:
    """Return the names of the pieces that the citizen is asked for and has not sent."""
    asked = PiecesRequest.objects.filter(letter=letter, answered_at=None).first()
    return [piece.name for piece in asked.each if not piece.received_at] if asked else []


def _language() -> str:
    return (get_language() or "fr")[:2]
