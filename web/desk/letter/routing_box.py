"""The routing box of a letter's page: its assignments with the user's actions, people, lists."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from org.models import Absence, Membership, User
from org.people import absences_on
from routing.acting.access import verbs_on
from routing.acting.situations import Situation
from routing.assigning import lists
from routing.models.assignments import Assignment


@dataclass(frozen=True, slots=True)
class Given:
    """An assignment with the user's actions on it, and the people of its department.

    `people` may be put in charge of it; `away` is the absence of the person in charge.
    """

    row: Assignment
    verbs: Set[str]
    people: list[User] = field(default_factory=list)
    away: Absence | None = None


def routing_box(rows: Sequence[Assignment], now: Situation | None, can: Set[str]) -> dict[str, Any]:
    """Return the assignments (`rows`) and distribution lists, in four queries at most."""
    verbs = {row.pk: verbs_on(now, row) if now and now.routed else set() for row in rows}
    people = _people(row for row in rows if "put_in_charge" in verbs[row.pk])
    away = _away(row.person_id for row in rows)
    return {
        "assignments": [
            Given(row, verbs[row.pk], people.get(row.department_id, []), away.get(row.person_id))
            for row in rows
        ],
        "lists": list(lists.lists_in_use()) if "assign" in can else [],
        "parts": range(3),
    }


def _people(rows: Iterable[Assignment]) -> dict[int, list[User]]:
    """Map departments to their members."""
    units = {row.department_id for row in rows}
    found: dict[int, list[User]] = {}
    if units:
        members = Membership.objects.filter(department__in=units, user__is_active=True)
        for one in members.select_related("user").order_by("user__last_name", "user__pk")[:500]:
            found.setdefault(one.department_id, []).append(one.user)
    return found


def _away(ids: Iterable[int | None]) -> dict[int | None, Absence]:
    people = {pk for pk in ids if pk}
    if not people:
        return {}
    rows = absences_on(timezone.localdate()).filter(person__in=people)
    return {row.person_id: row for row in rows.select_related("delegate")}
