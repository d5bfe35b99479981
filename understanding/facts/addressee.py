"""The addressee of the letter: the office or person of its address, else of its salutation."""

from __future__ import annotations

import re
from typing import Final

from understanding.facts.letterhead_words import CONTACT
from understanding.facts.lines import Line, text_lines
from understanding.facts.persons import is_role
from understanding.facts.subject_dates import Fact

_OFFICE: Final = (
    r"(?:ال)?(?:مديره?|رييسه?|عامل|والي|مسوول|مكلفه?|مندوبه?|كاتبه?|ممثل|قابض|خازن|مهندس|مسيره?"
    r"|وكيل"
    r"|مصلحه|قسم|مكتب|وكاله|شركه|اداره|مديريه|لجنه|مساهم\w*|مسوولين|مسوولون|مدراء|روساء)"
)
_TO: Final = re.compile(
    r"^\W*(?:(?:a |pour )?l'attention (?:de |du |des |d')|attn\W{1,2}|for the attention of\W{0,2}"
    r"|(?:to|a|destinataire|recipient)\s*[:：]\s*"
    r"|(?:رساله مفتوحه |عنايه )?(?:الي|اي|ايل)\s*[:：]?\s+(?:عنايه )?|(?:ال)?مرسل اليه\s*[:：]\s*"
    r"|(?:من|de la part) [^\n]{2,60}? (?:الي|a) (?=السيد|monsieur|madame))"
    r"(?P<value>\S.{2,160})"
)
_TO_PERSON: Final = re.compile(
    r"^\W*(?:a )?(?P<value>(?:(?:madame, ?)?monsieur l[ea']|madame, ?monsieur le|madame l[ea']"
    r"|messieurs les"
    rf"|the (?:manager|director|head|chief|customer|water|electricity)|السيده? {_OFFICE}|الساده"
    r").{2,160})"
)
_AU: Final = re.compile(
    r"^\W*(?:au|aux|a la|a l') ?(?P<value>(?:chef|directeur|directrice|direction|service"
    r"|responsable"
    r"|president|receveur|bureau|regie|division|departement|commission|societe).{2,100})$"
)
_UNIT: Final = re.compile(
    r"^\W*(?P<value>(?:service|direction|division|departement|bureau|agence|head of|chief|director"
    r"|manager|customer service|department|مصلحه|قسم|مكتب الضبط|اداره|مديريه)(?![^\W_]).{2,80})$"
)
_SALUTATION: Final = re.compile(
    r"^\W*(?P<value>(?:(?:monsieur|madame) l[ea'] ?[^,.!:]{4,60}|السيده? "
    rf"{_OFFICE}[^،,.:]{{0,60}}|سيدي (?:ال)?(?:مدير|رييس)[^،,.:]{{0,40}}))\s*[,،:]"
)
_NOBODY: Final = re.compile(r"whom it may concern|qui de droit|من يهمه الامر|يهمه")
_RESPECTED: Final = re.compile(r"[\s,،]+(?:المحترمه?|المحترمين|الموقره?|حفظه الله|الاكرم)\W*$")
_SUBJECT: Final = re.compile(r"^\W*(?:ا?ل?موضوع|objet|subject|concerne)\W{0,3}[:：]")
_READ: Final = 22  # lines


def find_recipient(text: str) -> Fact | None:
    """Return the addressee; None where the letter names only an e-mail address, or nobody.

    It is the line of the address before the salutation, from the first lines only.
    """
    lines = text_lines(text)[:_READ]
    for pattern, score in ((_TO, 0.8), (_TO_PERSON, 0.75), (_AU, 0.75), (_SALUTATION, 0.6)):
        for number, line in enumerate(lines):
            match = pattern.match(line.folded)
            if match is None or (pattern is _TO_PERSON and _is_salutation(line, number)):
                continue
            value = _addressed(line, match)
            if value:
                return Fact(value, score, ("addressee",), line.text)
    return _unit(lines)


def _addressed(line: Line, match: re.Match[str]) -> str:
    value = line.written(match.start("value"), match.end("value"))
    first, _, more = value.replace("،", ",").partition(",")
    if len(line.text) > 110 or len(more.split()) > 6:  # running text: its first clause alone
        value = re.split(r"[.:؛]", first, maxsplit=1)[0]
    folded = Line.of(value)
    end = _RESPECTED.search(folded.folded)
    value = folded.written(0, end.start() if end else None).strip(" ,،:.;|")
    if "@" in value or _NOBODY.search(folded.folded) or not 3 <= len(value) <= 160:
        return ""
    return value


def _is_salutation(line: Line, number: int) -> bool:
    return number > 3 and line.text.rstrip().endswith((",", "،"))


def _unit(lines: list[Line]) -> Fact | None:
    """Return a unit of ours on a line of its own, between the sender's block and the subject."""
    end = next((n for n, line in enumerate(lines) if _SUBJECT.match(line.folded)), len(lines))
    for line in lines[max(1, end - 4) : end]:
        match = _UNIT.match(line.folded)
        office = match or (is_role(line.text) and "," in line.text)
        if office and not CONTACT.search(line.folded) and len(line.text) <= 90:
            return Fact(line.text.strip(" ,،:."), 0.6, ("addressee",), line.text)
    return None
