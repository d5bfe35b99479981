"""Opinions over the API: requested of departments, given, withdrawn."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from org.models import User
from registry.models.letters import Letter
from routing.models.states import OpinionState
from routing.opinions import opinion_requests
from web.api.access import caller
from web.api.codes import department_by_code, person_by_name
from web.api.shape import Shape, shown
from web.api.view import ApiView, operation
from web.shared.reading import read_letter


class AskedIn(Shape):
    """The one who is asked: a department, or a person of it."""

    department = serializers.CharField(help_text="Code of the department.")
    person = serializers.CharField(required=False, default="", allow_blank=True)


class OpinionsIn(Shape):
    """The question and those asked, all at once or in turn."""

    asked = serializers.ListField(child=AskedIn(), min_length=1, max_length=10)
    question = serializers.CharField(max_length=1000)
    due_on = serializers.DateField(required=False, allow_null=True, default=None)
    in_turn = serializers.BooleanField(required=False, default=False)


class AnswerIn(Shape):
    """The department's opinion."""

    answer = serializers.CharField(max_length=20_000)


class OpinionOut(Shape):
    """A question to a department, and its answer."""

    id = serializers.UUIDField()
    letter = serializers.UUIDField(source="letter_id")
    department = serializers.CharField(source="department.code")
    person = serializers.CharField(
        source="person.username", allow_null=True, help_text="User name."
    )
    asked_for = serializers.CharField(
        source="asked_for.code", allow_null=True, help_text="Null where the office asks."
    )
    question = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(OpinionState.choices)
    answer = serializers.CharField()
    asked_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class OpinionsOut(Shape):
    """All opinions on a letter, in their order."""

    opinions = OpinionOut(many=True)


class OpinionsView(ApiView):
    """Opinions on a letter."""

    @operation("list_opinions", OpinionsOut, 404)
    def get(self, request: Request, letter_id: UUID) -> Response:
        """List the opinions on a letter, with their answers."""
        viewer = caller(request)
        return shown(OpinionsOut, opinions_on(viewer, read_letter(viewer, letter_id)))


def ask(letter: Letter, *, actor: User, asked: list[dict[str, str]], **given: Any) -> None:
    """Ask the departments of these codes, and the people named."""
    who = [
        opinion_requests.AskedDepartment(
            department_by_code(one["department"]), person_by_name(one["person"])
        )
        for one in asked
    ]
    opinion_requests.ask_opinions(letter, who, actor=actor, **given)


def opinions_on(_viewer: User, letter: Letter) -> dict[str, Any]:
    """Return the opinions on the letter."""
    return {"opinions": opinion_requests.opinions_of(letter)[:200]}
