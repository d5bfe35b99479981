"""Clocks of letters over the API: stop, restart, extend, request missing pieces."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from org.models import User
from registry.access import get_letter
from registry.models.letters import Letter
from routing.clocks import pieces as clocks_pieces
from routing.clocks import standing
from web.api import requests
from web.api.access import caller
from web.api.bodies import known_only
from web.api.replies import UPLOAD
from web.api.shape import Shape, shown
from web.api.view import ApiView, checked, responses
from web.uploads import arrived


class PiecesIn(Shape):
    """The missing pieces of the file."""

    pieces = serializers.ListField(
        child=serializers.CharField(max_length=120), min_length=1, max_length=30
    )


class ClockOut(Shape):
    """The present state of the letter's clock; without a due date while it is stopped."""

    letter = serializers.UUIDField(source="id")
    due_on = serializers.DateField(allow_null=True)
    stands_since = serializers.DateField(allow_null=True)
    due_explained = serializers.JSONField(help_text="Why the letter is due on that day.")

    def show_stands_since(self, letter: Letter) -> str | None:
        """Return since when the clock stands."""
        day: str | None = letter.due_explained.get("stands_since")
        return day


class ClockVerb(ApiView):
    """Base of an action on the clock of a letter that the caller may read."""

    def do(self, request: Request, letter_id: UUID, verb: Callable[..., Any]) -> Response:
        """Perform the action; answer with the clock's new state."""
        actor = caller(request)
        letter = get_letter(actor, letter_id)
        verb(letter, actor=actor)
        return shown(ClockOut, get_letter(actor, letter_id))

    def with_reason(self, request: Request, letter_id: UUID, verb: Callable[..., Any]) -> Response:
        """Perform an action that needs a reason."""

        def said(letter: Letter, *, actor: User) -> None:
            verb(letter, actor=actor, **checked(requests.ReasonIn, request))

        return self.do(request, letter_id, said)


class StopClockView(ClockVerb):
    """Stop of a clock."""

    @extend_schema(
        operation_id="stop_clock",
        request=requests.ReasonIn,
        responses=responses(ClockOut, 400, 403, 404, 409),
    )
    def post(self, request: Request, letter_id: UUID) -> Response:
        """Stop the clock: from today on no day counts, until it is restarted."""
        return self.with_reason(request, letter_id, standing.stop_clock)


class RestartClockView(ClockVerb):
    """Restart of a clock."""

    @extend_schema(
        operation_id="restart_clock",
        request=requests.ReasonIn,
        responses=responses(ClockOut, 400, 403, 404, 409),
    )
    def post(self, request: Request, letter_id: UUID) -> Response:
        """Restart the clock: the days count again from tomorrow on."""
        return self.with_reason(request, letter_id, standing.restart_clock)


class ExtendClockView(ClockVerb):
    """Extension of a term."""

    @extend_schema(
        operation_id="extend_clock",
        request=requests.ReasonIn,
        responses=responses(ClockOut, 400, 403, 404, 409),
    )
    def post(self, request: Request, letter_id: UUID) -> Response:
        """Extend the term once, by what the rule grants."""
        return self.with_reason(request, letter_id, standing.extend_clock)


class AskPiecesView(ClockVerb):
    """Request for missing pieces."""

    @extend_schema(
        operation_id="ask_for_pieces",
        request=PiecesIn,
        responses=responses(ClockOut, 400, 403, 404, 409),
    )
    def post(self, request: Request, letter_id: UUID) -> Response:
        """Ask the citizen for missing pieces, once; the clock is stopped until they arrive."""

        def ask(letter: Letter, *, actor: User) -> None:
            pieces = "\n".join(checked(PiecesIn, request)["pieces"])
            clocks_pieces.ask_for_pieces(letter, actor=actor, pieces=pieces)

        return self.do(request, letter_id, ask)


class FilesIn(Shape):
    """The pieces, each a file."""

    files = serializers.ListField(child=serializers.FileField(), min_length=1)


class AddPiecesView(ClockVerb):
    """Missing pieces that arrived."""

    @extend_schema(
        operation_id="add_pieces",
        request={UPLOAD: FilesIn},
        responses=responses(ClockOut, 400, 403, 404, 409, 422),
    )
    def post(self, request: Request, letter_id: UUID) -> Response:
        """Add the pieces that were asked for, all at once; the clock restarts."""

        def add(letter: Letter, *, actor: User) -> None:
            known_only(FilesIn(), request)
            clocks_pieces.add_pieces(letter, actor=actor, files=arrived(request))

        return self.do(request, letter_id, add)
