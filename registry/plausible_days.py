"""Days that a letter can have been written or received on; others are slips of the keyboard."""

from datetime import date, datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

OLDEST_WRITING: Final = 200  # years: deeds of long ago are sent along
OLDEST_RECEIPT: Final = 100  # years: registers of before are typed in


def writing_problem(day: date) -> str:
    """Return why no letter was written on that day, for the person who typed it; "" if it may."""
    ahead = day > timezone.localdate()
    return _problem(day.year, years=OLDEST_WRITING, ahead=ahead)


def receipt_problem(moment: datetime) -> str:
    """Return why no letter came in at that moment, for the person who typed it; "" if it may."""
    ahead = moment > timezone.now()
    return _problem(moment.year, years=OLDEST_RECEIPT, ahead=ahead)


def _problem(year: int, *, years: int, ahead: bool) -> str:
    if ahead:
        return _("This date lies ahead.")
    if year < timezone.localdate().year - years:
        return _("This date lies too far back: look at its year.")
    return ""
