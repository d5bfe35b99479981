"""The Hijri date beside the Gregorian one, wherever a person reads it."""

from datetime import date, datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from hijridate import Gregorian

MONTHS: Final = (
    _("Muharram"),
    _("Safar"),
    _("Rabi al-awwal"),
    _("Rabi al-thani"),
    _("Jumada al-ula"),
    _("Jumada al-akhira"),
    _("Rajab"),
    _("Shaban"),
    _("Ramadan"),
    _("Shawwal"),
    _("Dhu al-qada"),
    _("Dhu al-hijja"),
)


def hijri_words(day: date) -> str:
    """Return the day by the Umm al-Qura tables, e.g. "3 Rajab 1447"; "" outside 1343 to 1500 AH.

    The sighting of the moon in Morocco may differ by one day; the Gregorian date is the one that
    counts.
    """
    if isinstance(day, datetime):
        day = timezone.localtime(day).date() if timezone.is_aware(day) else day.date()
    try:
        found = Gregorian(day.year, day.month, day.day).to_hijri()
    except (OverflowError, ValueError):
        return ""
    return gettext("%(day)s %(month)s %(year)s AH") % {
        "day": found.day,
        "month": MONTHS[found.month - 1],
        "year": found.year,
    }
