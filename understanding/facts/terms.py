"""Deadline that the writer sets, and urgency of the letter: terms, dates, urgent words."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from language.counts import COUNT, count_of
from language.dates import find_dates
from language.months import MONTHS
from understanding.facts.lines import Line, whole

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
    rf"(?<![^\W_]){_BY}(?:ال)?(?P<count>{COUNT})?\s?(?:\((?:\D{{0,12}})?(?P<figure>\d{{1,3}})\)"
    rf"|\([^)\d]{{2,20}}\))?"
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
    r"dans les meilleurs delais|sans delai"
    r"|(?:interven\w+|repar\w+|retabl\w+|agir|action|attention) immediate(?:ly|ment)?\b|\basap\b"
    r"|immediate(?:ly)? (?:action|intervention|attention|repair)|immediate(?:ly|ment)?\b"
    r"|as soon as possible|فورا(?![^\W_])|"
    r"danger (?:imminent|public|de mort)|خطر (?:محدق|وشيك|علي)"
)
_WEAKLY: Final = re.compile(r"اقرب|brefs|meilleurs|possible|^immediate(?:ly|ment)?$")


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
    """Return the likeliest term that the letter sets for us; None where it sets none.

    `written` is the day of the letter: a date without a year is the next one after it. Only the
    first lines of `understanding.facts.lines` are read.
    """
    line = _running(whole(text))
    found = [*_counted(line), *_dated(line, written), *_ends(line, written), *_hearings(line)]
    return max(found, key=lambda term: term.score, default=None)


def find_urgency(text: str) -> tuple[str, float] | None:
    """Return the words that say the letter is urgent, and how surely they do."""
    line = _running(whole(text))
    hits = list(_URGENT.finditer(line.folded))
    if not hits:
        return None
    strong = next((hit for hit in hits if not _WEAKLY.search(hit[0])), None)
    hit = strong or hits[0]
    return _words(line, *hit.span()), 0.85 if strong else 0.4


def _running(line: Line) -> Line:
    """Return the text without its line ends, as terms often run over them, most of all on scans."""
    return Line(line.text, line.folded.replace("\n", " "), line.places)


def _words(line: Line, start: int, end: int) -> str:
    return " ".join(line.written(start, end).split())


def _counted(line: Line) -> Iterator[Term]:
    for match in _TERM.finditer(line.folded):
        count = int(match["figure"]) if match["figure"] else count_of(match["count"] or "")
        if count is None or not 0 < count <= 366:
            continue
        unit = next(days for name, days in _UNIT_DAYS.items() if match["unit"].startswith(name))
        days = count * unit if unit else max(1, round(count / 24))
        yield Term(_words(line, *match.span()), _likely(line, match), days=days)
    for match in _DUAL.finditer(line.folded):
        days = _DUALS[match["unit"] or match["some"]]
        yield Term(_words(line, *match.span()), _likely(line, match), days=days)


def _dated(line: Line, written: datetime.date | None) -> Iterator[Term]:
    for start, end, day in _days(line, written):
        before = line.folded[max(0, start - 70) : start]
        match = _UNTIL.search(before)
        latest = _LATEST.match(line.folded[end : end + 40])
        if (match is None and latest is None) or (written and day < written):
            continue
        begin = start - (len(before) - match.start()) if match else start
        offered = _OFFERED.search(line.folded[max(0, begin - 60) : start])
        yield Term(_words(line, begin, end), 0.3 if offered else 0.85, date=day)


# "pour le 21 août au plus tard", "le 3 mai dernier délai".
_LATEST: Final = re.compile(
    r"\W{0,3}(?:au plus tard|dernier delai|at the latest|علي ابعد تقدير|كاخر اجل)"
)
# What the writer promises or offers is no term for us.
_OFFERED: Final = re.compile(
    r"engageons|m'engage|execut|\blivraison|\blivrer|valid|valable|realis|garanti|صلاحيه|صالح\w*"
    r"|التسليم|نلتزم"
    r"|انجاز|الضمان|مده العقد|duree du|periode|delivery"
)
_END_OF: Final = re.compile(
    r"(?:\bavant (?:la )?fin (?:du mois de |du mois d'|de |d'|du )?|\b(?:by|before) the end of "
    r"|\bd'ici (?:la )?fin (?:de |d'|du mois de )?"
    r"|(?:قبل|الي غايه|حتي|الي حدود|في) (?:متم|نهايه|اخر) (?:شهر |سنه |عام )?)"
    r"(?:l'annee )?(?P<what>(?:19|20)\d\d|[^\W\d_]+(?: [^\W\d_]+)?)(?: (?P<year>20\d\d))?"
)


def _ends(line: Line, written: datetime.date | None) -> Iterator[Term]:
    """Yield the end of a month or a year: "avant fin mars", "قبل متم سنة 2026"."""
    for match in _END_OF.finditer(line.folded):
        day = _last_day(match["what"], match["year"], written)
        if day and (written is None or day >= written):
            yield Term(_words(line, *match.span()), 0.8, date=day)


def _last_day(what: str, year: str | None, written: datetime.date | None) -> datetime.date | None:
    if what.isdecimal():
        return datetime.date(int(what), 12, 31)
    month = _GREGORIAN.get(what) or _GREGORIAN.get(what.split()[0])
    if month is None or not (year or written):
        return None
    number = int(year) if year else written.year if written else 0
    if not year and written and month < written.month:
        number += 1
    following = datetime.date(number + month // 12, month % 12 + 1, 1)
    return following - datetime.timedelta(days=1)


_SUMMONED: Final = re.compile(
    r"(?:ل|ال|ب)?حضور|(?:ال)?جلسه|مثول|comparaitre|comparution|\baudience\b|convoque|se presenter"
    r"|\bhearing\b|to appear"
)
_AT_HOUR: Final = re.compile(
    r"\W{0,3}(?:a \d{1,2} ?(?:h|:)|at \d{1,2}|علي الساعه|الساعه|a (?:neuf|dix|onze"
    r"|quatorze) heures)"
)


def _hearings(line: Line) -> Iterator[Term]:
    """Yield the day on which we are summoned to appear."""
    for found in find_dates(line.folded):
        before = line.folded[max(0, found.start - 160) : found.start]
        if _SUMMONED.search(before) and _AT_HOUR.match(line.folded[found.end : found.end + 30]):
            yield Term(_words(line, found.start, found.end), 0.8, date=found.value)


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
    """Rate how likely a term is meant for us: higher near a request, low for offers or the past."""
    before = line.folded[max(0, match.start() - 120) : match.start()]
    after = line.folded[match.end() : match.end() + 80]
    if _PAST.search(before) or _OFFERED.search(before[-60:]):
        return 0.2
    weak = _WEAK_BY.match(match[0]) is not None
    asked = bool(_ANSWER.search(before) or _ANSWER.search(after))
    return round((0.55 if weak else 0.7) + (0.2 if asked else 0.0), 2)
