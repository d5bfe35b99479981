"""Orders on many letters: what a person asks for, and what takes an order back."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobs.outbox import enqueue
from language.lines import one_line
from org.models import Department, User
from registry.states import ConflictError, Stage
from routing.acting.errors import NotAllowedError
from routing.assigning.lists import targets_of
from routing.kinds import RoutingJob
from routing.models.assignments import Assignment
from routing.models.states import LIVE
from routing.models.together import BulkLine, BulkOrder

MOST: Final = 2000
KEPT: Final = timedelta(days=90)
Deed = BulkOrder.Deed
# Which action takes back what another has done.
_BACK: Final = {Deed.ASSIGN: Deed.MOVE, Deed.MOVE: Deed.MOVE, Deed.NOTED: Deed.REOPEN}


def order_many(
    rows: Sequence[tuple[UUID, UUID | None]],
    *,
    actor: User,
    deed: str,
    department: Department | None = None,
    by_list: int = 0,
    reason: str = "",
    takes_back: BulkOrder | None = None,
) -> BulkOrder:
    """Queue the action for 1 to 2,000 letters, each with the assignment that it is done on.

    The right to it is checked letter by letter when it is done. Raise NotAllowedError for none or
    too many, and where the action lacks its department, list or reason.
    """
    if not 1 <= len(rows) <= MOST:
        raise NotAllowedError(_("Choose from one to 2,000 letters."))
    given = _given(deed, department=department, by_list=by_list, reason=one_line(reason))
    now = timezone.now()
    with transaction.atomic():
        BulkOrder.objects.filter(asked_at__lt=now - KEPT).delete()
        order = BulkOrder.objects.create(
            deed=deed, given=given, asked_by=actor, asked_at=now, takes_back=takes_back
        )
        BulkLine.objects.bulk_create(
            (BulkLine(order=order, letter_id=letter, assignment_id=row) for letter, row in rows),
            batch_size=500,
        )
        enqueue(RoutingJob.LETTERS_TOGETHER, order.pk)
    return order


def _given(
    deed: str, *, department: Department | None, by_list: int, reason: str
) -> dict[str, str | int]:
    """Return what the action needs besides the letters; raise NotAllowedError without it."""
    if deed == Deed.ASSIGN and by_list:
        targets_of(by_list)
        return {"list": by_list}
    if deed in (Deed.ASSIGN, Deed.MOVE) and department is None:
        raise NotAllowedError(_("Choose a department."))
    if deed in (Deed.MOVE, Deed.REOPEN) and not reason:
        raise NotAllowedError(_("Give a reason."))
    named = {"department": department.code} if department else {}
    return {**named, **({"reason": reason} if reason else {})}


def orders_of(viewer: User) -> QuerySet[BulkOrder]:
    """Return the orders that this person has given."""
    return BulkOrder.objects.filter(asked_by=viewer)


def way_back(order: BulkOrder) -> str:
    """Return the action that takes this order back, "" where none does or it is under way."""
    if order.finished_at is None or "list" in order.given:
        return ""
    return str(_BACK.get(Deed(order.deed), ""))


def lines_to_take_back(order: BulkOrder) -> QuerySet[BulkLine]:
    """Return the lines that the way back would still find as the order left them."""
    rows = order.lines.filter(state=BulkLine.State.DONE)
    if way_back(order) == Deed.MOVE:
        return rows.filter(assignment__state__in=LIVE)
    if way_back(order) == Deed.REOPEN:
        return rows.filter(letter__stage=Stage.CLOSED, assignment__role=Assignment.Role.ACTION)
    return rows.none()


def take_back(
    order: BulkOrder, *, actor: User, reason: str, department: Department | None = None
) -> BulkOrder:
    """Order what takes this order back: another department, or reopening.

    Raise ConflictError where nothing is left to take back, and NotAllowedError as `order_many`.
    """
    rows = list(lines_to_take_back(order).order_by("pk").values_list("letter_id", "assignment_id"))
    if not rows:
        raise ConflictError
    return order_many(
        list(dict.fromkeys(rows)),
        actor=actor,
        deed=way_back(order),
        department=department,
        reason=reason,
        takes_back=order,
    )
