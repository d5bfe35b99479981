"""A reading is taken: one a meter and period, with its window, its event and the job that checks.

Whatever comes in is kept. What is odd about it is found by the job, and staff decide.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from eservices.kinds import EserviceJob
from eservices.people.models import Person
from eservices.readings.matching import Match
from eservices.readings.models import Reading, ReadingEvent
from eservices.readings.windows import Window, period_of, window_for
from eservices.requests.models import Request
from jobs.outbox import enqueue
from org.models import User
from registry.models.files import StoredFile

OVER = (Reading.State.DECLINED, Reading.State.RETURNED)


class AlreadyReadError(Exception):
    """The meter has a reading of this period."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(str(_("This meter was read for this period already.")))
        self.reading = reading


@dataclass(frozen=True, slots=True)
class GivenReading:
    """What somebody read, and who."""

    index: int
    read_on: date
    source: str
    contact: str = ""
    language: str = "fr"
    person: Person | None = None
    actor: User | None = None
    request: Request | None = None
    photo: StoredFile | None = None
    replaces: Reading | None = None


def take_reading(match: Match, given: GivenReading) -> Reading:
    """Write the reading and queue its check. Raise AlreadyReadError.

    A team's is of the day on which it was read: its sheet may come days later.
    """
    window = window_of(match, on=_day_of(given.source, given.read_on))
    checks = [] if window.open else [{"code": "outside_window"}]
    if match.meter is None:
        checks.append({"code": "unknown_meter"})
    with transaction.atomic():
        reading = _written(match, given, period=_period(window, given), checks=checks)
        note(reading, "received", actor=given.actor, index=given.index, source=given.source)
        enqueue(EserviceJob.READING_CHECK, reading.pk)
    return reading


def window_of(match: Match, *, on: date | None = None) -> Window:
    """Return the window of a meter on a day (today); of an unknown one that of everywhere else."""
    contract = match.contract
    sector = contract.sector if contract else ""
    service = match.meter.service if match.meter else str(match.claimed.get("service", ""))
    return window_for(sector, service, today=on)


def reading_of(match: Match, *, source: str = "", read_on: date | None = None) -> Reading | None:
    """Return the reading that the meter has for the period of today, if any.

    Of a team's that of the day on which it was read.
    """
    if match.meter is None:
        return None
    day = _day_of(source, read_on or timezone.localdate())
    window = window_of(match, on=day)
    period = window.period if window.open else period_of(day)
    return _standing(match.meter.pk, period)


def event(reading_id: UUID, kind: str, *, actor: User | None = None, **data: Any) -> ReadingEvent:
    """Return a line of a reading's history that is not kept yet."""
    return ReadingEvent(reading_id=reading_id, at=timezone.now(), kind=kind, actor=actor, data=data)


def note(reading: Reading, kind: str, *, actor: User | None = None, **data: Any) -> None:
    """Write into a reading's history."""
    event(reading.pk, kind, actor=actor, **data).save()


def held(reading_id: UUID) -> Reading:
    """Lock a reading and return it as it is now."""
    rows = Reading.objects.select_for_update(of=("self",))
    related = ("meter__contract", "request__letter", "request__version", "photo")
    return rows.select_related(*related).get(pk=reading_id)


def _day_of(source: str, read_on: date) -> date:
    """Return the day whose window counts: for a team that of its reading, else today."""
    today = timezone.localdate()
    return min(read_on, today) if source == Reading.Source.FIELD else today


def _period(window: Window, given: GivenReading) -> str:
    """Return the round's period; outside of every window the month in which was read."""
    return window.period if window.open else period_of(given.read_on)


def _standing(meter_id: int, period: str) -> Reading | None:
    rows = Reading.objects.filter(meter=meter_id, period=period).exclude(state__in=OVER)
    return rows.first()


def _written(
    match: Match, given: GivenReading, *, period: str, checks: list[dict[str, Any]]
) -> Reading:
    made = Reading(
        meter=match.meter, contract=match.contract,
        claimed={} if match.meter else match.claimed,
        period=period, index=given.index, read_on=given.read_on, source=given.source,
        checks=checks, photo=given.photo, request=given.request, person=given.person,
        contact=given.contact[:254], language=given.language[:2], replaces=given.replaces,
        made_at=timezone.now(), made_by=given.actor,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        standing = _standing(match.meter.pk, period) if match.meter else None
        if standing is None:
            raise
        raise AlreadyReadError(standing) from None
    return made
