"""Letters of a closed department: each live assignment goes to its heir."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from org.models import Department, User
from registry.changes import lock, record_change
from registry.states import ConflictError, move
from routing.acting.errors import NotAllowedError
from routing.acting.sign_off_checks import refuse_sign_off
from routing.assigning.giving import give
from routing.assigning.readers import leave
from routing.kinds import RoutingEvent
from routing.models.assignments import Assignment
from routing.models.states import ASSIGNMENT_MOVES, LIVE, AssignmentState


def live_of(department: Department) -> "QuerySet[Assignment]":
    """Return what a department has open or accepted, copies included."""
    return Assignment.objects.filter(department=department, state__in=LIVE)


def hand_over_all(
    department: Department,
    *,
    actor: User | None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[int, int]:
    """Give all live assignments of a closed department to its heir; return (given, left).

    One short transaction a letter. Left are those whose reply is on its way out: the heir's people
    finish them in the name of the closed department.
    """
    heir = department.heir
    if heir is None:
        return 0, 0
    ids = list(live_of(department).order_by("pk").values_list("pk", flat=True))
    given = 0
    for done, pk in enumerate(ids, start=1):
        given += _hand_over(pk, heir, actor)
        if progress:
            progress(done, len(ids))
    return given, len(ids) - given


def _hand_over(assignment_id: Any, heir: Department, actor: User | None) -> bool:
    try:
        with transaction.atomic():
            row = Assignment.objects.select_related("letter", "department").get(pk=assignment_id)
            letter = row.letter
            lock(letter)
            row.refresh_from_db()
            row.letter = letter
            if row.state not in LIVE:
                return False
            refuse_sign_off(row)
            _go(row, heir, actor)
    except (NotAllowedError, ConflictError):
        return False
    return True


def _go(row: Assignment, heir: Department, actor: User | None) -> None:
    letter, reason = row.letter, _("The department was closed.")
    move(
        row,
        AssignmentState.TRANSFERRED,
        moves=ASSIGNMENT_MOVES,
        reason=reason,
        decided_at=timezone.now(),
    )
    rows, changes = leave(letter, row.department)
    record_change(
        letter,
        RoutingEvent.TRANSFERRED,
        actor=actor,
        data={"department": row.department.code, "to": heir.code, "reason": reason},
        rows=[row, *rows],
        changes=changes,
    )
    if not live_of(heir).filter(letter=letter, role=row.role).exists():
        give(
            letter,
            department=heir,
            actor=actor,
            role=row.role,
            note=row.note,
            matter=row.matter,
            data={"from": row.department.code},
        )
