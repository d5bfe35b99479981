"""What a letter says of itself: subject, sender, date, references, our own numbers.

Each fact comes with a score (0..1), reasons (codes of ``routing.understanding.REASONS``) and the
words of the letter it was read from. Nothing is invented: a value is always a piece of the text.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from language.bidi import strip_bidi_controls
from language.dates import FoundDate, find_dates
from language.fold import fold
from language.numerals import ascii_digits, registry_number_key
from routing.lines import Line, text_lines

# Labels as they are read, also with reversed lam-alef and common misreadings; on folded text.
_SUBJECT: Final = re.compile(
    r"^[\W\d]{0,6}(?:ا?ل?موض[وؤر]+[عغ]|املوضوع|[o0]b[jl\]i][ec]t|sub[jl]ect|re|concerne)\s*[:;؛：.\-]"
)
_SUBJECT_ALONE: Final = re.compile(r"^\W*(?:الموضوع|املوضوع|objet|subject)\W*$")
_TITLE: Final = re.compile(
    r"^\W*(?:factur|invoice|devis\b|فاتور|محضر|استدعاء|انذار|امر بالحجز|اشعار|طلب "
    r"|suggestion|اقتراح|شكر|دعوه|بيان اثمان|ورقه|رخصه|دوريه|مذكره|منشور|sommation|mise en demeure"
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
    """One thing read from the letter; `words` is the piece of text it was read from."""

    value: str
    score: float
    reasons: tuple[str, ...]
    words: str


def find_subject(text: str) -> Fact | None:
    """The labelled subject line (الموضوع, Objet, Subject), else a title, else the first phrase."""
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
    """Whether the line names a sort of letter: invoice, summons, request…"""
    return len(line.text) <= _STOP and bool(_TITLE.match(line.folded))


def _with_next(value: str, lines: list[Line], number: int) -> str:
    """A long subject runs on in the next line, when that one is short and goes on in small."""
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
    r"مرجع|v/?\s*ref|n/?\s*ref|reference|\bdu\s*$|echeance|livraison|يوم\s*$|لقاء|المورخ|بتاريخ\s*$"
)


def find_document_date(text: str, *, today: datetime.date | None = None) -> Fact | None:
    """The day the letter was written: the date of the place-and-date line before any other.

    Dates after `today` are left aside when it is given; value is an ISO date.
    """
    plain = strip_bidi_controls(text)
    scored = [
        (_date_score(plain, found), -found.start, found)
        for found in find_dates(plain)
        if today is None or found.value <= today
    ]
    if not scored:
        return None
    score, _, best = max(scored, key=lambda entry: entry[:2])
    reason = "date_line" if score >= 0.7 else "date_in_text"
    reasons = (reason, "hijri") if best.calendar == "hijri" else (reason,)
    return Fact(best.value.isoformat(), score, reasons, best.text)


def _date_score(text: str, found: FoundDate) -> float:
    start = text.rfind("\n", 0, found.start) + 1
    end = text.find("\n", found.end)
    line = text[start : end if end >= 0 else len(text)]
    before = fold(text[start : found.start])
    score = 0.4
    if len(line) <= 60:
        score += 0.15
    if _PLACE_DATE.search(before) or not before.strip():
        score += 0.3 if len(line) <= 60 else 0.05
    if found.start <= 500 or found.end >= len(text) - 200:
        score += 0.07
    if _DATE_OF_OTHER.search(before) and not re.search(r"^[^:]{0,25},\s*\S*\s*$", before):
        score -= 0.2
    return round(max(0.1, min(score, 0.95)), 2)


_OWN_REF: Final = (
    r"(?:n\s*/\s*ref|nos? ref|notre ref|our ref|مرجعنا|ref(?:erence)?\b(?! \w)|دوريه عدد"
    r"|ملف[^:\n]{0,20}(?:عدد|رقم))"
)
_THEIR_REF: Final = r"(?:v\s*/\s*ref|vos? ref|votre ref|your ref|مرجعكم)"
_NUMBER: Final = (
    r"^\W*(?P<weak>(?:facture|invoice|devis|dossier|فاتوره|صفقه)\W{0,3}(?:n|no|رقم|عدد)?)"
)
_LABELLED: Final = re.compile(
    rf"(?:(?:^|(?<=[\s|]))(?:(?P<their>{_THEIR_REF})|(?P<own>{_OWN_REF}))|{_NUMBER})[.°º]*\s*[:°º]*\s*"
    r"(?P<value>[^\n]{2,60})"
)
_REF_END: Final = re.compile(
    r"\s+(?:du|en date|بتاريخ|dated?|of|وتاريخ|le)\s+\d|\s{2,}|\s[|–—]\s|"
    r"\s(?:v\s*/\s*ref|n\s*/\s*ref|مرجعنا|مرجعكم)"
)
# After its last number a reference may still carry initials (00/117 ق ج م), but no words.
_REF_TAIL: Final = re.compile(r"^(.*\d\S*(?:\s(?:[A-Z]{1,3}|[\u0621-\u064a]{1,2})\b)*)")


def find_references(text: str) -> list[tuple[str, Fact]]:
    """References and whose they are: "own" of the sender (N/Réf, مرجعنا) or "their", answered.

    Only values that hold a digit count; the label must open its line or follow a space.
    """
    found = []
    for line in text_lines(text):
        for match in _LABELLED.finditer(line.folded):
            value = _reference(line, match.start("value"), match.end("value"))
            if value:
                score = 0.6 if match["weak"] or _misread(value) else 0.9
                whose = "their" if match["their"] else "own"
                found.append((whose, Fact(value, score, ("reference_label",), line.text)))
    return found


def _reference(line: Line, start: int, end: int) -> str:
    cut = _REF_END.search(line.folded, start, end)
    value = line.written(start, cut.start() if cut else end).strip(" .:،,;-")
    whole = _REF_TAIL.match(value)
    return whole[1] if whole and len(whole[1].split()) <= 8 else ""


def _misread(value: str) -> bool:
    """Digits of two scripts, or signs that no office puts between digits."""
    arabic = re.search("[\u0660-\u0669]", value) is not None
    return (arabic and re.search("[0-9]", value) is not None) or bool(re.search(r"[:;»«]", value))


def find_quoted_numbers(
    text: str, *, register_codes: Sequence[str] = ("IN", "OUT", "INT")
) -> list[Fact]:
    """Our own registry numbers that the letter quotes, as keys (``2025/IN/4127``), each once."""
    codes = "|".join(re.escape(code) for code in register_codes)
    plain = ascii_digits(strip_bidi_controls(text))
    part = r"\s?[/\-–_.]\s?"
    pattern = re.compile(
        rf"(?<![\w/\-])(?:(?:19|20)\d\d{part}(?:{codes}){part}\d{{1,9}}"
        rf"|(?:{codes}){part}(?:(?:19|20)\d\d{part}\d{{1,9}}|\d{{1,9}}{part}(?:19|20)\d\d)"
        rf"|\d{{1,9}}{part}(?:{codes}){part}(?:19|20)\d\d)(?![\w/\-])"
    )
    facts: dict[str, Fact] = {}
    for match in pattern.finditer(plain):
        key = registry_number_key(match[0])
        if key:
            facts.setdefault(key, Fact(key, 0.95, ("registry_number",), match[0]))
    return list(facts.values())
