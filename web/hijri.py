"""The Hijri date beside the Gregorian one, wherever a person reads it."""

from datetime import date, datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from hijridate import Gregorian

from org.written_days import day_in_words

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
    found = hijri_day(day)
    if found is None:
        return ""
    return gettext("%(day)s %(month)s %(year)s AH") % {
        "day": day_in_words(found[2]),
        "month": MONTHS[found[1] - 1],
        "year": found[0],
    }


def hijri_day(day: date) -> tuple[int, int, int] | None:
    """Return year, month and day by the Umm al-Qura tables; None outside 1343 to 1500 AH."""
    try:
        found = Gregorian(day.year, day.month, day.day).to_hijri()
    except (OverflowError, ValueError):
        return None
    return found.year, found.month, found.day


def hijri_months(first: date, last: date) -> str:
    """Return the Hijri months of a stretch of days, e.g. "Rajab – Shaban 1447"; "" outside."""
    begin, end = hijri_day(first), hijri_day(last)
    if begin is None or end is None:
        return ""
    first_name, last_name = str(MONTHS[begin[1] - 1]), str(MONTHS[end[1] - 1])
    if begin[0] != end[0]:
        return f"{first_name} {begin[0]} – {last_name} {end[0]}"
    names = first_name if begin[1] == end[1] else f"{first_name} – {last_name}"
    return f"{names} {end[0]}"
