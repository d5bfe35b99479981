"""Days by the office's clock."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def midnight(day: date) -> datetime:
    """Return the first moment of a day by the office's clock."""
    return timezone.make_aware(datetime.combine(day, time.min))


def end_of_week(day: date) -> date:
    """Return the Sunday of that day's week."""
    return day + timedelta(days=7 - day.isoweekday())
