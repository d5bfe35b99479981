"""Danger: people are alarmed at once, the next ones after some minutes, until one has "seen" it."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.kinds import EserviceEvent, EserviceJob
from eservices.relations.models import DangerAlarm, WorkOrder
from eservices.relations.orders import note, place_of
from eservices.relations.rights import sees_all_work
from eservices.requests.access import centre, centre_among
from eservices.requests.models import Request
from jobs.outbox import enqueue
from notices.audience import heads_of, office_people, with_stand_ins
from notices.kinds import NoticeKind
from notices.writing import write
from org.models import Membership, User
from org.people import permissions_of
from org.units import heir_if_closed
from registry.changes import record_change
from routing.acting.errors import NotAllowedError


def ring(subject: str, _result: object = None) -> None:
    """Do a job's alarm: "order:ID" and "request:ID" raise one, "again:ID:ROUND" repeats one.

    Done twice it alarms nobody twice.
    """
    what, _colon, rest = subject.partition(":")
    with transaction.atomic():
        if what == "again":
            name, _colon, done = rest.partition(":")
            alarm = _held(DangerAlarm.objects.filter(pk=name, rounds=int(done)))
        else:
            alarm = _raised(what, UUID(rest))
        if alarm is not None and alarm.seen_at is None:
            _tell(alarm)


def alarms_visible_to(user: User) -> "QuerySet[DangerAlarm]":
    """Return the alarms that a person may see: all for the office and the centre."""
    permissions = permissions_of(user)
    if sees_all_work(permissions) or centre_among(permissions):
        return DangerAlarm.objects.all()
    own = Q(department__in=list(permissions.ids.values()))
    return DangerAlarm.objects.filter(own)


def unseen(user: User) -> "QuerySet[DangerAlarm]":
    """Return the alarms that wait for somebody to say "seen", the oldest first."""
    rows = alarms_visible_to(user).filter(seen_at=None)
    return rows.select_related("request__letter", "order").order_by("raised_at", "pk")


def see(alarm: DangerAlarm, *, actor: User) -> DangerAlarm:
    """Write down who saw the alarm and when; the first one counts. Raise NotAllowedError."""
    if actor.duty in (User.Duty.AUDITOR, User.Duty.ARCHIVIST, User.Duty.ADMINISTRATOR):
        raise NotAllowedError(_("An alarm is confirmed by those who act on it."))
    with transaction.atomic():
        held = DangerAlarm.objects.select_for_update(of=("self",)).get(pk=alarm.pk)
        if held.seen_at is None:
            held.seen_at, held.seen_by = timezone.now(), actor
            held.save(update_fields=["seen_at", "seen_by"])
            _record(held, EserviceEvent.DANGER_SEEN, actor=actor)
            if held.order:
                note(held.order, "seen", actor=actor, data={})
    return held


def _held(rows: "QuerySet[DangerAlarm]") -> DangerAlarm | None:
    return rows.select_for_update(of=("self",)).first()


def _raised(what: str, subject: UUID) -> DangerAlarm | None:
    """Make the alarm of a request or an order; None where there is one already."""
    values: dict[str, Any]
    about: dict[str, Any]
    if what == "order":
        rows = WorkOrder.objects.select_related("team__department", "request__letter__department")
        order = rows.get(pk=subject)
        values = {"what": order.what, "place": order.address, "phone": order.contact_phone}
        values |= {"department": order.team.department, "order": order}
        about = {"request": order.request} if order.request else {"order": order}
    else:
        request = Request.objects.select_related("letter__department").get(pk=subject)
        place, letter = place_of(request), request.letter
        values = {"what": letter.subject[:300], "place": place.address[:400]}
        values |= {"phone": place.phone[:40], "department": letter.department}
        about = {"request": request}
    values |= {"raised_at": timezone.now()}
    alarm, new = DangerAlarm.objects.get_or_create(**about, defaults=values)
    if new:
        _record(alarm, EserviceEvent.DANGER_ALARMED, actor=None)
    return _held(DangerAlarm.objects.filter(pk=alarm.pk)) if new else None


def _record(alarm: DangerAlarm, kind: EserviceEvent, *, actor: User | None) -> None:
    if alarm.request:
        record_change(alarm.request.letter, kind, actor=actor, data={"alarm": str(alarm.pk)})


def _tell(alarm: DangerAlarm) -> None:
    """Alarm the next people, all of them again where nobody is left, and queue the next round."""
    alarm.rounds += 1
    circles = _circles(alarm)
    known = set(alarm.told)
    fresh = next((circle - known for circle in circles if circle - known), set())
    people = fresh or set().union(*circles)
    write(
        NoticeKind.DANGER, people, key=f"danger:{alarm.pk}:{alarm.rounds}",
        detail={"alarm": str(alarm.pk)},
    )  # fmt: skip
    alarm.told = sorted(known | people)
    alarm.save(update_fields=["rounds", "told"])
    again = f"again:{alarm.pk}:{alarm.rounds}"
    enqueue(EserviceJob.DANGER_ALARM, again, delay=settings.DANGER_MINUTES * 60)


def _circles(alarm: DangerAlarm) -> list[set[int]]:
    """Return whom to alarm: heads and the centre's, then all of theirs, then the whole office."""
    concerned = (heir_if_closed(alarm.department), centre())
    units = {unit.pk for unit in concerned if unit}
    members = Membership.objects.filter(department__in=units).values_list("user_id", flat=True)
    directors = User.objects.filter(duty=User.Duty.DIRECTOR).values_list("pk", flat=True)
    rings: list[set[int]] = [heads_of(units), set(members), office_people() | set(directors)]
    return [with_stand_ins(ring) for ring in rings]
