"""Assignments over the API: a list of them, for whoever follows the work of departments."""

from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from org.models import User
from registry.access import reads_letter
from registry.models.letters import Channel
from routing.inbox.narrowing import (
    NOBODY,
    SPANS,
    Narrowing,
    due_day,
    names_sender,
    narrow,
    sender_name,
)
from routing.models.assignments import Assignment
from routing.models.states import LIVE, AssignmentState
from web.api.access import caller
from web.api.letter_parts import AssignmentOut
from web.api.listing import Given, Listed, Rows, both_ways, changed_since, lists, with_events_since
from web.api.shape import PageShape
from web.api.view import ApiView

WAITING: Final = "Needs `state`: open or accepted."


class AssignmentsAsked(Listed):
    """The filter and page of a list of assignments; what is not given does not narrow.

    The orders `due_on` and `sender` need `state`: open or accepted. What has no due day, or a
    sender without a name, is last in them, and first backwards.
    """

    ORDERS = {
        **both_ways("-assigned_at", "-assigned_at", "-id"),
        **both_ways("due_on", "day", "id"),
        **both_ways("sender", "sender_name", "id"),
    }

    department = serializers.CharField(required=False, help_text="Code.")
    person = serializers.CharField(required=False, help_text="User name of who is in charge.")
    state = serializers.ChoiceField(AssignmentState.choices, required=False)
    role = serializers.ChoiceField(Assignment.Role.choices, required=False)
    changed_since = changed_since()
    kind = serializers.CharField(required=False, help_text=f"Code of the letter's. {WAITING}")
    channel = serializers.ChoiceField(
        Channel.choices, required=False, help_text=f"The letter's. {WAITING}"
    )
    sender = serializers.CharField(
        required=False,
        max_length=100,
        help_text="Words of the sender's name, two letters at least, in any spelling. "
        f"{WAITING} Counts as heavy.",
    )
    since = serializers.DateField(
        required=False, help_text=f"The letter was received on this day or later. {WAITING}"
    )
    until = serializers.DateField(
        required=False, help_text=f"The letter was received on this day or before. {WAITING}"
    )
    due = serializers.ChoiceField(
        SPANS,
        required=False,
        help_text=f"Overdue, due today, or due from today to this Sunday. {WAITING}",
    )
    urgent = serializers.BooleanField(
        required=False, default=False, help_text=f"The letter says that it is urgent. {WAITING}"
    )
    unassigned = serializers.BooleanField(
        required=False, default=False, help_text=f"Nobody is in charge yet. {WAITING}"
    )

    def validate_sender(self, words: str) -> str:
        """Refuse what nearly every sender has in the name."""
        if not names_sender(words):
            raise ValidationError(_("Give at least two letters of the sender's name."))
        return words

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Refuse what would go through everything that was ever settled."""
        ordered = given["order"].removeprefix("-") != "assigned_at"
        if given.get("state") not in LIVE and (ordered or any(map(given.get, _NARROWS))):
            raise ValidationError(
                {"state": [_("Only open or accepted work is narrowed and ordered so.")]}
            )
        return given


class AssignmentPage(PageShape):
    """Assignments. `next_cursor` is empty on the last page."""

    assignments = AssignmentOut(source="rows", many=True)


_NARROWS = ("kind", "channel", "sender", "since", "until", "due", "urgent", "unassigned")
_FILTERS = {
    "department": "department__code",
    "person": "person__username",
    "state": "state",
    "role": "role",
}


class AssignmentsView(ApiView):
    """Assignments of letters."""

    def is_heavy(self, request: Request) -> bool:
        """Return whether senders are compared: all of those who wait, for each page again."""
        return "sender" in request.query_params

    @lists("list_assignments", AssignmentsAsked, AssignmentPage)
    def get(self, request: Request, given: Given) -> Rows:
        """List the assignments of letters that the caller may read, the newest first."""
        rows = _readable(caller(request))
        rows = rows.filter(**{_FILTERS[name]: given[name] for name in _FILTERS if name in given})
        if "changed_since" in given:
            rows = rows.filter(letter__in=with_events_since(given["changed_since"]))
        narrowed = {name: given[name] for name in _NARROWS if name in given}
        nobody = NOBODY if narrowed.pop("unassigned") else None
        rows = narrow(rows, Narrowing(**narrowed, person=nobody))
        if given["order"].endswith("due_on"):
            return rows.annotate(day=due_day())
        if given["order"].endswith("sender"):
            return rows.annotate(sender_name=sender_name("letter"))
        return rows


def _readable(viewer: User) -> "QuerySet[Assignment]":
    rows = Assignment.objects.filter(reads_letter(viewer))
    return rows.select_related("department", "person")
