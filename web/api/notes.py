"""Notes on letters over the API: list, write, change, delete, and mentions of people."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from org.models import User
from org.people import permissions_of
from registry.models.letters import Letter
from routing.models.notes import Note
from routing.notes import seeing, writing
from web.api.access import caller
from web.api.codes import department_by_code
from web.api.listing import Listed, both_ways, listed
from web.api.shape import PageShape, Shape, shown
from web.api.view import MOST_ROWS, ApiView, operation, validated_query
from web.shared.reading import read_letter


class NoteIn(Shape):
    """The text of a note, and the people it mentions besides those typed in it as @username."""

    text = serializers.CharField(max_length=2000)
    named = serializers.ListField(
        child=serializers.CharField(max_length=150), required=False, default=list, max_length=20
    )


class NewNoteIn(NoteIn):
    """A note, and who sees it."""

    reach = serializers.ChoiceField(Note.Reach.choices)
    department = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="Code, for a department's note."
    )


class NotesAsked(Listed):
    """The requested page of notes."""

    ORDERS = both_ways("-written_at", "-written_at", "-id")

    limit = serializers.IntegerField(
        required=False, default=MOST_ROWS, min_value=1, max_value=MOST_ROWS
    )


class NoteOut(Shape):
    """A note that the caller sees."""

    id = serializers.UUIDField()
    letter = serializers.UUIDField(source="letter_id")
    author = serializers.CharField(source="author.username", help_text="User name.")
    reach = serializers.ChoiceField(Note.Reach.choices)
    department = serializers.CharField(source="department.code", allow_null=True)
    text = serializers.CharField()
    named = serializers.ListField(child=serializers.CharField(), help_text="User names.")
    written_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField(allow_null=True)

    def show_named(self, note: Note) -> list[str]:
        """Return who is mentioned."""
        return [mention.person.username for mention in note.mentions.all()]


class NotesOut(PageShape):
    """One page of notes, the newest first. `next_cursor` is empty on the last page."""

    notes = NoteOut(source="rows", many=True)


class NotesView(ApiView):
    """Notes on a letter, as far as the caller sees them."""

    @operation("list_notes", NotesOut, 400, 404, asks=[NotesAsked])
    def get(self, request: Request, letter_id: UUID) -> Response:
        """List notes for all readers, those of the caller's departments, and the caller's own."""
        letter = read_letter(caller(request), letter_id)
        rows = seeing.notes_on(letter, permissions_of(caller(request)))
        return shown(NotesOut, listed(rows, NotesAsked, validated_query(NotesAsked, request)))


def write(letter: Letter, *, actor: User, department: str, **given: Any) -> Note:
    """Write a note; one of a department names it by its code."""
    unit = department_by_code(department) if department else None
    return writing.write_note(letter, author=actor, department=unit, **given)
