"""A department is closed: what it has, counted beforehand; and all of it given to its heir.

Packages above this one register what they keep for departments when the program starts
(`AppConfig.ready`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from correspondence.forms.changing import give_templates, templates_of
from correspondence.kinds import OutgoingJob
from correspondence.replies.succession import circuits_of, give_circuits
from identity.staff import recorded_moves
from jobs.outbox import enqueue
from org import units
from org.models import Department, OrgChange, User
from routing.assigning.succession import hand_over_all, live_of
from routing.rules import succession as rules


@dataclass(frozen=True, slots=True)
class Holding:
    """One sort of things that departments have: its name, what pages call it, those of one.

    `give` gives those of a department to its heir, with their history, in the transaction that
    closes it; None for what `close_department` gives by itself.
    """

    name: str
    label: str | Promise
    rows: Callable[[Department], QuerySet[Any]]
    give: Callable[[Department, Department, User], None] | None = None


_HOLDINGS: Final = [
    Holding("letters", _("Open letters"), live_of),
    Holding("people", _("People"), units.members_of),
    Holding("below", _("Departments below it"), units.below),
    Holding("rules", _("Rules"), rules.rules_naming, rules.give_rules),
    Holding("terms", _("Terms"), rules.terms_of, rules.give_terms),
    Holding("lists", _("Distribution lists"), rules.lists_with, rules.give_lists),
    Holding("circuits", _("Circuits"), circuits_of, give_circuits),
    Holding("templates", _("Templates"), templates_of, give_templates),
]


def add_holding(holding: Holding) -> None:
    """Have what another package keeps for departments counted, and given to the heir of one."""
    _HOLDINGS.append(holding)


def foresee_closing(department: Department) -> dict[str, tuple[str, int]]:
    """Return what the heir would get, by its name: (label, how many); nothing is changed."""
    return {one.name: (str(one.label), one.rows(department).count()) for one in _HOLDINGS}


def close_department(department: Department, *, heir: Department, actor: User) -> None:
    """Close a department and give what it has to its heir; its letters follow by a job.

    Raise org.errors.BadOrganisationError where either is closed, or both are the same.
    """
    with transaction.atomic():
        units.need_heir(department, heir)
        for holding in _HOLDINGS:
            if holding.give:
                holding.give(department, heir, actor)
        moved = list(User.objects.filter(memberships__department=department).order_by("pk"))
        with recorded_moves(moved, actor=actor):
            units.close(department, heir=heir, actor=actor)
        enqueue(OutgoingJob.DEPARTMENT_HAND_OVER, department.pk)


def hand_over_work(department_id: str, progress: Any) -> tuple[int, int]:
    """Give the letters of a closed department to its heir, in the name of who closed it."""
    department = Department.objects.select_related("heir").get(pk=int(department_id))
    changes = OrgChange.objects.filter(noun=OrgChange.Noun.DEPARTMENT, key=department.code)
    closed = changes.filter(action="closed").select_related("actor").first()
    return hand_over_all(department, actor=closed.actor if closed else None, progress=progress)
