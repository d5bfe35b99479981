"""Unusual use: after a reading holds, the customer is warned once of a possible leak."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.contracts.events import event, holder_since
from eservices.contracts.models import ContractEvent, Meter
from eservices.plain_messages import send_message
from eservices.readings.history import facts_of
from eservices.readings.models import Reading
from eservices.readings.plausibility import SLACK, judge
from eservices.readings.reading_messages import address_of, in_language, named
from eservices.readings.taking import note
from eservices.readings.words import in_days

UNUSUAL: Final = "unusual_use"


@dataclass(frozen=True, slots=True)
class Unusual:
    """What was used since the last reading, and what is usual in so many days."""

    use: int
    expected: int
    days: int

    @property
    def percent(self) -> int:
        """The use in percents of what is usual."""
        return round(100 * self.use / max(self.expected, 1))


def unusual_use(reading: Reading) -> Unusual | None:
    """Return how far the use is above what is usual, None where it is not."""
    if reading.meter is None:
        return None
    facts = facts_of(reading.meter, without=reading.pk)
    found = judge(facts, index=reading.index, read_on=reading.read_on)
    if found.use is None or found.per_day is None or found.days is None:
        return None
    expected = round(found.per_day * max(found.days, 1))
    if found.use <= expected * settings.READING_ALERT_PERCENT / 100 + SLACK:
        return None
    return Unusual(found.use, expected, found.days)


def last_unusual(meter: Meter, *, of_holder: bool = False) -> ContractEvent | None:
    """Return the last alert of a meter of the last two months.

    `of_holder`: none from before the present holder.
    """
    since = timezone.now() - timedelta(days=62)
    given = holder_since(meter.contract_id) if of_holder and meter.contract_id else None
    since = max(since, given or since)
    rows = ContractEvent.objects.filter(contract=meter.contract_id, kind=UNUSUAL, at__gte=since)
    told = (one for one in rows.order_by("-id")[:100] if one.data.get("meter") == meter.serial)
    return next(told, None)


def warn_work(subject: str, _progress: Any) -> dict[str, Any]:
    """Warn the customer of unusual use; return what was found, {} where nothing is unusual."""
    rows = Reading.objects.select_related("meter__contract", "contract")
    reading = rows.filter(pk=UUID(subject)).first()
    if reading is None or reading.events.filter(kind="warned").exists():
        return {}
    found = unusual_use(reading)
    if found is None:
        return {}
    contact, way = address_of(reading), ""
    if contact:
        with in_language(reading):
            way = send_message(
                contact,
                subject=_("unusual use"),
                lines=_lines(reading, found),
                reference=f"reading:{reading.pk}:unusual",
            )
    return {"use": found.use, "expected": found.expected, "days": found.days, "way": way}


def _lines(reading: Reading, found: Unusual) -> list[str]:
    numbers = {**named(reading), "use": found.use, "expected": found.expected}
    numbers["days"] = in_days(found.days)
    return [
        _(
            "Meter %(meter)s of contract %(contract)s: %(use)s used in %(days)s, where "
            "%(expected)s is usual."
        )
        % numbers,
        _(
            "Please look for a leak: close all taps and see whether the meter still turns. If it "
            "does, call us."
        ),
    ]


def save_warned(subject: str, found: dict[str, Any]) -> None:
    """Write the alert into the histories of the reading and its contract, once."""
    reading = Reading.objects.select_related("meter").filter(pk=UUID(subject)).first()
    if not found or reading is None or reading.meter is None or reading.contract_id is None:
        return
    if reading.events.filter(kind="warned").exists():
        return
    note(reading, "warned", **found)
    told = {"meter": reading.meter.serial, "reading": str(reading.pk), **found}
    event(reading.contract_id, UNUSUAL, **told).save()
