"""Bodies without any word of bodies in their name: by the place and the letters of their line."""

from __future__ import annotations

import re
from typing import Final

from language.dates import find_dates
from language.towns import is_town
from understanding.facts.letterhead_words import (
    ADDRESS,
    ADDRESSEE,
    CONTACT,
    END,
    INVOCATION,
    NOT_SENDER,
    NUMBERED,
    STATE,
)
from understanding.facts.lines import Line
from understanding.facts.persons import find_person, is_role
from understanding.facts.subject_dates import Fact, is_title

# What a paper is, not who writes it: a heading that opens with one names nobody.
_PAPER: Final = re.compile(
    r"^\W*(?:(?:premiere?|deuxieme|troisieme|derniere?|\d\w{0,4}) )?(?:lettre|demandes?|reclamation"
    r"|plainte|relance|rappel|rapport|compte|note|facture|devis|avis|avenant|attestation|proces|pv"
    r"|bordereau|convocation|invitation|candidature|mise|objet|offre|contestation|opposition|requete"
    r"|declaration|formulaire|fiche|engagement|bulletin|communique|decision|suggestion|signalement"
    r"|invoice|quotation|request|complaint|letter|notice|memo|reminder|application|report|ce jour"
    r"|(?:ال)?(?:طلب|شكايه|رساله|تظلم|تذكير|انذار|اشعار|استفسار|مذكره|تقرير|محضر|ورقه|فاتوره|بيان|اعلان"
    r"|بلاغ|اخبار|اعلام|دعوه|عرض|عريضه|تعرض|ملتمس|استعطاف|تصريح|اقرار|التزام|ارساليه|جواب|رد|نداء"
    r"|مراسله|تبليغ|اعذار|استدعاء|برقيه|احاله|موضوع|قرار|شهاده|كشف|جدول|مطبوع|استماره))(?![^\W_])"
)
_SIGN: Final = re.compile(r"[:：@؟?!،,;؛]|\d|\.$|^[\W]")
_CAPITALS: Final = re.compile(r"^[A-ZÀ-Þ&'’.\- ]{6,60}$")
_MOST_WORDS: Final = 9


def unlisted_body(lines: list[Line], person: Fact | None) -> Fact | None:
    """Return the line that is a body's by its place: the first, or one under a signature."""
    if not person:
        return _first(lines[0], lines[1:2], capitals=True) if lines else None
    found = _first(lines[0], lines[1:2], capitals=person.words == lines[0].text) if lines else None
    return found if found and found.words != person.words else _below(lines, person)


def _plain(line: Line) -> bool:
    """Return whether the line is a few words that are no person, place, greeting or sentence."""
    words = line.text.split()
    if not 1 < len(words) <= _MOST_WORDS or _SIGN.search(line.text) or is_town(line.text):
        return False
    known = (ADDRESS, ADDRESSEE, END, INVOCATION, NOT_SENDER, NUMBERED, STATE, _PAPER)
    if any(pattern.match(line.folded) for pattern in known) or CONTACT.search(line.folded):
        return False
    return not (is_title(line) or is_role(line.text) or find_dates(line.text)
                or ((who := find_person(line.text)) and who.sure))  # fmt: skip


def _first(line: Line, below: list[Line], *, capitals: bool) -> Fact | None:
    if not _plain(line) or not (line.text.isupper() or not capitals):
        return None
    noun = _CAPITALS.match(line.text) or re.match(r"^[\u0621-\u064a]{3,}ة (?:ال|ل)", line.text)
    good = noun and not any(find_person(one.text) for one in below)
    return Fact(line.text.strip(" .-–—"), 0.56, ("letterhead",), line.text) if good else None


def _below(lines: list[Line], person: Fact) -> Fact | None:
    """Return a line of capitals or a foreign company's, under the name that signs."""
    named = [n for n, line in enumerate(lines) if person.value in line.text]
    place = named[-1] if named else None
    if place is None or place < len(lines) // 3:
        return None
    for line in lines[place + 1 : place + 4]:
        name = _FORM.search(line.text) if not re.search(r"[:@]", line.text) else None
        if name or (_CAPITALS.match(line.text) and _plain(line)):
            return Fact(line.text.strip(" -–—"), 0.56, ("signature",), line.text)
    return None


# Legal forms of companies abroad.
_FORM: Final = re.compile(
    r"\s(?:A\.?[ŞS]\.?|B\.?V\.?|N\.?V\.?|S\.?[Pp]\.?A\.?|S\.?r\.?l\.?|S\.?L\.?U?\.?|GmbH|AG|Oy|AB|A/S|PLC"
    r"|Corp\.?|Inc\.?|Ltd\.?|LLC|LLP|Pty|Co\.,? ?Ltd\.?|s\.?n\.?c\.?|S\.?A\.?S\.?|S\.?A\.?)\s*$"
)
