"""The organisation over the API: codes of departments, kinds and registers; and people."""

from django.db.models import Prefetch
from rest_framework import serializers
from rest_framework.request import Request

from identity.staff import find_people
from org.models import Department, LetterKind, Membership, User
from web.api.access import ReadsOrganisation
from web.api.listing import Given, Listed, Rows, both_ways, lists
from web.api.shape import PageShape, Shape
from web.api.view import ApiView


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
        source="parent.code", allow_null=True, help_text="Code of the one it belongs to."
    )
    head_office = serializers.BooleanField(help_text="Whether it is the registry office.")
    active = serializers.BooleanField()
    heir = serializers.CharField(source="heir.code", allow_null=True)


class DepartmentsOut(PageShape):
    """Departments by code. `next_cursor` is empty on the last page."""

    departments = DepartmentOut(source="rows", many=True)


class KindOut(NamesOut):
    """A kind of letter."""

    active = serializers.BooleanField()


class KindsOut(PageShape):
    """Kinds of letters by code. `next_cursor` is empty on the last page."""

    kinds = KindOut(source="rows", many=True)


class PersonOut(Shape):
    """A person of the office; `departments` maps codes to member or head."""

    username = serializers.CharField()
    name = serializers.CharField(source="get_full_name")
    name_ar = serializers.CharField()
    function = serializers.CharField()
    duty = serializers.CharField()
    departments = serializers.DictField(child=serializers.CharField())
    active = serializers.BooleanField(source="is_active")

    def show_departments(self, person: User) -> dict[str, str]:
        """Return the codes of their departments, each with their role there."""
        return {m.department.code: m.role for m in person.memberships.all()}


class PeopleOut(PageShape):
    """People by user name. `next_cursor` is empty on the last page."""

    people = PersonOut(source="rows", many=True)


class OrganisationView(ApiView):
    """A list of the organisation, which all people of the office read."""

    permission_classes = [ReadsOrganisation]


def in_use(rows: Rows, given: Given) -> Rows:
    """Return the rows that are in use; all of them where that is asked."""
    return rows if given["inactive"] else rows.filter(active=True)


class DepartmentsView(OrganisationView):
    """Departments."""

    @lists("list_departments", ListAsked, DepartmentsOut, 403)
    def get(self, _request: Request, given: Given) -> Rows:
        """List departments with the one each belongs to."""
        return in_use(Department.objects.select_related("parent", "heir"), given)


class KindsView(OrganisationView):
    """Kinds of letters."""

    @lists("list_kinds", ListAsked, KindsOut, 403)
    def get(self, _request: Request, given: Given) -> Rows:
        """List kinds of letters."""
        return in_use(LetterKind.objects.all(), given)


class PeopleView(OrganisationView):
    """People."""

    @lists("list_people", PeopleAsked, PeopleOut, 403)
    def get(self, _request: Request, given: Given) -> Rows:
        """List people by whom letters can be handled, without their addresses."""
        rows = find_people(given.get("q", ""))
        if given["inactive"]:
            rows = rows | find_people(given.get("q", ""), active=False)
        held = Prefetch("memberships", Membership.objects.select_related("department"))
        return rows.prefetch_related(None).prefetch_related(held)
