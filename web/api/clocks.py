"""Clocks of letters over the API: stop, restart, extend, request missing pieces."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from org.models import User
from registry.models.letters import Letter
from routing.clocks import pieces as clocks_pieces
from web.api.bodies import known_only
from web.api.shape import Shape
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


class FilesIn(Shape):
    """The pieces, each a file."""

    files = serializers.ListField(child=serializers.FileField(), min_length=1)


def sent_files(shape: type[Shape], request: Request) -> dict[str, Any]:
    """Return the request's files, to be judged by the register; the shape names the others."""
    known_only(shape(), request)
    return {"files": arrived(request)}


def ask_for_pieces(letter: Letter, *, actor: User, pieces: list[str]) -> None:
    """Ask for the pieces, one a line."""
    clocks_pieces.ask_for_pieces(letter, actor=actor, pieces="\n".join(pieces))
