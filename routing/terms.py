"""By when the writer wants an answer, and whether the letter presses: terms, dates, urgency."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from language.counts import COUNT, count_of
from language.dates import find_dates
from language.months import MONTHS
from routing.lines import Line, whole

_UNIT_DAYS: Final = {
    "jour": 1, "day": 1, "يوم": 1, "ايام": 1, "semaine": 7, "week": 7, "اسبوع": 7, "اسابيع": 7,
    "mois": 30, "month": 30, "شهر": 30, "اشهر": 30, "شهور": 30, "heure": 0, "hour": 0, "ساع": 0,
}  # fmt: skip
_UNIT: Final = (
    r"(?P<unit>jours?|semaines?|mois|heures?|days?|weeks?|months?|hours?"
    r"|ايام|يوما?|اسبوعا?|اسابيع|شهرا?|اشهر|شهور|ساعه|ساعات)(?![^\W\d_])"
)
_BY: Final = (
    r"(?P<by>dans (?:un|le|les)? ?(?:plus brefs? )?delais? (?:maxim(?:um|al) )?(?:de |d')"
    r"|sous (?:un )?(?:delai (?:maxim(?:um|al) )?(?:de |d'))|sous (?:les )?(?:maximum )?"
    r"|dans les |d'ici "
    r"|(?:un |le )?delai (?:maxim(?:um|al) )?(?:de |d'|est de |fixe a )|au plus tard (?:dans"
    r"|sous) (?:les )?"
    r"|within (?:the next |a period of )?|no later than |not later than |in the next "
    r"|(?:داخل|في|خلال|ضمن|وداخل|وفي)(?: (?:ال)?(?:اجل|مده|ظرف|مهله|غضون))?"
    r"(?: (?:اقصاه|اقصاها|لا يتجاوز|لا يتعدي|لا تتجاوز|لا تتعدي|مدته|قدره))? ?"
    r"|(?:ال)?(?:اجل|مهله)(?: (?:اقصاه|اقصاها|لا يتجاوز|لا يتعدي|مدته|قدره|مدتها))? )"
)
_TERM: Final = re.compile(
    rf"(?<![^\W_]){_BY}(?:ال)?(?P<count>{COUNT})?\s?(?:\((?:\D{{0,12}})?(?P<figure>\d{{1,3}})\)|\([^)\d]{{2,20}}\))?"
    rf"\s?(?:ال)?{_UNIT}"
)
# Two days, weeks, months and hours have words of their own in Arabic; one needs no number.
_DUAL: Final = re.compile(
    r"(?<![^\W_])(?:sous (?P<some>huitaine|quinzaine)|(?:داخل|خلال|ضمن|في (?:ظرف|اجل|غضون|مده"
    r"|مهله))(?: (?:اجل|مده|ظرف))?"
    r"(?: (?:اقصاه|اقصاها|لا يتجاوز|لا يتعدي|لا تتجاوز))? "
    r"(?P<unit>يومين|اسبوعين|شهرين|اسبوع|شهر|ساعتين)(?: واحد)?)(?![^\W_])"
)
_DUALS: Final = {
    "يومين": 2,
    "اسبوعين": 14,
    "شهرين": 60,
    "اسبوع": 7,
    "شهر": 30,
    "ساعتين": 1,
    "huitaine": 8,
    "quinzaine": 15,
}
_UNTIL: Final = re.compile(
    r"(?:\bavant (?:le|la date du)|au plus tard (?:le|au)|jusqu'au|d'ici (?:le|au)"
    r"|date limite\D{0,40}?"
    r"|\bdernier delai\W{0,3}(?:le)?|delai de rigueur\W{0,3}(?:le)?|\bbefore|no later than"
    r"|not later than"
    r"|\bby|\bdeadline\W{0,3}(?:is)?|\buntil|قبل(?: (?:يوم|تاريخ|متم|نهايه))?|اقصاه(?: (?:يوم"
    r"|تاريخ))?"
    r"|(?:الي|حتي) (?:غايه|حدود)(?: (?:يوم|تاريخ))?|اخر اجل\D{0,25}?|في موعد اقصاه)"
    r"\W{0,3}(?:le |the |يوم |lundi |mardi |mercredi |jeudi |vendredi |samedi |dimanche |"
    r"الاثنين |الاثنين |الثلاثاء |الاربعاء |الخميس |الجمعه |السبت |monday |tuesday "
    r"|wednesday |thursday |friday )*$"
)
_PAST: Final = re.compile(
    r"(?:depuis|منذ|since|il y a|garantie|validite|valable|صالح\w*|paie\w*)\W*$"
)
# "dans 15 jours" and "في 15 يوما" also tell when something happens or how long it takes.
_WEAK_BY: Final = re.compile(r"(?:في|وفي|dans les) (?!.*(?:اجل|delai))")
_ANSWER: Final = re.compile(
    r"repon|repl|regular|regle|payer|verse|transmet|communiqu|fournir|retour|interven|depos"
    r"|remis|"
    r"faire parvenir|prier|veuillez|merci de|demandons|answer|respond|please|return|submit|pay|"
    r"جواب|الرد|ردكم|موافات|الادلاء|الاداء|تسوي|المرجو|المطلوب|نطلب|نلتمس|انذار|ايداع|ارسال"
    r"|اصلاح|التدخل"
)
_URGENT: Final = re.compile(
    r"\b(?:tres )?urgent(?:e|es|s|ly)?\b|\burgence\b|en toute urgence"
    r"|(?<![^\W_])(?:ال)?(?:مستعجل|استعجال)\w*|"
    r"علي وجه السرعه|علي وجه الاستعجال|عاجل(?:ا|ه)?(?![^\W_])|في اقرب (?:الاجال|وقت)"
    r"|dans les plus brefs delais|"
    r"dans les meilleurs delais|sans delai|immediate(?:ly|ment)?\b|\basap\b"
    r"|as soon as possible|فورا(?![^\W_])|"
    r"danger (?:imminent|public|de mort)|خطر (?:محدق|وشيك|علي)"
)
_WEAKLY: Final = re.compile("اقرب|brefs|meilleurs|possible")


@dataclass(frozen=True, slots=True)
class Term:
    """A deadline as written: `days` from the letter's receipt or service, or the last `date`.

    Months count as 30 days and less than a day as one; `words` is the piece of the letter.
    """

    words: str
    score: float
    days: int | None = None
    date: datetime.date | None = None


def find_deadline(text: str, *, written: datetime.date | None = None) -> Term | None:
    """The term the letter sets for us, the likeliest one; None where it sets none.

    `written` is the day of the letter: a date without a year is the next one after it.
    """
    line = whole(text)
    found = [*_counted(line), *_dated(line, written)]
    return max(found, key=lambda term: term.score, default=None)


def find_urgency(text: str) -> tuple[str, float] | None:
    """The words that say the letter is urgent, and how surely they do."""
    line = whole(text)
    hits = list(_URGENT.finditer(line.folded))
    if not hits:
        return None
    strong = next((hit for hit in hits if not _WEAKLY.search(hit[0])), None)
    hit = strong or hits[0]
    return line.written(*hit.span()), 0.85 if strong else 0.5


def _counted(line: Line) -> Iterator[Term]:
    for match in _TERM.finditer(line.folded):
        count = int(match["figure"]) if match["figure"] else count_of(match["count"] or "")
        if count is None or not 0 < count <= 366:
            continue
        unit = next(days for name, days in _UNIT_DAYS.items() if match["unit"].startswith(name))
        days = count * unit if unit else max(1, round(count / 24))
        yield Term(line.written(*match.span()), _likely(line, match), days=days)
    for match in _DUAL.finditer(line.folded):
        days = _DUALS[match["unit"] or match["some"]]
        yield Term(line.written(*match.span()), _likely(line, match), days=days)


def _dated(line: Line, written: datetime.date | None) -> Iterator[Term]:
    for start, end, day in _days(line, written):
        before = line.folded[max(0, start - 70) : start].replace("\n", " ")
        match = _UNTIL.search(before)
        if match is None or (written and day < written):
            continue
        begin = start - (len(before) - match.start())
        yield Term(line.written(begin, end), 0.85, date=day)


def _days(line: Line, written: datetime.date | None) -> Iterator[tuple[int, int, datetime.date]]:
    found = find_dates(line.folded)
    yield from ((date.start, date.end, date.value) for date in found)
    if written is None:
        return
    for match in _DAY_MONTH.finditer(line.folded):
        if any(date.start < match.end() and date.end > match.start() for date in found):
            continue
        day = _next_day(int(match[1].rstrip("er ")), match[2], written)
        if day:
            yield match.start(), match.end(), day


_GREGORIAN: Final = {
    " ".join(words): month
    for names in MONTHS.values()
    for words, month, calendar in names
    if calendar == "gregorian"
}
_DAY_MONTH: Final = re.compile(
    r"(?<!\d)(\d{1,2}(?:er)?) ("
    + "|".join(sorted(_GREGORIAN, key=len, reverse=True))
    + r")(?![^\W_])"
)


def _next_day(day: int, month: str, after: datetime.date) -> datetime.date | None:
    for year in (after.year, after.year + 1):
        try:
            date = datetime.date(year, _GREGORIAN[month], day)
        except ValueError:
            continue
        if date >= after:
            return date
    return None


def _likely(line: Line, match: re.Match[str]) -> float:
    """A term beside a word of asking is meant for us; one of a guarantee or of the past is not."""
    before = line.folded[max(0, match.start() - 120) : match.start()]
    after = line.folded[match.end() : match.end() + 80]
    if _PAST.search(before):
        return 0.2
    weak = _WEAK_BY.match(match[0]) is not None
    asked = bool(_ANSWER.search(before) or _ANSWER.search(after))
    return round((0.55 if weak else 0.7) + (0.2 if asked else 0.0), 2)
