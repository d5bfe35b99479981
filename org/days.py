"""Days by the office's clock."""

from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

# Of a day that somebody types: far from both ends of the calendar, so that it can be reckoned with.
TYPED_YEARS: Final = range(1900, 9001)


def midnight(day: date) -> datetime:
    """Return the first moment of a day by the office's clock."""
    return timezone.make_aware(datetime.combine(day, time.min))


def end_of_week(day: date) -> date:
    """Return the Sunday of that day's week."""
    return day + timedelta(days=7 - day.isoweekday())
