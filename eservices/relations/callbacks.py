"""Call-backs: requested, taken, tried until somebody is reached; queues by unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from eservices.kinds import EserviceEvent
from eservices.phone_words import phone_problem
from eservices.relations.errors import BadContactError
from eservices.relations.models import CallbackTask, CallbackTry, ContactMoment
from eservices.requests.access import centre, centre_among
from eservices.requests.models import Request
from language.lines import one_line
from language.reach import phone_key
from org.models import Department, User
from org.people import Permissions, permissions_of
from registry.changes import record_change
from registry.states import ConflictError

READERS: Final = frozenset({User.Duty.DIRECTOR, User.Duty.AUDITOR})
FIRST_DUE: Final = timedelta(hours=2)
# After the first, second and third try in vain; then each day.
NEXT_TRIES: Final = (timedelta(hours=1), timedelta(hours=4), timedelta(days=1))
ENOUGH_TRIES: Final = 3  # after so many in vain a task may be closed without having reached anybody


@dataclass(frozen=True, slots=True)
class CallbackData:
    """Who is to be called back, why, by which unit (else the centre), until when.

    `key` names the cause: the same key makes one task.
    """

    phone: str
    reason: str
    name: str = ""
    unit: Department | None = None
    due_at: datetime | None = None
    request: Request | None = None
    moment: ContactMoment | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class TryData:
    """How a try went; `tried` is the number of tries that the agent saw before it."""

    reached: bool
    tried: int
    remark: str = ""
    next_at: datetime | None = None
    give_up: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How many call-backs are open, late, mine, and nobody's."""

    open: int
    late: int
    mine: int
    free: int


def ask_callback(data: CallbackData, *, actor: User | None) -> CallbackTask:
    """Put somebody into a unit's queue; a repeated `key` gets its task again.

    Raise BadContactError where there is no number to call or somebody mistyped it, or no unit.
    """
    if not phone_key(data.phone):
        raise BadContactError("phone", _("A call-back needs a telephone number."))
    if actor and (problem := phone_problem(data.phone)):  # a letter's number is as it came
        raise BadContactError("phone", problem)
    known = CallbackTask.objects.filter(key=data.key).first() if data.key else None
    if known is not None:
        return known
    task = _task(data, actor=actor, now=timezone.now())
    try:
        with transaction.atomic():
            task.save(force_insert=True)
            _record(task, EserviceEvent.CALLBACK_ASKED, actor, unit=task.unit.code)
    except IntegrityError:
        if not data.key:
            raise
        return CallbackTask.objects.get(key=data.key)
    return task


def _task(data: CallbackData, *, actor: User | None, now: datetime) -> CallbackTask:
    unit = data.unit or centre()
    if unit is None:
        raise BadContactError("unit", _("Choose the department that calls back."))
    due = data.due_at or now + FIRST_DUE
    return CallbackTask(
        moment=data.moment,
        request=data.request,
        unit=unit,
        name=one_line(data.name, 200),
        phone=one_line(data.phone, 40),
        phone_key=phone_key(data.phone)[:40],
        reason=one_line(data.reason, 500),
        key=data.key or None,
        made_at=now,
        made_by=actor,
        due_at=due,
        promised_at=due,
    )


def take(task: CallbackTask, *, actor: User) -> CallbackTask:
    """Give an open call-back to the person. Raise ConflictError where another has it."""
    with transaction.atomic():
        row = _open(task)
        if row.assigned_to_id not in (None, actor.pk):
            raise ConflictError
        row.assigned_to = actor
        row.save(update_fields=["assigned_to"])
    return row


def put_back(task: CallbackTask, *, actor: User) -> CallbackTask:
    """Give a call-back of the person's back to the queue."""
    with transaction.atomic():
        row = _open(task)
        if row.assigned_to_id != actor.pk:
            raise ConflictError
        row.assigned_to = None
        row.save(update_fields=["assigned_to"])
    return row


def log_try(task: CallbackTask, data: TryData, *, actor: User) -> CallbackTask:
    """Log a try. Reached: the task is done; else it is due again later, or is given up.

    Raise ConflictError where somebody tried meanwhile or it is done, BadContactError.
    """
    now = timezone.now()
    with transaction.atomic():
        row = _open(task)
        if row.tried != data.tried:
            raise ConflictError
        row.tried += 1
        _settle(row, data, now=now)
        row.assigned_to = row.assigned_to or actor
        row.save()
        remark = one_line(data.remark, 500)
        CallbackTry.objects.create(task=row, at=now, by=actor, reached=data.reached, remark=remark)
        _moment_of(row, remark, actor=actor, reached=data.reached, now=now)
        _record(
            row, EserviceEvent.CALLBACK_TRIED, actor, reached=data.reached, tries=row.tried
        )  # fmt: skip
    return row


