"""Reminders for stand-ins: what an absent person is reminded of reaches the stand-in too, once.

Reminders sent before the absence was announced are included, from its first day on. Nothing is
passed on twice: who stands in for A is not reminded of what reached A for somebody else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from org.days import midnight
from org.models import User
from org.people import absences_on, stands_in_for
from registry.states import Stage
from routing.models.clocks import Reminder, Which

OPEN_STAGES: Final = (Stage.REGISTERED, Stage.IN_HAND)
# What makes two reminders of a person the same: the table's constraint, without the person.
_STEP: Final = ("letter_id", "department_id", "clock", "due_on", "days_left")


@dataclass(frozen=True, slots=True)
class _Away:
    """The stand-in of an absent person, and since when they are away."""

    delegate_id: int
    since: datetime


def for_stand_ins(rows: Iterable[Reminder], *, today: date, now: datetime) -> list[Reminder]:
    """Return unsaved reminders for the stand-ins of today.

    They cover these rows and those that the absent received since they are away, without those
    that the stand-in has already. One query where nobody is absent, else three.
    """
    away = _away(today)
    if not away:
        return []
    fresh = list(rows)
    told = [row for row in (*fresh, *_since(away)) if row.person_id in away]
    known = {_key(row, row.person_id) for row in fresh}
    known |= _known(told, {one.delegate_id for one in away.values()})
    return list(_passed_on(told, away, known, now))


def _passed_on(
    told: list[Reminder], away: dict[int, _Away], known: set[tuple[Any, ...]], now: datetime
) -> Iterator[Reminder]:
    for row in told:
        delegate_id = away[row.person_id].delegate_id
        key = _key(row, delegate_id)
        if key in known:
            continue
        known.add(key)
        step = {name: getattr(row, name) for name in _STEP}
        yield Reminder(**step, person_id=delegate_id, instead_of_id=row.person_id, made_at=now)


def reminders_of(person: User) -> "QuerySet[Reminder]":
    """Return a person's own reminders, and those of the people for whom they stand in today."""
    absent = stands_in_for(person, on=timezone.localdate())
    return Reminder.objects.filter(
        Q(instead_of__isnull=True) | Q(instead_of__in=absent), person=person
    ).select_related("instead_of")


def _away(today: date) -> dict[int, _Away]:
    rows = absences_on(today).filter(person__is_active=True, delegate__is_active=True)
    columns = ("person_id", "delegate_id", "starts_on")
    return {
        person: _Away(delegate, midnight(starts))
        for person, delegate, starts in rows.order_by("pk").values_list(*columns)
    }


def _since(away: dict[int, _Away]) -> Iterator[Reminder]:
    """Yield the reminders that the absent received since they are away and that are still due."""
    rows = Reminder.objects.filter(
        Q(clock=Which.INTERNAL) | Q(due_on=F("letter__due_on")),
        person__in=away,
        instead_of__isnull=True,
        made_at__gte=min(one.since for one in away.values()),
        letter__stage__in=OPEN_STAGES,
    )
    for row in rows.order_by("pk").iterator(chunk_size=2_000):
        if row.made_at >= away[row.person_id].since:
            yield row


def _known(told: list[Reminder], delegates: set[int]) -> set[tuple[Any, ...]]:
    """Return the steps of these letters of which the stand-ins were reminded before."""
    known: set[tuple[Any, ...]] = set()
    letters = list({row.letter_id for row in told})
    for start in range(0, len(letters), 500):
        some = letters[start : start + 500]
        rows = Reminder.objects.filter(person__in=delegates, letter__in=some)
        known |= set(rows.values_list(*_STEP, "person_id"))
    return known


def _key(row: Reminder, person_id: int) -> tuple[Any, ...]:
    return (*(getattr(row, name) for name in _STEP), person_id)
