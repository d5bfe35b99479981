"""Dates whose day or year is written in words: "le sept mai deux mille vingt-six", "ثالث فبراير".

A whole date in words stands in notaries' and bailiffs' papers and in ceremonious letters. Only the
years of this century up to 2039 are known.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from language.fold import fold

_FRENCH_UNITS: Final = ("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")
_FRENCH_TEENS: Final = (
    *("dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix sept", "dix huit"),
    "dix neuf",
)
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "janvier|يناير", "fevrier|فبراير", "mars|مارس", "avril|ابريل", "mai|ماي|مايو",
            "juin|يونيو", "juillet|يوليوز|يوليو", "aout|غشت", "septembre|شتنبر", "octobre|اكتوبر",
            "novembre|نونبر", "decembre|دجنبر",
        ),
        1,
    )
    for name in names.split("|")
}  # fmt: skip
_ARABIC_UNITS: Final = (*("حادي", "ثاني", "ثالث", "رابع", "خامس", "سادس", "سابع", "ثامن", "تاسع"),)


def _french_numbers() -> dict[str, int]:
    """Return the words of 1 to 39, without strokes: "vingt et un", "trente deux"."""
    words = {name: number for number, name in enumerate(_FRENCH_UNITS, 1)}
    words |= {name: number for number, name in enumerate(_FRENCH_TEENS, 10)}
    for ten, name in ((20, "vingt"), (30, "trente")):
        words[name] = ten
        words[f"{name} et un"] = ten + 1
        words |= {f"{name} {unit}": ten + n for n, unit in enumerate(_FRENCH_UNITS, 1)}
    return words


def _arabic_days() -> dict[str, int]:
    """Return the ordinals of 1 to 31 without their article: "ثالث", "خامس عشر", "ثاني وعشرين"."""
    words = {"فاتح": 1, "واحد": 1, "اول": 1, "عاشر": 10, "عشرين": 20, "ثلاثين": 30}
    words |= {name: number for number, name in enumerate(_ARABIC_UNITS[1:], 2)}
    words |= {f"{name} عشر": number for number, name in enumerate(_ARABIC_UNITS, 11)}
    for ten, name in ((20, "عشرين"), (30, "ثلاثين")):
        for number, unit in ((1, "واحد"), *enumerate(_ARABIC_UNITS, 1)):
            if ten + number <= 31:
                words[f"{unit} و{name}"] = ten + number
    return words


def _arabic_years() -> dict[str, int]:
    """Return what is added to "الفين" for 2001 to 2039: "سته وعشرين"."""
    units = (
        *("واحد|احدي", "اثنين|اثنان|اثنتين", "ثلاثه|ثلاث", "اربعه|اربع", "خمسه|خمس", "سته|ست"),
        *("سبعه|سبع", "ثمانيه|ثمان", "تسعه|تسع"),
    )
    words = {"عشرين": 20, "عشرون": 20, "ثلاثين": 30, "ثلاثون": 30}
    for number, names in enumerate(units, 1):
        for name in names.split("|"):
            words |= {name: number, f"{name} عشر": number + 10}
            words |= {f"{name} و{ten}": number + words[ten] for ten in ("عشرين", "عشرون")}
            words |= {f"{name} و{ten}": number + words[ten] for ten in ("ثلاثين", "ثلاثون")}
    return words


_NUMBERS: Final = _french_numbers()
_ARABIC_YEARS: Final = _arabic_years()
_DAYS: Final = {word: day for word, day in _NUMBERS.items() if day <= 31} | {"premier": 1}
_ARABIC: Final = _arabic_days()


def _any_of(words: dict[str, int]) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(word.replace(" ", r"[\s\-]+") for word in ordered) + ")"


_YEAR: Final = rf"(?P<year>20\d\d|deux[\s\-]+mil(?:le)?(?:[\s\-]+{_any_of(_NUMBERS)})?)"
_DAY: Final = rf"(?P<day>\d{{1,2}}(?:er)?|{_any_of(_DAYS)})"
_MONTH: Final = rf"(?P<month>{_any_of(_MONTHS)})"
# "le 3ème jour de juillet de l'année deux mil vingt-quatre".
_OF_MONTH: Final = r"(?:\s+jour(?:\s+du\s+mois)?\s+de)?"
_PATTERNS: Final = (
    re.compile(
        rf"(?<!\w){_DAY}(?:e|eme)?{_OF_MONTH}\s+{_MONTH}\s+"
        rf"(?:(?:de )?l['’]an(?:nee)?\s+)?{_YEAR}(?!\w)"
    ),
    re.compile(rf"(?<!\w)l['’]an\s+{_YEAR}\s*,?\s*(?:et\s+)?le\s+{_DAY}\s+{_MONTH}(?!\w)"),
    re.compile(
        rf"(?<!\w)(?:ال)?(?P<day>{_any_of(_ARABIC).replace(']+و', ']+و(?:ال)?')})\s+(?:من\s+)?"
        rf"(?:شهر\s+)?{_MONTH}\s+(?:من\s+)?(?:(?:سنه|عام)\s+)?"
        rf"(?P<year>20\d\d|الف(?:ين|ان)(?:\s+و{_any_of(_ARABIC_YEARS)})?"
        rf"|{_any_of(_ARABIC_YEARS)}\s+و(?:الفين|الفان))(?!\w)"
    ),
)
# What a date in words must have, seen before anything is folded.
_MAYBE: Final = re.compile(
    r"deux[\s\-]+mil|(?:فاتح|الفاتح)\s+(?:من\s+)?[\u0621-\u064a]{3,7}\s+20|(?:ثاني|ثالث|رابع|خامس|سادس|سابع|ثامن|تاسع|عاشر|عشر|عشرين|ثلاثين)\s+"
    r"(?:من\s+)?(?:شهر\s+)?[\u0621-\u064a]{3,7}\s|(?<!\w)(?:deux|trois|quatre|cinq|six|sept"
    r"|huit|neuf"
    r"|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|un)\s+"
    r"(?:janv|f[ée]vr|mars|avril|mai|juin|juil|ao[uû]t|septem|oct|nov|d[ée]c)",
    re.IGNORECASE,
)
_AROUND: Final = 60  # characters


def find_worded_dates(text: str) -> Iterator[tuple[datetime.date, int, int]]:
    """Yield each date with a day or a year in words, and its half-open span."""
    for maybe in islice(_MAYBE.finditer(text), _MOST):
        first = max(0, maybe.start() - _AROUND)
        folded, places = _folded(text[first : maybe.end() + _AROUND])
        for pattern in _PATTERNS:
            for match in pattern.finditer(folded):
                if match["day"].removesuffix("er").isdigit() and match["year"].isdigit():
                    continue  # figures alone: read elsewhere
                value = _date(match["day"], match["month"], match["year"])
                if value:
                    yield value, first + places[match.start()], first + places[match.end() - 1] + 1


_MOST: Final = 50  # of one text


def _folded(text: str) -> tuple[str, list[int]]:
    signs, places = [], []
    for place, sign in enumerate(text):
        opened = sign if sign.isspace() else fold(sign)
        signs.append(opened)
        places += [place] * len(opened)
    return "".join(signs), places


def _date(day: str, month: str, year: str) -> datetime.date | None:
    words = " ".join(re.split(r"[\s\-]+", day)).replace(" وال", " و")
    figures = re.match(r"\d+", day)
    number = int(figures[0]) if figures else _DAYS.get(words) or _ARABIC.get(words) or 0
    parts = re.split(r"[\s\-]+", year)
    if "الف" in year:
        words = " ".join(part for part in parts if "الف" not in part)
        added = _ARABIC_YEARS.get(words.removeprefix("و"), 0)
    else:
        added = _NUMBERS.get(" ".join(parts[2:]), 0)
    full = int(year) if year.isdigit() else 2000 + added
    try:
        return datetime.date(full, _MONTHS[month], number)
    except ValueError:
        return None
