"""Clocks of letters over the API: stop, restart, extend, request missing pieces."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from org.models import User
from registry.access import get_letter
from registry.models.letters import Letter
from registry.models.pieces import PiecesRequest
from routing.clocks import pieces as clocks_pieces
from web.api.access import caller
from web.api.bodies import known_only
from web.api.shape import Shape, shown
from web.api.view import ApiView, get_or_404, operation
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


class PiecesSaid(Shape):
    """The numbers of the pieces that have come, and whether everything was sent."""

    pieces = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, max_length=30
    )
    complete = serializers.BooleanField(required=False, default=False)


class FilesIn(PiecesSaid):
    """The files besides, of which none is needed for a piece that came another way."""

    files = serializers.ListField(child=serializers.FileField(), required=False)


class PieceOut(Shape):
    """One piece that was asked for; `received_at` is null while it is missing."""

    number = serializers.IntegerField()
    name = serializers.CharField()
    received_at = serializers.DateTimeField(allow_null=True)


class PiecesOut(Shape):
    """The pieces asked for, and when they stopped being waited for (null: they still are)."""

    asked_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    pieces = PieceOut(many=True, source="each")


class PiecesView(ApiView):
    """Missing pieces of a letter."""

    @operation("missing_pieces", PiecesOut, 404)
    def get(self, request: Request, letter_id: UUID) -> Response:
        """Return the missing pieces that were asked for, each received or not."""
        letter = get_letter(caller(request), letter_id)
        return shown(PiecesOut, get_or_404(PiecesRequest.objects.filter(letter=letter)))


def sent_pieces(shape: type[Shape], request: Request) -> dict[str, Any]:
    """Return the request's files, to be judged by the register, and what they are."""
    known_only(shape(), request)
    said = PiecesSaid(data=request.data)
    said.is_valid(raise_exception=True)
    given = said.validated_data
    return {
        "files": arrived(request),
        "received": given.get("pieces", []),
        "complete": given["complete"],
    }


def ask_for_pieces(letter: Letter, *, actor: User, pieces: list[str]) -> None:
    """Ask for the pieces, one a line."""
    clocks_pieces.ask_for_pieces(letter, actor=actor, pieces="\n".join(pieces))
