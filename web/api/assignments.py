"""Assignments over the API: a list of them, for whoever follows the work of departments."""

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from org.models import User
from registry.access import reads_letter
from routing.models.assignments import Assignment
from routing.models.states import AssignmentState
from web.api.access import caller
from web.api.letter_parts import AssignmentOut
from web.api.listing import Given, Listed, Rows, both_ways, changed_since, lists, with_events_since
from web.api.shape import PageShape
from web.api.view import ApiView


class AssignmentsAsked(Listed):
    """The filter and page of a list of assignments; what is not given does not narrow."""

    ORDERS = both_ways("-assigned_at", "-assigned_at", "-id")

    department = serializers.CharField(required=False, help_text="Code.")
    person = serializers.CharField(required=False, help_text="User name of who is in charge.")
    state = serializers.ChoiceField(AssignmentState.choices, required=False)
    role = serializers.ChoiceField(Assignment.Role.choices, required=False)
    changed_since = changed_since()


class AssignmentPage(PageShape):
    """Assignments. `next_cursor` is empty on the last page."""

    assignments = AssignmentOut(source="rows", many=True)


_FILTERS = {
    "department": "department__code",
    "person": "person__username",
    "state": "state",
    "role": "role",
}


class AssignmentsView(ApiView):
    """Assignments of letters."""

    @lists("list_assignments", AssignmentsAsked, AssignmentPage)
    def get(self, request: Request, given: Given) -> Rows:
        """List the assignments of letters that the caller may read, the newest first."""
        rows = _readable(caller(request))
        rows = rows.filter(**{_FILTERS[name]: given[name] for name in _FILTERS if name in given})
        if "changed_since" in given:
            rows = rows.filter(letter__in=with_events_since(given["changed_since"]))
        return rows


def _readable(viewer: User) -> "QuerySet[Assignment]":
    rows = Assignment.objects.filter(reads_letter(viewer))
    return rows.select_related("department", "person")
