"""Dates written in a text: numbers or month names, Gregorian or Hijri, in any digits."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from hijridate import Gregorian, Hijri

from language.fold import fold_word
from language.months import FIRST_DAY, MONTHS, Calendar, MonthName
from language.numerals import ascii_digits
from language.tokens import Token, tokenize
from language.worded_dates import find_worded_dates

_CONTROL: Final = "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*"
_SEPARATOR: Final = rf"{_CONTROL}\s?(?P<sep>[/.\-–])\s?{_CONTROL}"
_AGAIN: Final = rf"{_CONTROL}\s?(?P=sep)\s?{_CONTROL}"
_DAY_FIRST: Final = re.compile(
    rf"(?<![\d/.\-])(\d{{1,2}}){_SEPARATOR}(\d{{1,2}}){_AGAIN}(\d{{4}}|\d{{2}})(?![\d]|[/.\-]\d)"
)
_YEAR_FIRST: Final = re.compile(
    rf"(?<![\d/.\-])(\d{{4}}){_SEPARATOR}(\d{{1,2}}){_AGAIN}(\d{{1,2}})(?![\d]|[/.\-]\d)"
)
# A scan gives O for 0 and l for 1: mended where the whole looks like a date and is mostly digits.
_FIGURE: Final = r"[\dOoIl|]"
_LOOKS_LIKE: Final = re.compile(
    rf"(?<![\w/.\-]){_FIGURE}{{1,4}}\s?[/.\-–]\s?{_FIGURE}{{1,2}}\s?[/.\-–]\s?{_FIGURE}{{1,4}}(?!\w)"
)
_MISREAD: Final = str.maketrans("OoIl|", "00111")
_ORDINAL: Final = re.compile(r"(?:le|du|on|في|ب|و)?(\d{1,2})(?:er|ere|st|nd|rd|th|e)?")
_YEAR: Final = re.compile(r"(1[2-9]\d\d|20\d\d)(?:ه|هـ|م|h)?")
_SHORT_YEAR: Final = re.compile(r"'?([2-3]\d)")
_ENDS: Final = re.compile(r"[^\S\n]*(?:$|[\n.;)|–—]|,(?!\d))")
# A month in Roman figures: "29/XI/2026".
_ROMAN: Final = re.compile(
    r"(?<![\w/.\-])(\d{1,2})\s?([/.\-])\s?(I{1,3}|IV|VI{0,3}|IX|XI{0,2})\s?\2\s?((?:20)?\d\d)(?![\w/])"
)
_ROMAN_MONTHS: Final = (
    *("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"),
)
# "10 et jeudi" before "11 décembre 2025", "15 و16 و" before "17 غشت 2025", "from 6 to".
_LISTED: Final = re.compile(
    r"(?<![\d/.,\-])(\d{1,2})(?:er|st|nd|rd|th)?\s{0,2}([,،\-–]|et|ou|au|à|and|or|to|و|أو|إلى|الى)"
    r"\s{0,2}(?:[^\W\d_]{3,9}\s)?\s?$"
)
_MOST_LISTED: Final = 6
_LISTED_WITHIN: Final = 30  # characters before the next day
_RUNS: Final = re.compile(r"\d+|\D+")
_LONG_NAMES: Final = tuple(
    (words[0], month)
    for names in MONTHS.values()
    for words, month, calendar in names
    if calendar == "gregorian" and len(words) == 1 and len(words[0]) >= 4
)
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
    for value, start, end in find_worded_dates(text):
        found.append(FoundDate(value, "gregorian", start, end, text[start:end]))
    found.sort(key=lambda date: (date.start, -date.end))
    kept: list[FoundDate] = []
    for date in found:
        if not kept or date.start >= kept[-1].end:
            kept.append(date)
    return kept


def days_listed_before(text: str, date: FoundDate) -> Iterator[datetime.date]:
    """Yield the days that share month and year with a date after them, the last first.

    The 16th and the 15th of "15, 16 et 17 août 2025". None for a Hijri date or one that is written
    in numbers.
    """
    if date.calendar != "gregorian" or not any(char.isalpha() for char in date.text):
        return
    # As far back as the days can stand; the whole text may be long and have many dates.
    begin = max(date.start - _LISTED_WITHIN * (_MOST_LISTED + 1), 0)
    plain, before = ascii_digits(text[begin : date.start + 1]), date.value.day
    last = date.start - begin
    end = last + 1 if plain[last:] == "و" else last
    for _ in range(_MOST_LISTED):
        listed = _LISTED.search(plain, max(end - _LISTED_WITHIN, 0), end)
        if listed is None or not 0 < int(listed[1]) < before:
            return
        if end == last and listed[2] in ",،":  # the last two have a word between them
            return
        before, end = int(listed[1]), listed.start(1)
        yield date.value.replace(day=before)


def _numeric(text: str) -> Iterator[FoundDate]:
    plain = _LOOKS_LIKE.sub(_mended, ascii_digits(text))
    for match in _DAY_FIRST.finditer(plain):
        day, month, year = int(match[1]), int(match[3]), _full_year(match[4])
        yield from _found(text, day, month, year, match.start(), match.end())
    for match in _YEAR_FIRST.finditer(plain):
        year, month, day = int(match[1]), int(match[3]), int(match[4])
        yield from _found(text, day, month, year, match.start(), match.end())
    for match in _ROMAN.finditer(plain):
        day, month = int(match[1]), _ROMAN_MONTHS.index(match[3]) + 1
        yield from _found(text, day, month, _full_year(match[4]), match.start(), match.end())


def _mended(match: re.Match[str]) -> str:
    """Replace letters by figures, keeping the length; return it unchanged where letters prevail."""
    digits = sum(char.isdigit() for char in match[0])
    letters = sum(char in "OoIl|" for char in match[0])
    return match[0].translate(_MISREAD) if digits > letters else match[0]


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
    """Return the Hijri day of a Gregorian one as ``1447-07-03``, by the Umm al-Qura calendar.

    None where its tables end (before 1924 or after 2077); a local sighting may differ by a day.
    """
    try:
        return Gregorian(date.year, date.month, date.day).to_hijri().isoformat()
    except (ValueError, OverflowError):
        return None


def _named(text: str) -> Iterator[FoundDate]:
    """Yield dates with a month name: day month year, or month day year as the English write it."""
    tokens = [piece for token in tokenize(text) if not token.whole for piece in _apart(token)]
    for index, token in enumerate(tokens):
        for words, month, calendar in MONTHS.get(token.folded, ()) or _misread(tokens, index):
            if words and tuple(t.folded for t in tokens[index : index + len(words)]) != words:
                continue
            found = _around(text, tokens, index, index + max(1, len(words)), (month, calendar))
            if found:
                yield found
                break


def _apart(token: Token) -> list[Token]:
    """Split a day, month and year that lost their spaces ("12mars2026") into words of their own."""
    pieces = list(_RUNS.finditer(token.text))
    if len(pieces) < 2 or not any(fold_word(piece[0]) in MONTHS for piece in pieces):
        return [token]
    return [
        Token(piece[0], token.start + piece.start(), token.start + piece.end()) for piece in pieces
    ]


def _misread(tokens: list[Token], index: int) -> tuple[MonthName, ...]:
    """Return the one month whose name differs by one letter, between a day and a year.

    The words of the result are empty.
    """
    if not 0 < index < len(tokens) - 1 or _day(tokens, index - 1) is None:
        return ()
    word = tokens[index].folded
    if len(word) < 4 or not _YEAR.fullmatch(_year_figures(tokens[index + 1].folded)):
        return ()
    months = {month for name, month in _LONG_NAMES if _one_letter_off(word, name)}
    return (((), months.pop(), "gregorian"),) if len(months) == 1 else ()


def _one_letter_off(word: str, name: str) -> bool:
    """Return whether one letter exchanged, lost or added makes the one from the other."""
    if abs(len(word) - len(name)) > 1:
        return False
    first = 0
    while first < min(len(word), len(name)) and word[first] == name[first]:
        first += 1
    longer = len(word) - len(name)
    return word[first + (longer >= 0) :] == name[first + (longer <= 0) :]


def _year_figures(word: str) -> str:
    digits = sum(char.isdigit() for char in word)
    return word.translate(_MISREAD) if 2 <= digits < len(word) <= 4 else word


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
    year = _year(text, tokens[after_at])
    if not year:
        return None
    number, calendar = month
    value = to_gregorian(day=day, month=number, year=year, calendar=calendar)
    if value is None:
        return None
    span = tokens[start].start, tokens[after_at].end
    return FoundDate(value, calendar, *span, text[span[0] : span[1]])


def _year(text: str, token: Token) -> int:
    """Return the year that the word is; of two figures only where the date ends with them."""
    year = _YEAR.fullmatch(_year_figures(token.folded))
    if year:
        return int(year[1])
    short = _SHORT_YEAR.fullmatch(token.folded)
    return 2000 + int(short[1]) if short and _ENDS.match(text, token.end) else 0


def _skip(text: str, tokens: list[Token], index: int, step: int) -> int | None:
    """Return the index of the next token on that side, with only small words between, or None."""
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
