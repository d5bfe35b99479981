"""Shifts of the centre, three a day around the clock, and the notes they leave to the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from eservices.relations.errors import BadContactError
from eservices.relations.escalation import late_requests
from eservices.relations.models import CallbackTask, ContactMoment, ShiftNote
from eservices.requests.access import centre
from language.lines import with_line_feeds
from org.models import User
from registry.states import ConflictError

LONGEST: Final = 5000


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift by its name: from this hour to that; the last one ends on the next day."""

    code: str
    name: Any
    starts: int
    ends: int


SHIFTS: Final = (
    Shift("morning", _("Morning"), 6, 14),
    Shift("afternoon", _("Afternoon"), 14, 22),
    Shift("night", _("Night"), 22, 6),
)


@dataclass(frozen=True, slots=True)
class OnDuty:
    """The shift of a moment: the day on which it began, and its first and last moment."""

    shift: Shift
    day: date
    starts: datetime
    ends: datetime


def shift_at(moment: datetime | None = None) -> OnDuty:
    """Return the shift that is on duty; the small hours belong to the night of the day before."""
    local = timezone.localtime(moment)
    shift = next((one for one in SHIFTS if one.starts <= local.hour < one.ends), SHIFTS[-1])
    day = local.date() - timedelta(days=1 if local.hour < SHIFTS[0].starts else 0)
    return OnDuty(shift, day, _at(day, shift.starts), _end(day, shift))


def _end(day: date, shift: Shift) -> datetime:
    return _at(day + timedelta(days=1 if shift.ends <= shift.starts else 0), shift.ends)


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def shift_name(code: str) -> Any:
    """Return the name of a shift by its code, which a later version may no longer know."""
    return next((one.name for one in SHIFTS if one.code == code), code)


def state_now(duty: OnDuty) -> dict[str, int]:
    """Return what is open for the next shift, and what this one did; three queries."""
    now = timezone.now()
    tasks = CallbackTask.objects.filter(done_at=None).aggregate(
        callbacks=Count("pk"), callbacks_late=Count("pk", filter=Q(due_at__lt=now))
    )
    calls = ContactMoment.objects.filter(at__gte=duty.starts, at__lt=duty.ends)
    late = late_requests()
    return {
        "calls": calls.count(),
        **tasks,
        "requests_late": late.count(),
        "dangers": late.filter(dangerous=True).count(),
    }


def write_note(text: str, *, actor: User, now: datetime | None = None) -> ShiftNote:
    """Write what the next shift must know, with what is open now; the same words once a shift.

    Raise BadContactError.
    """
    text = with_line_feeds(text).strip()
    if not text or len(text) > LONGEST:
        raise BadContactError("text", _("Write what the next shift must know."))
    unit = centre()
    if unit is None:
        raise BadContactError("text", _("There is no department for the centre."))
    duty = shift_at(now)
    of_shift = ShiftNote.objects.filter(unit=unit, shift_on=duty.day, shift=duty.shift.code)
    if same := of_shift.filter(text=text, written_by=actor, taken_at=None).last():
        return same
    return ShiftNote.objects.create(
        unit=unit, shift_on=duty.day, shift=duty.shift.code, text=text, left=state_now(duty),
        written_by=actor, written_at=now or timezone.now(),
    )  # fmt: skip


def take_over(note: ShiftNote, *, actor: User) -> ShiftNote:
    """Record who took the note over. Raise ConflictError for its author or the second one."""
    with transaction.atomic():
        row = ShiftNote.objects.select_for_update().get(pk=note.pk)
        if row.taken_at is not None or row.written_by_id == actor.pk:
            raise ConflictError
        row.taken_by, row.taken_at = actor, timezone.now()
        row.save(update_fields=["taken_by", "taken_at"])
    return row


def notes() -> QuerySet[ShiftNote]:
    """Return the notes with who wrote and who took them."""
    return ShiftNote.objects.select_related("written_by", "taken_by")
