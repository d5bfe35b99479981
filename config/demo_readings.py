"""The demo's readings: one as every month, and one that needs a decision."""

from typing import Final

from django.utils import timezone

from eservices.contracts.models import Meter
from eservices.readings.matching import match_meter
from eservices.readings.models import Reading
from eservices.readings.taking import GivenReading, take_reading

_READ: Final = (("3100201", 14, "fr"), ("3100202", 5200, "ar"))  # contract, use, language


def add_readings() -> None:
    """Take a reading of two of the demo's meters; an office that has readings is left."""
    if Reading.objects.exists():
        return
    for contract, use, language in _READ:
        meter = Meter.objects.filter(contract__number=contract).first()
        if meter is not None and meter.last_index is not None:
            given = GivenReading(
                index=meter.last_index + use,
                read_on=timezone.localdate(),
                source=Reading.Source.PORTAL,
                language=language,
            )
            take_reading(match_meter(contract, serial=meter.serial), given)
