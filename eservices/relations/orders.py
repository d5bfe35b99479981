"""Work orders: made, planned for a team and a day, moved, cancelled; and who sees them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.kinds import EserviceEvent, EserviceJob
from eservices.relations.field_merge import OPEN
from eservices.relations.models import FieldEntry, Team, WorkOrder
from eservices.relations.rights import sees_all_work
from eservices.requests.models import Request
from jobs.outbox import enqueue
from language.lines import one_line
from org.models import User
from org.people import permissions_of
from registry.changes import record_change
from registry.models.events import LetterEvent
from routing.acting.errors import ConflictError, NotAllowedError

MOST_ITEMS: Final = 40
_WRITTEN: Final = (
    *("request_id", "team_id", "planned_on", "slot", "what", "instructions", "dangerous"),
    *("address", "latitude", "longitude", "contact_name", "contact_phone"),
)
_TAKE = """
INSERT INTO relations_workorderseries (year, last) VALUES (%s, 1)
ON CONFLICT (year) DO UPDATE SET last = relations_workorderseries.last + 1 RETURNING last
"""


class BadOrderError(Exception):
    """An order that cannot be made; `problems` are words by field."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


class OrderMadeError(ConflictError):
    """A form made this `order` already, and its content differs from the order's by now."""

    def __init__(self, order: WorkOrder) -> None:
        super().__init__(order.number)
        self.order = order


@dataclass(frozen=True, slots=True)
class Place:
    """Where and with whom the work is."""

    address: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    name: str = ""
    phone: str = ""


def order_work(
    request: Request | None = None,
    *,
    team: Team,
    planned_on: date,
    what: str,
    actor: User | None,
    slot: str = "",
    instructions: str = "",
    place: Place | None = None,
    checklist: Iterable[str] | None = None,
    dangerous: bool | None = None,
    order_id: UUID | None = None,
) -> WorkOrder:
    """Make a work order for a team and a day, for a request or alone.

    Without `place` it is the request's; `checklist` are its lines, the usual ones if None. A form
    that brings the `order_id` it came with once more is given the order that it made. Raise
    BadOrderError, NotAllowedError, and OrderMadeError where its content differs by now.
    """
    _check(team, planned_on=planned_on, what=what, actor=actor)
    place = place or (place_of(request) if request else Place())
    danger = bool(request and request.dangerous) if dangerous is None else dangerous
    order = WorkOrder(
        id=order_id or uuid4(), request=request, team=team, planned_on=planned_on,
        slot=one_line(slot, 40), what=one_line(what, 300), instructions=instructions.strip(),
        address=one_line(place.address, 400), latitude=place.latitude, longitude=place.longitude,
        contact_name=one_line(place.name, 200), contact_phone=one_line(place.phone, 40),
        dangerous=danger, made_at=timezone.now(), made_by=actor, checklist=_items(checklist),
    )  # fmt: skip
    with transaction.atomic():
        if not _save_new(order):
            return _made_before(order)
        note(order, "ordered", actor=actor, data=_planned(order))
        record_in_request(order, EserviceEvent.WORK_ORDERED, actor=actor, data=_planned(order))
        if danger:
            enqueue(EserviceJob.DANGER_ALARM, f"order:{order.pk}")
    return order


def _save_new(order: WorkOrder) -> bool:
    """Save an order under the next number; False where its id is taken already."""
    try:
        with transaction.atomic():  # gives back a number that was taken in vain
            order.number = _number()
            order.save(force_insert=True)
    except IntegrityError:
        if not WorkOrder.objects.filter(pk=order.pk).exists():
            raise
        return False
    return True


def _made_before(order: WorkOrder) -> WorkOrder:
    """Return the order that the same form made.

    Raise NotAllowedError for the id of somebody else's, OrderMadeError for other content.
    """
    made = WorkOrder.objects.get(pk=order.pk)
    if made.made_by_id != order.made_by_id:
        raise NotAllowedError(_("Somebody else has made an order with this form. Open a new one."))
    if _content(made) != _content(order):
        raise OrderMadeError(made)
    return made


def _content(order: WorkOrder) -> list[Any]:
    """Return what the planner wrote, without what the team has done since."""
    return [getattr(order, name) for name in _WRITTEN] + [item["label"] for item in order.checklist]


def move_order(
    order: WorkOrder, *, team: Team, planned_on: date, slot: str = "", actor: User
) -> WorkOrder:
    """Plan an open order for another team or day. Raise BadOrderError, NotAllowedError."""
    with transaction.atomic():
        held = _open(order, actor)
        _check(team, planned_on=planned_on, what=held.what, actor=actor)
        held.team, held.planned_on, held.slot = team, planned_on, one_line(slot, 40)
        held.save(update_fields=["team", "planned_on", "slot"])
        note(held, "moved", actor=actor, data=_planned(held))
    return held


