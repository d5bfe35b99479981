"""Facts about a person and a letter, read once, on which every right to the letter depends."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from django.contrib.auth.models import AnonymousUser

from org.models import User
from org.people import Permissions, permissions_of
from registry.models.letters import Letter
from registry.models.registers import Register
from registry.states import Stage
from routing.models.assignments import Assignment
from routing.models.states import LIVE, AssignmentState

ROUTED = (Register.Direction.INCOMING, Register.Direction.INTERNAL)
Viewer = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Situation:
    """A person and a letter, with the facts read once to decide every right."""

    permissions: Permissions
    letter: Letter
    assignments: tuple[Assignment, ...]

    @property
    def mine(self) -> tuple[Assignment, ...]:
        """Live assignments of the person's departments."""
        codes = self.permissions.departments
        return tuple(a for a in self.assignments if a.state in LIVE and a.department.code in codes)

    @property
    def in_hand(self) -> tuple[Assignment, ...]:
        """Those of them that are for action and were accepted."""
        accepted = AssignmentState.ACCEPTED
        return tuple(a for a in self.mine if a.role == "action" and a.state == accepted)

    @property
    def routed(self) -> bool:
        """Whether departments answer this letter (not an outgoing one)."""
        return self.letter.stage != Stage.VOIDED and self.letter.register.direction in ROUTED

    @property
    def may_route(self) -> bool:
        """Whether the person belongs to the office or is the director."""
        return self.permissions.is_office or self.permissions.duty == User.Duty.DIRECTOR

    def behalf(self, allowed: "Callable[[Self], bool]", code: str = "") -> dict[str, int]:
        """Return what an event records about whom the person acts for.

        It is {} where the person has the right themselves, else {"for": user id} of the absent
        person whose role gives it, in the department `code` where one is named.
        """
        if allowed(replace(self, permissions=self.permissions.own)):
            return {}
        codes = [code] if code else [a.department.code for a in self.mine]
        return next(
            (
                {"for": lent.person_id}
                for c in codes
                if (lent := self.permissions.delegations.get(c))
            ),
            {},
        )


def situation_of(viewer: Viewer, letter: Letter) -> Situation | None:
    """Return what this person's rights depend on; None where they may not even read the letter."""
    if not isinstance(viewer, User):
        return None
    if not Letter.objects.visible_to(viewer).filter(pk=letter.pk).exists():
        return None
    assignments = Assignment.objects.filter(letter=letter).select_related("department")
    return Situation(permissions_of(viewer), letter, tuple(assignments))
