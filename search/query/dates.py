"""Days, months and years as people write them in a query: "12 mars 2026", "٢٠٢٦", "hier"."""

import datetime
import re
from typing import Final

from language.dates import find_dates, to_gregorian
from language.fold import fold
from language.months import MONTHS
from language.numerals import ascii_digits

Span = tuple[datetime.date, datetime.date]

_DAY: Final = datetime.timedelta(days=1)
_YEAR: Final = re.compile(r"(1[2-9]\d\d|20\d\d)(?:\s?(?:ه|هـ|م|h))?")
_NUMBERED_MONTH: Final = re.compile(r"(?:(\d{1,2})[/.\-](\d{4})|(\d{4})[/.\-](\d{1,2}))")
_SMALL: Final = frozenset(
    word
    for line in ("le la du de en au l d the of on in", "من في شهر سنه عام يوم")
    for word in line.split()
)
_HIJRI_YEARS: Final = range(1343, 1501)
_TODAY: Final = frozenset(["aujourd'hui", "aujourdhui", "today", "اليوم"])
_YESTERDAY: Final = frozenset(["hier", "yesterday", "امس", "البارحه"])


def read_span(value: str, *, today: datetime.date | None = None) -> Span | None:
    """Return the first day meant and the first day after it, or None for what is no date.

    A day in any of the notations of `language.dates`, a month ("mars 2026", "03/2026",
    "2026-03", "رجب 1447"), a year, and, where `today` is given, today, yesterday, and a month
    alone, which is the latest that has begun.
    """
    folded = fold(value).strip(" .,،")
    days = find_dates(value)
    if len(days) == 1 and not _left_over(value, days[0].start, days[0].end):
        return days[0].value, days[0].value + _DAY
    if today and folded in _TODAY:
        return today, today + _DAY
    if today and folded in _YESTERDAY:
        return today - _DAY, today
    words = [word.strip(".,،") for word in folded.split() if word not in _SMALL]
    return _year(words) or _numbered_month(folded) or _named_month(words, today)


def _left_over(value: str, start: int, end: int) -> bool:
    rest = fold(f"{value[:start]} {value[end:]}").replace("'", " ").split()
    return any(word.strip(".,،") not in {*_SMALL, ""} for word in rest)


def _year(words: list[str]) -> Span | None:
    match = _YEAR.fullmatch(" ".join(words))
    return _span(int(match[1]), 1, 12) if match else None


def _numbered_month(folded: str) -> Span | None:
    match = _NUMBERED_MONTH.fullmatch(ascii_digits(folded).replace(" ", ""))
    if not match:
        return None
    year, month = int(match[2] or match[3]), int(match[1] or match[4])
    return _span(year, month, 1) if 1 <= month <= 12 else None


def _named_month(words: list[str], today: datetime.date | None) -> Span | None:
    if not words:
        return None
    for rest, month, calendar in MONTHS.get(words[0], ()):
        length = len(rest)
        if tuple(words[:length]) != rest:
            continue
        if len(words) == length + 1 and (year := _YEAR.fullmatch(words[length])):
            hijri = int(year[1]) in _HIJRI_YEARS
            return _span(int(year[1]), month, 1) if hijri == (calendar == "hijri") else None
        if len(words) == length and today and calendar == "gregorian":
            return _span(today.year - (month > today.month), month, 1)
    return None


def _span(year: int, month: int, months: int) -> Span | None:
    """Return the days of so many months from that one, in the calendar the year belongs to."""
    calendar = "hijri" if year in _HIJRI_YEARS else "gregorian"
    after = month + months
    first = to_gregorian(day=1, month=month, year=year, calendar=calendar)
    end = to_gregorian(
        day=1, month=(after - 1) % 12 + 1, year=year + (after - 1) // 12, calendar=calendar
    )
    return (first, end) if first and end else None
