"""Dates written in a text: numbers or month names, Gregorian or Hijri, in any digits."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from hijridate import Gregorian, Hijri

from language.months import FIRST_DAY, MONTHS, Calendar
from language.numerals import ascii_digits
from language.tokens import Token, tokenize

_CONTROL: Final = "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*"
_SEPARATOR: Final = rf"{_CONTROL}\s?(?P<sep>[/.\-–])\s?{_CONTROL}"
_AGAIN: Final = rf"{_CONTROL}\s?(?P=sep)\s?{_CONTROL}"
_DAY_FIRST: Final = re.compile(
    rf"(?<![\d/.\-])(\d{{1,2}}){_SEPARATOR}(\d{{1,2}}){_AGAIN}(\d{{4}}|\d{{2}})(?![\d]|[/.\-]\d)"
)
_YEAR_FIRST: Final = re.compile(
    rf"(?<![\d/.\-])(\d{{4}}){_SEPARATOR}(\d{{1,2}}){_AGAIN}(\d{{1,2}})(?![\d]|[/.\-]\d)"
)
_ORDINAL: Final = re.compile(r"(\d{1,2})(?:er|ere|st|nd|rd|th|e)?")
_YEAR: Final = re.compile(r"(1[2-9]\d\d|20\d\d)(?:ه|هـ|م|h)?")
# What may stand between day, month and year: "3 من رجب عام 1447", "March 12th, 2025".
_BETWEEN: Final = frozenset(["من", "شهر", "عام", "سنه", "لسنه", "لعام", "of", "de", "du", "the"])
_GAP: Final = re.compile(rf"[\s,،.:()\-/]*{_CONTROL}[\s,،.:()\-/]*")
# hijridate knows 1343 to 1500 AH by the Umm al-Qura tables; a local sighting may differ by a day.
_HIJRI_YEARS: Final = range(1343, 1501)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """One date: its Gregorian `value`, the calendar it was written in, and its half-open span."""

    value: datetime.date
    calendar: Literal["gregorian", "hijri"]
    start: int
    end: int
    text: str


def find_dates(text: str) -> list[FoundDate]:
    """Return every complete date of `text` in its order of writing; never raises.

    Numbers are day first (12/03/2025), or year first (2025-03-12); month first only where no
    other reading is possible (03/25/2025). Two-digit years below 50 are 20xx. Month names are
    French, English, Maghrebi and Mashriqi Arabic, and Hijri in Arabic or French letters. A year
    between 1343 and 1500 is Hijri and converted by the Umm al-Qura calendar (a local sighting of
    the moon may differ by one day). Impossible dates (31/02/2025) are not returned.
    """
    found = [*_numeric(text), *_named(text)]
    found.sort(key=lambda date: (date.start, -date.end))
    kept: list[FoundDate] = []
    for date in found:
        if not kept or date.start >= kept[-1].end:
            kept.append(date)
    return kept


def _numeric(text: str) -> Iterator[FoundDate]:
    plain = ascii_digits(text)
    for match in _DAY_FIRST.finditer(plain):
        day, month, year = int(match[1]), int(match[3]), _full_year(match[4])
        yield from _found(text, day, month, year, match.start(), match.end())
    for match in _YEAR_FIRST.finditer(plain):
        year, month, day = int(match[1]), int(match[3]), int(match[4])
        yield from _found(text, day, month, year, match.start(), match.end())


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year < 50 else 1900)


def _found(
    text: str, day: int, month: int, year: int, start: int, end: int, by_name: bool = False
) -> Iterator[FoundDate]:
    calendar: Literal["gregorian", "hijri"] = "hijri" if year in _HIJRI_YEARS else "gregorian"
    value = to_gregorian(day=day, month=month, year=year, calendar=calendar)
    if value is None and not by_name:
        value = to_gregorian(day=month, month=day, year=year, calendar=calendar)
    if value is not None:
        yield FoundDate(value, calendar, start, end, text[start:end])


def to_gregorian(*, day: int, month: int, year: int, calendar: str) -> datetime.date | None:
    """Return the Gregorian date of a day of either calendar, or None when there is no such day."""
    try:
        if calendar == "hijri":
            gregorian = Hijri(year, month, day).to_gregorian()
            return datetime.date(gregorian.year, gregorian.month, gregorian.day)
        return datetime.date(year, month, day) if 1900 <= year <= 2100 else None
    except (ValueError, OverflowError):
        return None


def to_hijri(date: datetime.date) -> str | None:
    """The Hijri day of a Gregorian one as ``1447-07-03``, by the Umm al-Qura calendar.

    None where its tables end (before 1924 or after 2077); a local sighting may differ by a day.
    """
    try:
        return Gregorian(date.year, date.month, date.day).to_hijri().isoformat()
    except (ValueError, OverflowError):
        return None


def _named(text: str) -> Iterator[FoundDate]:
    """Dates with a month name: day month year, or month day year as the English write it."""
    tokens = [token for token in tokenize(text) if not token.whole]
    for index, token in enumerate(tokens):
        for words, month, calendar in MONTHS.get(token.folded, ()):
            if tuple(t.folded for t in tokens[index : index + len(words)]) != words:
                continue
            found = _around(text, tokens, index, index + len(words), (month, calendar))
            if found:
                yield found
                break


def _around(
    text: str, tokens: list[Token], first: int, after: int, month: tuple[int, Calendar]
) -> FoundDate | None:
    before_at = _skip(text, tokens, first, -1)
    after_at = _skip(text, tokens, after - 1, +1)
    day = _day(tokens, before_at)
    start = before_at
    if day is None:
        day, start = _day(tokens, after_at), first
        after_at = _skip(text, tokens, after_at, +1) if after_at is not None else None
    if day is None or start is None or after_at is None:
        return None
    year = _YEAR.fullmatch(tokens[after_at].folded)
    if not year:
        return None
    number, calendar = month
    value = to_gregorian(day=day, month=number, year=int(year[1]), calendar=calendar)
    if value is None:
        return None
    span = tokens[start].start, tokens[after_at].end
    return FoundDate(value, calendar, *span, text[span[0] : span[1]])


def _skip(text: str, tokens: list[Token], index: int, step: int) -> int | None:
    """Index of the next token on that side, over small words, when nothing else lies between."""
    for _ in range(3):
        other = index + step
        if not 0 <= other < len(tokens):
            return None
        left, right = sorted((index, other))
        if not _GAP.fullmatch(text[tokens[left].end : tokens[right].start]):
            return None
        if tokens[other].folded not in _BETWEEN:
            return other
        index = other
    return None


def _day(tokens: list[Token], index: int | None) -> int | None:
    if index is None:
        return None
    word = tokens[index].folded
    if word in FIRST_DAY:
        return 1
    match = _ORDINAL.fullmatch(word)
    return int(match[1]) if match else None