def cancel_order(order: WorkOrder, *, why: str, actor: User) -> WorkOrder:
    """Cancel an open order, with the reason. Raise BadOrderError, NotAllowedError."""
    if not (why := one_line(why, 500)):
        raise BadOrderError({"why": _("Say why the order is cancelled.")})
    with transaction.atomic():
        held = _open(order, actor)
        entry = note(held, "cancelled", actor=actor, data={"why": why})
        held.state, held.outcome = WorkOrder.State.CANCELLED, why
        held.ended_at = entry.made_at
        held.save(update_fields=["state", "outcome", "ended_at"])
        record_in_request(held, EserviceEvent.WORK_CANCELLED, actor=actor, data={"why": why})
    return held


def orders_visible_to(user: User) -> "QuerySet[WorkOrder]":
    """Return the orders that a person may see: all, their department's, or their team's."""
    permissions = permissions_of(user)
    if sees_all_work(permissions):
        return WorkOrder.objects.all()
    mine = Team.objects.filter(members=user).values("pk")
    here = Team.objects.filter(department__in=list(permissions.ids.values())).values("pk")
    return WorkOrder.objects.filter(Q(team__in=mine) | Q(team__in=here))


def teams_planned_by(user: User) -> "QuerySet[Team]":
    """Return the active teams for which a person may plan work."""
    permissions = permissions_of(user)
    rows = Team.objects.filter(active=True).select_related("department")
    if permissions.is_office or permissions.duty == User.Duty.DIRECTOR:
        return rows
    return rows.filter(department__in=list(permissions.ids.values()))


def may_plan(user: User, order: WorkOrder) -> bool:
    """Return whether a person may move or cancel an order."""
    return order.state in OPEN and teams_planned_by(user).filter(pk=order.team_id).exists()


def place_of(request: Request) -> Place:
    """Return where and with whom a request's work is, as its answers and its letter say."""
    given = next((v for v in request.answers.values() if isinstance(v, dict) and "text" in v), {})
    sender = request.letter.sender
    point = [given.get(name) for name in ("latitude", "longitude")]
    north, east = (Decimal(str(p)) if p is not None else None for p in point)
    return Place(
        address=str(given.get("text") or (sender.address if sender else "")),
        latitude=north if east is not None else None,
        longitude=east if north is not None else None,
        name=sender.shown_name if sender else "",
        phone=sender.phone if sender else "",
    )


def usual_checklist() -> list[str]:
    """Return the lines that an order has where none are written for it."""
    return [
        _("Make the place safe"),
        _("Take a photo before the work"),
        _("Do the work"),
        _("Take a photo after the work"),
        _("Leave the place clean"),
    ]


def note(order: WorkOrder, kind: str, *, actor: User | None, data: dict[str, Any]) -> FieldEntry:
    """Write into the order's history what the office did with it."""
    now = timezone.now()
    return FieldEntry.objects.create(
        id=uuid4(), order=order, kind=kind, data=data, made_at=now, came_at=now, by=actor
    )


def record_in_request(
    order: WorkOrder,
    kind: EserviceEvent,
    *,
    actor: User | None,
    data: dict[str, Any] | None = None,
    rows: Iterable[Any] = (),
    public: bool = True,
) -> None:
    """Write what happened to an order into the history of its request's letter, if it has one."""
    if order.request is None:
        return
    seen = LetterEvent.Visibility.CITIZEN if public else LetterEvent.Visibility.STAFF
    told = {"order": order.number, **(data or {})}
    record_change(order.request.letter, kind, actor=actor, data=told, rows=rows, visibility=seen)


def _check(team: Team, *, planned_on: date, what: str, actor: User | None) -> None:
    problems: dict[str, str] = {}
    if actor is not None and not teams_planned_by(actor).filter(pk=team.pk).exists():
        raise NotAllowedError(_("Work is planned by the team’s department or the registry office."))
    if not team.active:
        problems["team"] = _("This team is no longer in use.")
    if planned_on < timezone.localdate():
        problems["planned_on"] = _("This day is past.")
    if not one_line(what, 300):
        problems["what"] = _("Say what is to be done.")
    if problems:
        raise BadOrderError(problems)


def _open(order: WorkOrder, actor: User) -> WorkOrder:
    """Lock the order. Raise ConflictError where it is over, NotAllowedError."""
    held = WorkOrder.objects.select_for_update().get(pk=order.pk)
    if not teams_planned_by(actor).filter(pk=held.team_id).exists():
        raise NotAllowedError(_("Work is planned by the team’s department or the registry office."))
    if held.state not in OPEN:
        raise ConflictError
    return held


def _planned(order: WorkOrder) -> dict[str, Any]:
    planned = {"team": order.team.code, "planned_on": order.planned_on.isoformat()}
    return planned | ({"slot": order.slot} if order.slot else {})


def _items(lines: Iterable[str] | None) -> list[dict[str, Any]]:
    """Return a checklist of these lines; of the usual ones for None."""
    texts = usual_checklist() if lines is None else lines
    wanted = [line for line in (one_line(text, 200) for text in texts) if line][:MOST_ITEMS]
    return [{"code": str(n), "label": line, "done": False} for n, line in enumerate(wanted, 1)]


def _number() -> str:
    """Take the next number of the year, inside the transaction that uses it."""
    year = timezone.localdate().year
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [year])
        return f"OT/{year}/{cursor.fetchone()[0]:06d}"
