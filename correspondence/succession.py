"""A department is closed: what it has, counted beforehand; and all of it given to its heir."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from correspondence.kinds import OutgoingJob
from correspondence.models.forms import ReplyTemplate
from correspondence.models.steps import Circuit, CircuitStep
from identity.staff import recorded_moves
from jobs.outbox import enqueue
from org import units
from org.models import Department, OrgChange, User
from routing.assigning.succession import hand_over_all, live_of
from routing.rules import succession as rules


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a department has, and its heir would get."""

    letters: int
    people: int
    below: int
    rules: int
    terms: int
    lists: int
    circuits: int
    templates: int


def foresee_closing(department: Department) -> Foreseen:
    """Count what would be reassigned, without changing anything."""
    return Foreseen(
        letters=live_of(department).count(),
        people=department.memberships.count(),
        below=Department.objects.filter(parent=department, active=True).count(),
        rules=len(rules.rules_naming(department)),
        terms=rules.terms_of(department).filter(active=True).count(),
        lists=rules.entries_of(department).count(),
        circuits=Circuit.objects.filter(department=department).count()
        + CircuitStep.objects.filter(department=department).count(),
        templates=ReplyTemplate.objects.filter(department=department, retired_at=None).count(),
    )


def close_department(department: Department, *, heir: Department, actor: User) -> None:
    """Close a department and give what it has to its heir; its letters follow by a job.

    Raise org.errors.BadOrganisationError where either is closed, or both are the same.
    """
    with transaction.atomic():
        if department.active and heir.active and department.pk != heir.pk:
            rules.give_rules(department, heir=heir, actor=actor)
        moved = list(User.objects.filter(memberships__department=department).order_by("pk"))
        with recorded_moves(moved, actor=actor):
            units.close(department, heir=heir, actor=actor)
        Circuit.objects.filter(department=department).update(department=heir)
        CircuitStep.objects.filter(department=department).update(department=heir)
        ReplyTemplate.objects.filter(department=department).update(department=heir)
        enqueue(OutgoingJob.DEPARTMENT_HAND_OVER, department.pk)


def hand_over_work(department_id: str, progress: Any) -> tuple[int, int]:
    """Give the letters of a closed department to its heir, in the name of who closed it."""
    department = Department.objects.select_related("heir").get(pk=int(department_id))
    changes = OrgChange.objects.filter(noun=OrgChange.Noun.DEPARTMENT, key=department.code)
    closed = changes.filter(action="closed").select_related("actor").first()
    return hand_over_all(department, actor=closed.actor if closed else None, progress=progress)
