"""Absences: who is away, from when to when, and who stands in for them.

A stand-in acts with the roles of the absent person in that person's departments, never with their
clearance, and cannot delegate further: who stands in for A does not stand in for those A stands in
for.
"""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobs.outbox import enqueue
from org.kinds import OrgJob
from org.models import Absence, Membership, User

LONGEST = timedelta(days=5 * 366)  # also from today on: beyond, a year was mistyped
STAND_INS = (User.Duty.MEMBER, User.Duty.CLERK, User.Duty.DIRECTOR)


class AbsenceError(ValueError):
    """Raised for an absence that is not valid; the message says why, in the person's language."""


class NotYoursError(AbsenceError):
    """Raised where the actor may not decide about this person's absences."""


def people_of(actor: User) -> QuerySet[User]:
    """Return the people whose absences the actor may announce or end.

    Everybody their own, a head also those of the department's people, an administrator everybody's.
    """
    active = User.objects.filter(is_active=True).order_by("last_name", "first_name", "pk")
    if actor.duty == User.Duty.ADMINISTRATOR:
        return active
    headed = Membership.objects.filter(user=actor, role=Membership.Role.HEAD)
    theirs = Membership.objects.filter(department__in=headed.values("department"))
    return active.filter(Q(pk=actor.pk) | Q(pk__in=theirs.values("user")))


def announce(
    person: User,
    *,
    delegate: User,
    starts_on: date,
    ends_on: date,
    actor: User,
    note: str = "",
) -> Absence:
    """Record that the person is away from the first day to the last, both included.

    The delegate stands in. Raise NotYoursError where this is not the actor's to announce,
    AbsenceError where the days are over or overlap another absence, or the delegate cannot stand
    in.
    """
    if not people_of(actor).filter(pk=person.pk).exists():
        raise NotYoursError(_("This absence is not yours to announce."))
    _check_days(starts_on, ends_on)
    with transaction.atomic():
        # Both rows in one order: two absences that name each other cannot be written side by side.
        ids = sorted({person.pk, delegate.pk})
        list(User.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        _check_delegate(person, delegate, starts_on, ends_on)
        row = Absence.objects.create(
            person=person,
            delegate=delegate,
            starts_on=starts_on,
            ends_on=ends_on,
            note=" ".join(note.split())[:200],
            made_by=actor,
            made_at=timezone.now(),
        )
        enqueue(OrgJob.ABSENCE_TELL, row.pk)
    return row


def end_early(absence: Absence, *, actor: User) -> Absence:
    """End the absence now: from this second on nobody stands in for the person.

    Raise NotYoursError, and AbsenceError where it is over already.
    """
    if not people_of(actor).filter(pk=absence.person_id).exists():
        raise NotYoursError(_("This absence is not yours to end."))
    now, today = timezone.now(), timezone.localdate()
    standing = Absence.objects.filter(pk=absence.pk, ended_at__isnull=True, ends_on__gte=today)
    if not standing.update(ended_at=now):
        raise AbsenceError(_("This absence is over already."))
    absence.ended_at = now
    return absence


def _check_days(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise AbsenceError(_("The last day is before the first."))
    if ends_on < timezone.localdate():
        raise AbsenceError(_("These days are over."))
    if ends_on - min(starts_on, timezone.localdate()) > LONGEST:
        raise AbsenceError(_("An absence ends within five years: look at the years."))


def _check_delegate(person: User, delegate: User, starts_on: date, ends_on: date) -> None:
    if delegate.pk == person.pk:
        raise AbsenceError(_("Nobody stands in for themselves."))
    if not delegate.is_active or delegate.duty not in STAND_INS:
        raise AbsenceError(_("This person cannot stand in for others."))
    meeting = Absence.objects.filter(
        starts_on__lte=ends_on, ends_on__gte=starts_on, ended_at__isnull=True
    )
    if meeting.filter(person=person).exists():
        raise AbsenceError(_("Another absence of this person meets these days."))
    if meeting.filter(person=delegate).exists():
        raise AbsenceError(_("The stand-in is away on some of these days: choose another person."))


def ended_lately(delegate: User) -> Absence | None:
    """Return the absence that ended since yesterday in which this person stood in; the last one."""
    today = timezone.localdate()
    over = Q(ended_at__isnull=True, ends_on=today - timedelta(days=1))
    over |= Q(ended_at__gte=timezone.now() - timedelta(days=1))
    rows = Absence.objects.filter(over, delegate=delegate).select_related("person")
    return rows.order_by("-ended_at", "-pk").first()