def _settle(row: CallbackTask, data: TryData, *, now: datetime) -> None:
    if data.reached:
        row.done_at, row.reached = now, True
        return
    if data.give_up:
        if row.tried < ENOUGH_TRIES:
            raise BadContactError("give_up", _("Three tries are made before giving up."))
        row.done_at, row.reached = now, False
        return
    if data.next_at is not None and data.next_at <= now:
        raise BadContactError("next_at", _("The next try lies ahead."))
    row.due_at = data.next_at or now + NEXT_TRIES[min(row.tried, len(NEXT_TRIES)) - 1]


def _moment_of(
    row: CallbackTask, remark: str, *, actor: User, reached: bool, now: datetime
) -> None:
    """Log the try as a contact of the centre, so that the customer's page shows it."""
    result = ContactMoment.Result.ANSWERED if reached else ContactMoment.Result.NOT_REACHED
    before, person = row.moment, row.request.person if row.request else None
    ContactMoment.objects.create(
        at=now,
        incoming=False,
        channel=ContactMoment.Channel.PHONE,
        agent=actor,
        person=person or (before.person if before else None),
        name=row.name,
        phone=row.phone,
        phone_key=row.phone_key,
        contract_number=before.contract_number if before else "",
        request=row.request,
        subject=row.reason[:300],
        notes=remark,
        result=result,
        language=before.language if before else "ar",
    )


def _record(task: CallbackTask, kind: EserviceEvent, actor: User | None, **told: Any) -> None:
    if task.request is not None:
        told = {"callback": task.pk, **told}
        record_change(task.request.letter, kind, actor=actor, data=told)


def _open(task: CallbackTask) -> CallbackTask:
    row = CallbackTask.objects.select_for_update().get(pk=task.pk)
    if row.done_at is not None:
        raise ConflictError
    return row


def reads_centre(permissions: Permissions) -> bool:
    """Return whether the person may see the centre's pages: its people, director and auditor."""
    return permissions.duty in READERS or centre_among(permissions)


def callbacks_for(user: User) -> QuerySet[CallbackTask]:
    """Return the call-backs that the person may see: all for the centre, else those of their units.

    Raise PermissionDenied for people whose units have never had one.
    """
    permissions = permissions_of(user)
    rows = CallbackTask.objects.select_related("unit", "assigned_to", "request__letter")
    if reads_centre(permissions):
        return rows
    rows = rows.filter(unit__in=permissions.ids.values())
    if not permissions.departments or not rows.exists():
        raise PermissionDenied
    return rows


def units_called_for(permissions: Permissions) -> frozenset[int] | None:
    """Return the units whose call-backs the person may take and try; None for those of all."""
    return None if centre_among(permissions) else frozenset(permissions.ids.values())


def open_of_unit(unit: Department) -> QuerySet[CallbackTask]:
    """Return the call-backs that wait for a unit."""
    return CallbackTask.objects.filter(unit=unit, done_at=None)


def give_callbacks(unit: Department, heir: Department, _actor: User) -> None:
    """Put the waiting call-backs of a unit that is closed into its heir's queue."""
    open_of_unit(unit).update(unit=heir)


def counts_of(rows: QuerySet[CallbackTask], *, user: User) -> Counts:
    """Count the open ones among the rows, however many there are; one query."""
    free = Q(assigned_to=None)
    found = rows.filter(done_at=None).aggregate(
        open=Count("pk"),
        late=Count("pk", filter=Q(due_at__lt=timezone.now())),
        mine=Count("pk", filter=Q(assigned_to=user)),
        free=Count("pk", filter=free),
    )
    return Counts(**found)


def units_among(rows: QuerySet[CallbackTask]) -> list[tuple[Department, int]]:
    """Return the units with open call-backs, and how many each has; two queries."""
    counted = rows.filter(done_at=None).order_by().values_list("unit").annotate(Count("pk"))
    numbers = dict(counted)
    return [(unit, numbers[unit.pk]) for unit in Department.objects.filter(pk__in=numbers)]
