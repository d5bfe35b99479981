"""In which roles somebody stands to a request; actions name the roles that may take them."""

from dataclasses import dataclass
from typing import Final

from django.apps import apps

from eservices.people.mandates import live
from eservices.people.models import Mandate, Person
from eservices.requests.access import is_centre, is_citizen_of
from eservices.requests.models import Request
from org.models import User
from org.people import Permissions, permissions_of
from registry.models.letters import Letter
from routing.models.assignments import Assignment
from routing.models.states import LIVE

SYSTEM: Final = frozenset({"system"})
CITIZEN: Final = frozenset({"citizen"})


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts: a member of the staff, a person, whoever has number and code, or the program."""

    actor: User | None = None
    person: Person | None = None
    letter_code: bool = False
    system: bool = False

    @property
    def citizen(self) -> bool:
        """Whether it is the citizen's side that acts."""
        return self.actor is None and not self.system


def roles_of(request: Request, who: Who) -> frozenset[str]:
    """Return the roles; none for who may not even see the request."""
    if who.system:
        return SYSTEM
    if who.actor:
        return _staff_roles(request, who.actor)
    if who.person and is_citizen_of(who.person, request):
        return CITIZEN
    return CITIZEN if who.letter_code and _holds_by_code(request) else frozenset()


def _holds_by_code(request: Request) -> bool:
    """Return whether number and code are enough to act: not once the agent's mandate has ended.

    The agent who sent the request keeps its code; the principal acts from their space.
    """
    if request.mandate_id is None:
        return True
    return Mandate.objects.filter(live(), pk=request.mandate_id).exists()


def _staff_roles(request: Request, actor: User) -> frozenset[str]:
    if not Letter.objects.visible_to(actor).filter(pk=request.letter_id).exists():
        return frozenset()
    permissions = permissions_of(actor)
    found = _department_roles(request, permissions)
    if permissions.is_office:
        found.add("office")
    if permissions.duty == User.Duty.DIRECTOR:
        found |= {"office", "head"}
    if is_centre(actor):
        found.add("centre")
    if _in_team(request, actor, permissions):
        found.add("team")
    return frozenset(found)


def departments_on(request: Request) -> set[str]:
    """Return the codes of the responsible department and of those that have the letter now."""
    live = Assignment.objects.filter(letter=request.letter_id, state__in=LIVE, role="action")
    codes = set(live.values_list("department__code", flat=True))
    responsible = request.letter.department
    return codes | ({responsible.code} if responsible else set())


def _department_roles(request: Request, permissions: Permissions) -> set[str]:
    if not permissions.departments:
        return set()
    theirs = departments_on(request) & set(permissions.departments)
    found = {"department"} if theirs else set()
    return found | ({"head"} if "head" in {permissions.departments[c] for c in theirs} else set())


def _in_team(request: Request, actor: User, permissions: Permissions) -> bool:
    """Return whether the actor is of a field team that has an order of this request."""
    orders = apps.get_model("relations", "WorkOrder").objects
    return bool(orders.filter(request=request.pk, team__members=actor).exists())
