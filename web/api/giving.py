"""Assignment of a letter to several departments, by list or in parts, and who is in charge."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from org.models import User
from registry.access import get_letter
from routing.assigning import giving, lists
from routing.inbox import assignments as routing_assignments
from routing.models.assignments import Assignment
from web.api import answers, requests
from web.api.access import caller
from web.api.shape import Shape, shown
from web.api.verbs import AssignmentVerb, department_by_code, person_by_name
from web.api.view import ApiView, checked, no_such_code, responses


class GiveIn(Shape):
    """The recipients of a letter, in one act: departments, or a distribution list."""

    to = serializers.ListField(child=requests.AssignIn(), required=False, default=list)
    list = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1)


class PartIn(Shape):
    """A part of a letter that holds several matters."""

    department = serializers.CharField(help_text="Code of the department.")
    matter = serializers.CharField(max_length=200)
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=500)


class SplitIn(Shape):
    """The parts, each to a department of its own."""

    parts = serializers.ListField(child=PartIn(), min_length=2, max_length=20)


class InChargeIn(Shape):
    """The person in charge."""

    person = serializers.CharField(max_length=150, help_text="User name.")


class GivenOut(Shape):
    """The assignments that were made."""

    assignments = answers.AssignmentOut(many=True)


class GiveView(ApiView):
    """Assignment to several departments."""

    @extend_schema(
        operation_id="give_letter",
        request=GiveIn,
        responses=responses(GivenOut, 400, 403, 404, 409, status=201),
    )
    def post(self, request: Request, letter_id: UUID) -> Response:
        """Assign the letter to several departments for action and with copies: all or none.

        By a distribution list those that have the letter already are left out.
        """
        actor = caller(request)
        letter = get_letter(actor, letter_id)
        given: dict[str, Any] = dict(checked(GiveIn, request))
        by_list = given["list"]
        targets = lists.targets_of(by_list) if by_list else [_target(one) for one in given["to"]]
        rows = giving.assign_all(letter, targets, actor=actor, skip_present=bool(by_list))
        return _answer(rows)


class SplitView(ApiView):
    """Splitting of a letter."""

    @extend_schema(
        operation_id="split_letter",
        request=SplitIn,
        responses=responses(GivenOut, 400, 403, 404, 409, status=201),
    )
    def post(self, request: Request, letter_id: UUID) -> Response:
        """Split a letter that holds several matters; its number stays one."""
        actor = caller(request)
        letter = get_letter(actor, letter_id)
        parts = [
            giving.Target(
                department_by_code(part["department"]), matter=part["matter"], note=part["note"]
            )
            for part in checked(SplitIn, request)["parts"]
        ]
        return _answer(giving.split(letter, parts, actor=actor))


class InChargeView(AssignmentVerb):
    """Person in charge of an assignment."""

    @extend_schema(
        operation_id="put_in_charge",
        request=InChargeIn,
        responses=responses(answers.AssignmentOut, 400, 403, 404, 409),
    )
    def put(self, request: Request, assignment_id: UUID) -> Response:
        """Name the person of the department who is in charge, as its head."""

        def verb(row: Assignment, *, actor: User) -> Assignment:
            name = checked(InChargeIn, request)["person"]
            person = person_by_name(name)
            if person is None:
                raise no_such_code("person", name)
            return routing_assignments.put_in_charge(row, actor=actor, person=person)

        return self.do(request, assignment_id, verb)


def _target(given: dict[str, Any]) -> giving.Target:
    return giving.Target(
        department_by_code(given["department"]),
        role=given["role"],
        person=person_by_name(given["person"]),
        note=given["note"],
    )


def _answer(rows: list[Assignment]) -> Response:
    return shown(GivenOut, {"assignments": rows}, status=201)
