"""Opinions over the API: requested of departments, given, withdrawn."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from registry.access import get_letter
from registry.models.letters import Letter
from routing.models.opinions import Opinion
from routing.models.states import OpinionState
from routing.opinions import asking
from web.api.access import caller
from web.api.shape import Shape, shown
from web.api.verbs import department_by_code, person_by_name
from web.api.view import ApiView, checked, get_or_404, no_words, responses


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

    @extend_schema(operation_id="list_opinions", responses=responses(OpinionsOut, 404))
    def get(self, request: Request, letter_id: UUID) -> Response:
        """List the opinions on a letter, with their answers."""
        return _answer(get_letter(caller(request), letter_id))

    @extend_schema(
        operation_id="ask_opinions",
        request=OpinionsIn,
        responses=responses(OpinionsOut, 400, 403, 404, 409, status=201),
    )
    def post(self, request: Request, letter_id: UUID) -> Response:
        """Ask departments for an opinion; the letter goes on meanwhile."""
        actor = caller(request)
        letter = get_letter(actor, letter_id)
        given = dict(checked(OpinionsIn, request))
        asked = [
            asking.Asked(department_by_code(who["department"]), person_by_name(who["person"]))
            for who in given.pop("asked")
        ]
        asking.ask_opinions(letter, asked, actor=actor, **given)
        return _answer(letter, status=201)


class GiveOpinionView(ApiView):
    """Answer to a request for an opinion."""

    @extend_schema(
        operation_id="give_opinion",
        request=AnswerIn,
        responses=responses(OpinionOut, 400, 403, 404, 409),
    )
    def post(self, request: Request, opinion_id: UUID) -> Response:
        """Give the opinion of the department asked."""
        row = _opinion(request, opinion_id)
        given = checked(AnswerIn, request)
        return shown(OpinionOut, asking.give_opinion(row, actor=caller(request), **given))


class WithdrawOpinionView(ApiView):
    """Withdrawal of a request for an opinion."""

    @extend_schema(
        operation_id="withdraw_opinion",
        request=None,
        responses=responses(OpinionOut, 403, 404, 409),
    )
    def post(self, request: Request, opinion_id: UUID) -> Response:
        """Withdraw the request."""
        no_words(request)
        row = _opinion(request, opinion_id)
        return shown(OpinionOut, asking.withdraw_opinion(row, actor=caller(request)))


def _opinion(request: Request, opinion_id: UUID) -> Opinion:
    mine = Letter.objects.visible_to(caller(request))
    rows = Opinion.objects.select_related("letter__register", "department", "person", "asked_for")
    return get_or_404(rows.filter(pk=opinion_id, letter__in=mine))


def _answer(letter: Letter, *, status: int = 200) -> Response:
    rows = asking.opinions_of(letter)[:200]
    return shown(OpinionsOut, {"opinions": rows}, status=status)
