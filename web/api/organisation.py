"""The organisation over the API: codes of departments, kinds and registers; and people."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from identity.staff import find_people
from org.models import Department, LetterKind, Membership, User
from web.api.access import ReadsOrganisation
from web.api.listing import Listed, both_ways, listed
from web.api.shape import Shape
from web.api.view import ApiView, responses, validated_query


class ListAsked(Listed):
    """A page of a list; `inactive` shows what is closed or out of use too."""

    ORDERS = both_ways("code", "code")

    inactive = serializers.BooleanField(required=False, default=False)


class PeopleAsked(ListAsked):
    """A page of people; `q` are words of their names, function or department."""

    ORDERS = both_ways("username", "username")

    q = serializers.CharField(required=False, max_length=200)


class NamesOut(Shape):
    """A code with its names."""

    code = serializers.CharField()
    name_ar = serializers.CharField()
    name_fr = serializers.CharField()
    name_en = serializers.CharField()


class DepartmentOut(NamesOut):
    """A department. A closed one is not `active`; its `heir` got what it had."""

    parent = serializers.CharField(  # type: ignore[assignment]
        allow_null=True, help_text="Code of the one it belongs to."
    )
    head_office = serializers.BooleanField(help_text="Whether it is the registry office.")
    active = serializers.BooleanField()
    heir = serializers.CharField(allow_null=True)


class DepartmentsOut(Shape):
    """Departments by code. `next_cursor` is empty on the last page."""

    departments = DepartmentOut(many=True)
    next_cursor = serializers.CharField()


class KindOut(NamesOut):
    """A kind of letter."""

    active = serializers.BooleanField()


class KindsOut(Shape):
    """Kinds of letters by code. `next_cursor` is empty on the last page."""

    kinds = KindOut(many=True)
    next_cursor = serializers.CharField()


class PersonOut(Shape):
    """A person of the office; `departments` maps codes to member or head."""

    username = serializers.CharField()
    name = serializers.CharField()
    name_ar = serializers.CharField()
    function = serializers.CharField()
    duty = serializers.CharField()
    departments = serializers.DictField(child=serializers.CharField())
    active = serializers.BooleanField()


class PeopleOut(Shape):
    """People by user name. `next_cursor` is empty on the last page."""

    people = PersonOut(many=True)
    next_cursor = serializers.CharField()


def _names(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("code", "name_ar", "name_fr", "name_en")}


def code_of(row: Any) -> str | None:
    return str(row.code) if row else None


class OrganisationView(ApiView):
    """A list of the organisation, a page at a time."""

    permission_classes = [ReadsOrganisation]

    asked: type[ListAsked] = ListAsked

    def answer(self, rows: "QuerySet[Any]", given: dict[str, Any], *, name: str) -> Response:
        """Return a page of the rows under their name."""
        page = listed(rows, self.asked, given)
        shown = [self.shown(row) for row in page.rows]
        return Response({name: shown, "next_cursor": page.next_cursor})

    def shown(self, row: Any) -> dict[str, Any]:
        """Return a row as plain values."""
        raise NotImplementedError


class DepartmentsView(OrganisationView):
    """Departments."""

    @extend_schema(
        operation_id="list_departments",
        parameters=[ListAsked],
        responses=responses(DepartmentsOut, 400, 403),
    )
    def get(self, request: Request) -> Response:
        """List departments with the one each belongs to."""
        given = validated_query(ListAsked, request)
        rows = Department.objects.select_related("parent", "heir")
        rows = rows if given["inactive"] else rows.filter(active=True)
        return self.answer(rows, given, name="departments")

    def shown(self, row: Department) -> dict[str, Any]:
        """Return a department as plain values."""
        return {
            **_names(row),
            "parent": code_of(row.parent),
            "head_office": row.head_office,
            "active": row.active,
            "heir": code_of(row.heir),
        }


class KindsView(OrganisationView):
    """Kinds of letters."""

    @extend_schema(
        operation_id="list_kinds",
        parameters=[ListAsked],
        responses=responses(KindsOut, 400, 403),
    )
    def get(self, request: Request) -> Response:
        """List kinds of letters."""
        given = validated_query(ListAsked, request)
        rows = LetterKind.objects.all()
        rows = rows if given["inactive"] else rows.filter(active=True)
        return self.answer(rows, given, name="kinds")

    def shown(self, row: LetterKind) -> dict[str, Any]:
        """Return a kind as plain values."""
        return {**_names(row), "active": row.active}


class PeopleView(OrganisationView):
    """People."""

    asked = PeopleAsked

    @extend_schema(
        operation_id="list_people",
        parameters=[PeopleAsked],
        responses=responses(PeopleOut, 400, 403),
    )
    def get(self, request: Request) -> Response:
        """List people by whom letters can be handled, without their addresses."""
        given = validated_query(PeopleAsked, request)
        rows = find_people(given.get("q", ""))
        if given["inactive"]:
            rows = rows | find_people(given.get("q", ""), active=False)
        held = Prefetch("memberships", Membership.objects.select_related("department"))
        rows = rows.prefetch_related(None).prefetch_related(held)
        return self.answer(rows, given, name="people")

    def shown(self, row: User) -> dict[str, Any]:
        """Return a person as plain values."""
        return {
            "username": row.username,
            "name": row.get_full_name(),
            "name_ar": row.name_ar,
            "function": row.function,
            "duty": row.duty,
            "departments": {m.department.code: m.role for m in row.memberships.all()},
            "active": row.is_active,
        }
