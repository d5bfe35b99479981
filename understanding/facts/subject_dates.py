"""What a letter says of itself: its subject, when and where it was written.

Each fact comes with a score (0..1), reasons (codes of
``understanding.letters.understanding.REASONS``) and the words of the letter it was read from.
Nothing is invented: a value is always a piece of the text.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Final

from language.bidi import strip_bidi_controls
from language.dates import FoundDate, find_dates, to_hijri
from language.fold import fold
from language.towns import TOWN
from understanding.facts.lines import READ_CHARACTERS, Line, text_lines
from understanding.facts.quoted_mail import without_quoted

# Labels as they are read, also with reversed lam-alef and common misreadings; on folded text.
_SUBJECT: Final = re.compile(
    r"^[\W\d]{0,6}(?:ا?ل?موض[وؤر]+[عغ]|املوضوع|[o0]b[jl\]i][ec]t|sub[jl]ect|re"
    r"|concerne)\s*[:;؛：.\-]"
)
_SUBJECT_ALONE: Final = re.compile(r"^\W*(?:الموضوع|املوضوع|objet|subject)\W*$")
_TITLE: Final = re.compile(
    r"^\W*(?:factur|invoice|بون /|bon de |devis\b|فاتور|محضر|استدعاء|انذار|امر بالحجز|اشعار|طلب "
    r"|suggestion|اقتراح|شكر|دعوه|بيان اثمان|ورقه|رخصه|دوريه|مذكره|منشور|مرسوم |قرار |ظهير |قانون "
    r"|sommation"
    r"|mise en demeure"
    r"|convocation|bordereau|demande |avis |proces-verbal|note |bulletin|شكايه|تذكير|reclamation)"
)
_GREETING: Final = re.compile(
    r"^\W*(?:سلام|السلام|تحيه|وبعد|سيدي|سيدتي|السيد المدير المحترم"
    r"|monsieur|madame|messieurs|dear|bonjour)\b"
)
_ADDRESSEE: Final = re.compile(
    r"^\W*(?:الي|ال[يى] السيد|ايل|a l'attention|a monsieur|a madame|a la|to\b|the manager"
    r"|monsieur le|madame la|السيد رييس|السيد مدير|السيد المدير)"
)
_CONTACT: Final = re.compile(r"@|\b(?:tel|الهاتف|هاتف|phone|fax|ice|rib|rc)\b|العنوان|adresse")
_PERSON: Final = re.compile(r"^\W*(?:السيده?|الانسه|m\.|mme|mlle|mr|mrs)\W")
_STOP: Final = 120  # characters of a subject made from the first phrase


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact read from the letter; `words` is the piece of text it was read from."""

    value: str
    score: float
    reasons: tuple[str, ...]
    words: str


def find_subject(text: str) -> Fact | None:
    """Return the labelled subject line (الموضوع, Objet, Subject), else a title or first phrase."""
    lines = text_lines(text)
    for number, line in enumerate(lines):
        label = _SUBJECT.match(line.folded)
        if label:
            value = _with_next(line.written(label.end()).strip(" -–"), lines, number)
            if value:
                return Fact(value, 0.95, ("subject_line",), line.text)
        if _SUBJECT_ALONE.match(line.folded) and number + 1 < len(lines):
            return Fact(lines[number + 1].text, 0.85, ("subject_line",), lines[number + 1].text)
    for line in lines[:12]:
        if is_title(line):
            return Fact(line.text.strip(" :"), 0.6, ("title_line",), line.text)
    return _first_phrase(lines)


def is_title(line: Line) -> bool:
    """Return whether the line names a sort of letter: invoice, summons, request and others."""
    return len(line.text) <= _STOP and bool(_TITLE.match(line.folded))


def _with_next(value: str, lines: list[Line], number: int) -> str:
    """Add the next line to a long subject, if it is short and does not begin with a capital."""
    if number + 1 >= len(lines):
        return value
    following = lines[number + 1]
    if not value:
        return following.text
    goes_on = len(value) >= 45 and len(following.text) <= 60 and not following.text[0].isupper()
    ended = value.endswith((".", "؟", "!")) or ":" in following.text
    if not goes_on or ended or _GREETING.match(following.folded):
        return value
    return f"{value} {following.text}"


def _first_phrase(lines: list[Line]) -> Fact | None:
    for line in lines:
        words = line.text.split()
        outside = (
            _ADDRESSEE.match(line.folded)
            or _CONTACT.search(line.folded)
            or _PERSON.match(line.folded)
            or find_dates(line.text)
        )
        greeting_only = _GREETING.match(line.folded) and len(words) < 7
        if outside or greeting_only or len(words) < 4:
            continue
        phrase = re.split(r"(?<=[.!؟?])\s", line.text)[0]
        if len(phrase) > _STOP:
            phrase = phrase[:_STOP].rsplit(" ", 1)[0] + "…"
        return Fact(phrase, 0.35, ("first_phrase",), line.text)
    return None


