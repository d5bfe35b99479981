"""Days by the office's clock."""

from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

# Of a day that somebody types: far from both ends of the calendar, so that it can be reckoned with.
TYPED_YEARS: Final = range(1900, 9001)
_LAST: Final = date.max - timedelta(days=2)


def midnight(day: date) -> datetime:
    """Return the first moment of a day by the office's clock."""
    return timezone.make_aware(datetime.combine(day, time.min))


def midnight_after(day: date) -> datetime:
    """Return the first moment after a day by the office's clock.

    Of the calendar's last days a moment within them: the end of the last one is none.
    """
    return midnight(min(day, _LAST) + timedelta(days=1))


def days_before(day: date, count: int) -> date:
    """Return the day so many days before a day; the first of the calendar where there is none."""
    return date.fromordinal(max(day.toordinal() - count, 1))


def end_of_week(day: date) -> date:
    """Return the Sunday of that day's week."""
    return day + timedelta(days=7 - day.isoweekday())
