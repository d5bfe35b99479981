"""What the tray and the inbox find: their address read, and the letters that pass its filters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from registry.models.querysets import LetterQuerySet
from routing.inbox import reading as routing_reading
from routing.inbox.narrowing import ORDERS, TRAY_ORDERS, narrow_tray
from routing.models.assignments import Assignment
from routing.models.states import LIVE, AssignmentState
from web.desk.narrowing import WorkList, colleagues_of, departments_of, list_of
from web.shared.guard import StaffRequest

SHOWN: Final = (
    ("", _("To do")),
    ("open", _("To accept")),
    ("accepted", _("In hand")),
    ("late", _("Overdue")),
    ("done", _("Signed off")),
)
SIGNED_OFF: Final = {"newest": ("-signed_off_at", "-pk"), "oldest": ("signed_off_at", "pk")}


@dataclass(frozen=True, slots=True)
class InTray:
    """The letters of the tray as its address narrows them; `refused`: those sent back alone."""

    work: WorkList
    refused: bool
    keys: LetterQuerySet


@dataclass(frozen=True, slots=True)
class InInbox:
    """The assignments of the inbox as its address narrows them, in the order of these columns."""

    work: WorkList
    shown: str
    parts: routing_reading.Parts[Assignment]
    order: Sequence[str]

    def rows(self, *, to_accept: bool, most: int) -> list[tuple[UUID, UUID]]:
        """Return letter and assignment of those found; `to_accept`: that wait to be accepted."""
        found = []
        for part in (*self.parts.first, *self.parts.later):
            if to_accept:
                part = part.filter(state=AssignmentState.OPEN, role=Assignment.Role.ACTION)
            plain = part.select_related(None).prefetch_related(None)
            found.append(plain.order_by(*self.order).values_list("letter_id", "pk")[:most])
        return list(islice(chain.from_iterable(found), most))


def in_tray(request: StaffRequest) -> InTray:
    """Return what the tray's address finds."""
    refused = bool(request.GET.get("refused"))
    work = list_of(request.GET, orders=TRAY_ORDERS, kept={"refused": "1"} if refused else {})
    keys = narrow_tray(routing_reading.tray_keys(request.user), work.asked)
    if refused:
        keys = keys.filter(Exists(refusals().filter(letter=OuterRef("pk"))))
    return InTray(work, refused, keys)


def refusals() -> QuerySet[Assignment]:
    """Return the assignments that a department refused."""
    return Assignment.objects.filter(state=AssignmentState.REFUSED).order_by()


def in_inbox(request: StaffRequest) -> InInbox:
    """Return what the inbox's address finds."""
    shown = request.GET.get("show", "")
    shown = shown if shown in dict(SHOWN) else ""
    work = _inbox_list(request, shown)
    if shown == "done":
        parts = routing_reading.settled_parts(request.user, department=work.asked.department)
        return InInbox(work, shown, parts, SIGNED_OFF[work.asked.order])
    states = (shown,) if shown in {"open", "accepted"} else LIVE
    asked = replace(work.asked, due="late") if shown == "late" else work.asked
    parts = routing_reading.inbox_parts(request.user, states=states, asked=asked)
    return InInbox(work, shown, parts, ORDERS[asked.order])


def _inbox_list(request: StaffRequest, shown: str) -> WorkList:
    """Return the filters of the inbox.

    What is signed off is narrowed by department alone: it is all that a department ever did, and
    the search finds letters in it.
    """
    departments, kept = departments_of(request.user), {"show": shown}
    if shown == "done":
        only = QueryDict(mutable=True)
        only.update({name: request.GET.get(name, "") for name in ("department", "order")})
        return list_of(only, orders=SIGNED_OFF, departments=departments, kept=kept)
    given = request.GET.copy()
    if shown == "late":
        given.pop("due", None)
    return list_of(
        given,
        orders=ORDERS,
        departments=departments,
        people=colleagues_of(request.user),
        kept=kept,
    )