_PLACE_DATE: Final = re.compile(
    r"(?:\ble\s*|\bفي\s*[:]?\s*|بتاريخ\s*:?\s*|حرر ب|fait a|^date\s*:?\s*|^التاريخ\s*:?\s*|,\s*)$"
)
_DATE_OF_OTHER: Final = re.compile(
    r"مرجع|v/?\s*ref|n/?\s*ref|reference|\bdu\s*$|echeance|livraison|يوم\s*$|لقاء|المورخ"
    r"|بتاريخ\s*$"
)


def find_document_date(text: str, *, today: datetime.date | None = None) -> Fact | None:
    """Return the day the letter was written, preferably of the place-and-date line.

    Dates after `today` are ignored when it is given; the value is an ISO date.
    """
    plain = without_quoted(strip_bidi_controls(text[:READ_CHARACTERS]))
    dates = [one for one in find_dates(plain) if today is None or one.value <= today]
    scored = [
        (_date_score(plain, found), -found.start, found)
        for found in dates
        if not (_is_event(plain, found) or _is_of_an_act(plain, found))
    ]
    if not scored:
        scored = [(0.4, 0, one) for one in dates[:1] if _is_record(plain, one)]
    if not scored:
        return None
    score, _, best = max(scored, key=lambda entry: entry[:2])
    reason = "date_line" if score >= 0.7 else "date_in_text"
    if best.calendar == "gregorian":
        return Fact(best.value.isoformat(), score, (reason,), best.text)
    # The Gregorian date beside it is the same day, and more reliable than a Hijri table.
    civil = [one for one in dates if one.calendar == "gregorian" and _same_day(one, best)]
    value = civil[0].value if civil else best.value
    return Fact(value.isoformat(), score, (reason, "hijri"), best.text)


_DAY_NAME: Final = (
    r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday"
    r"|friday"
    r"|saturday|sunday|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه|السبت|الاحد)"
)
_WEEKDAY: Final = re.compile(rf"{_DAY_NAME}\W*$")
_HOUR: Final = re.compile(r"\W{0,3}(?:a \d{1,2} ?h|at \d{1,2}|علي الساعه)")


def _is_event(text: str, found: FoundDate) -> bool:
    """Return whether a day with its hour in running text is the date of an event."""
    before = fold(text[max(0, found.start - 16) : found.start])
    after = fold(text[found.end : found.end + 20])
    return bool(_WEEKDAY.search(before) and _HOUR.match(after))


# What else is done on a day: a date behind it is not that of writing.
_DONE: Final = re.compile(
    r"(?:(?<![^\W_])(?:paye|regle|releve|passe|recu|depose|rendu|signe|enregistre|coupe|delivre|emis"
    r"|publie|prononce|conclu|jugement|arret|loi|dahir|decret)\w*|الصادر\w*|صدر\w*|المورخ\w*|خلصت\w*"
    r"|اديت\w*|توصل\w*|(?:ال)?وصل|recepisse|ظهير|قانون|مرسوم|حكم)\s+(?:\S+\s+){0,3}?"
    r"(?:le|du|en date du|on|في|بتاريخ|يوم|نهار)?\s*$"
)
# This day, though running text tells of it; and a day by which something is due.
_THIS_DAY: Final = re.compile(
    rf"(?<![^\W_])(?:en ce jour|ce jour|ce|this|يومه|هذا اليوم)\W*(?:le\W*|{_DAY_NAME}\W*)?$"
)
_WRITTEN_ON: Final = re.compile(
    r"^\W*(?:emis|etabli|redige|edite|dresse|signe(?: electroniquement| numeriquement)?|fait"
    r"|ecrit|envoye|issued|written|sent|signed"
    r"|حررت?|كتبت?|صدرت?)e?s?(?: (?:le|on|في|بتاريخ|يوم))?\W*$"
)
_DUE: Final = re.compile(
    r"(?:(?<![^\W_])(?:au|jusqu'au|avant|avant le|until|by|before|till|الي|قبل|غايه|قبل يوم)"
    r"|(?:prelevement|prelevements|preleve le|echeance|livraison|debut|fin|validite|naissance"
    r"|reunion|visite|due|delivery|survenue?|incident|audience|souhaitee?|prevue?"
    r"|(?:يوم |تاريخ )?(?:ال)?جلسه|الاستحقاق|التسليم|الازدياد)\W*[:：.])\W*$"
)
_OF_YOURS: Final = re.compile(
    r"(?:(?<![^\W_])v\s?/\s?(?:lettre|ref|courrier)|(?<![^\W_])(?:votre|vos|your) (?:lettre"
    r"|courrier"
    r"|letter|mail|envoi|facture|ref\w*)|رسالتكم|كتابكم|مراسلتكم|طلبكم|انذاركم|فاتورتكم)[^\n]{0,50}$"
)
_RECORD: Final = re.compile(
    r"^\W*(?:محضر|proces-verbal|pv\b|constat|signification|notification)", re.MULTILINE
)
_SEGMENT: Final = re.compile(r"\s{2,}|[:|–()\t]|[.؟!;]\s|\s[—-]\s")
# A place behind a phrase: "Fait pour servir et valoir ce que de droit, à Safi, le".
_AT_PLACE: Final = re.compile(r"[,،]\s*(?:fait )?a [^\d,،]{2,30}[,،]? le\W*$")
_OPENS_RECORD: Final = re.compile(r"^\W*(?:l['’]an |(?:en )?ce jour|في يوم|بتاريخ)")
_FEW: Final = 5  # words before a date on its line: a place, "le", a weekday


