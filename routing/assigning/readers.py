"""Which departments read a letter, and which one is responsible, as assignments come and go."""

from typing import Any

from django.db.models import Model

from org.models import Department
from registry.models.letters import Letter
from registry.models.readers import DepartmentReader
from routing.models.assignments import Assignment
from routing.models.opinions import Opinion
from routing.models.states import LIVE, AssignmentState, OpinionState


def live_actions(letter: Letter) -> Any:
    """Return the assignments for action that are not settled, in their order."""
    return Assignment.objects.filter(
        letter=letter, role=Assignment.Role.ACTION, state__in=LIVE
    ).order_by("assigned_at")


def responsible(letter: Letter, newcomer: Department) -> dict[str, Any]:
    """Return the letter's responsible unit: that of its first live action."""
    first = live_actions(letter).select_related("department").first()
    return {"department": first.department if first else newcomer}


def grant_read_access(letter: Letter, department: Department) -> list[Model]:
    """Address the letter to the department and return the rows that were written."""
    reader, created = DepartmentReader.objects.get_or_create(
        letter=letter, department=department, heads=False
    )
    if not created and not reader.active:
        reader.active = True
        reader.save(update_fields=["active"])
    return [reader]


def revoke_read_access(letter: Letter, department: Department) -> list[Model]:
    """End the department's read access and return the rows that were written.

    Access stays while another assignment of the department stands (live, or signed off: its people
    may consult what they settled), and while the department is to give an opinion or has given one.
    """
    assigned = Assignment.objects.filter(
        letter=letter, department=department, state__in=[*LIVE, AssignmentState.SIGNED_OFF]
    )
    asked = Opinion.objects.filter(
        letter=letter, department=department, state__in=[OpinionState.OPEN, OpinionState.GIVEN]
    )
    if assigned.exists() or asked.exists():
        return []
    rows: list[Model] = []
    for reader in DepartmentReader.objects.filter(
        letter=letter, department=department, heads=False
    ):
        reader.active = False
        reader.save(update_fields=["active"])
        rows.append(reader)
    return rows


def leave(letter: Letter, department: Department) -> tuple[list[Model], dict[str, Any]]:
    """Apply the removal of an assignment; return the rows written and the columns to change."""
    rows = revoke_read_access(letter, department)
    first = live_actions(letter).select_related("department").first()
    return rows, {"department": first.department if first else None}
