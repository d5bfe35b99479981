"""Days by the office's clock."""

from datetime import date, datetime, time

from django.utils import timezone


def midnight(day: date) -> datetime:
    """Return the first moment of a day by the office's clock."""
    return timezone.make_aware(datetime.combine(day, time.min))