def _is_of_an_act(text: str, found: FoundDate) -> bool:
    """Return whether running text gives the day of an act, a payment or a visit.

    The day of writing opens its line, or stands behind a place, a label or the sort of paper.
    """
    start = max(text.rfind(end, 0, found.start) for end in "\n\f") + 1
    before = _SEGMENT.split(text[start : found.start])[-1]
    told = fold(before)
    if _THIS_DAY.search(told) or _WRITTEN_ON.match(told) or _AT_PLACE.search(told):
        return False
    if _DONE.search(told) or _OF_YOURS.search(told) or _DUE.search(fold(text[start : found.start])):
        return True
    line = Line.of(text[start : found.end])
    opens = is_title(line) or _OPENS_RECORD.match(line.folded)
    return len(before.split()) > _FEW and not opens


def _is_record(text: str, found: FoundDate) -> bool:
    """Return whether the day opens a bailiff's or an expert's record, which is of that day."""
    return bool(_RECORD.search(fold(text[:600]))) and found.start < 800


def _same_day(one: FoundDate, other: FoundDate) -> bool:
    near = min(abs(one.start - other.end), abs(other.start - one.end)) <= 40
    return near and abs((one.value - other.value).days) <= 2


def find_hijri_date(text: str, written: datetime.date) -> str:
    """Return the Hijri day of the letter's date: as written, else converted ("" if it can't)."""
    for found in find_dates(strip_bidi_controls(text[:READ_CHARACTERS])):
        if found.calendar == "hijri" and abs((found.value - written).days) <= 2:
            return to_hijri(found.value) or ""
    return to_hijri(written) or ""


_PLACE: Final = re.compile(
    r"(?:^|[|]|\s{2}|(?:fait|signe|حرر|كتب) (?:a |ب|في ))\W*(?P<place>[^\d:|.;]{3,40}?)\s*"
    r"(?:[,،]\s*(?:le|on|the|في|بتاريخ|يوم)?|\s(?:le|في|بتاريخ|on))\s*[:]?\s*$"
)


def find_place_of_writing(text: str) -> Fact | None:
    """Return the town before the date: "El Jadida, le 2 mai 2026", "حرر بالجديدة في 3 رجب"."""
    for line in text_lines(text):
        for found in find_dates(line.text):
            before = fold(line.text[: found.start])
            match = _PLACE.search(before)
            town = _TOWN_ALONE.match(before)
            if town:
                return Fact(line.text[: town.end("town")].strip(), 0.75, ("date_line",), line.text)
            if len(line.text) > 80 or match is None or len(match["place"].split()) > 4:
                continue
            opened = Line.of(line.text)
            place = _AT.sub("", opened.written(*match.span("place")).strip(" ,،-–"))
            if len(place) >= 3 and not _NO_PLACE.search(fold(place)):
                return Fact(place, 0.8, ("date_line",), line.text)
    return None


_AT: Final = re.compile(
    r"^(?:(?:حرر|كتب|حررت)\s+)?(?:ب|في\s)(?=\w{4})|^(?:fait|signé)\s+à\s+", re.IGNORECASE
)
_TOWN_ALONE: Final = re.compile(rf"^\W*(?P<town>{TOWN})\W*(?:le|on|في|بتاريخ|يوم)?\W*$")
_NO_PLACE: Final = re.compile(
    r"\b(?:date|facture|lettre|courrier|ref|du|the|letter|invoice|dated|of|echeance|periode"
    r"|depuis|avant"
    r"|مرجع\w*|بتاريخ|التاريخ|المورخ\w*|رسال\w*|فاتوره|يوم|منذ|قبل)\b"
)


def _date_score(text: str, found: FoundDate) -> float:
    start = text.rfind("\n", 0, found.start) + 1
    end = text.find("\n", found.end)
    length = len(" ".join(text[start : end if end >= 0 else len(text)].split()))
    short = length <= 60
    before = fold(" ".join(text[max(start, found.start - 120) : found.start].split()) + " ")
    score = 0.4
    if short:
        score += 0.15
    if _PLACE_DATE.search(before) or _TOWN_ALONE.match(before) or not before.strip():
        score += 0.3 if short else 0.05
    if found.start <= 500 or found.end >= len(text) - 200:
        score += 0.07
    if _DATE_OF_OTHER.search(before) and not re.search(r"^[^:]{0,25},\s*\S*\s*$", before):
        score -= 0.2
    return round(max(0.1, min(score, 0.95)), 2)
