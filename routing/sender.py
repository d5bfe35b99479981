"""Who wrote the letter: by a label, a declaration, the letterhead, or the name at the foot."""

from __future__ import annotations

import re
from email.utils import parseaddr
from typing import Final

from language.dates import find_dates
from routing.facts import Fact, is_title
from routing.lines import Line, text_lines

_LABEL: Final = re.compile(
    r"^\W*(?:من|المرسل|de|from|expediteur|sender|nom|الاسم|اسم"
    r"|nom et prenom|الاسم الكامل)\s*:\s*(.+)"
)
_DECLARES: Final = re.compile(
    r"(?:je soussigne\w*|انا الموقعه? اسفله|انا الموقعه? ادناه)\s*[,،:]?\s*(?:السيده? )?"
    r"([^,،.:\n]{4,60}?)(?=[,،.:]|\s(?:demeurant|demande|sollicite|اطلب|التمس|الساكن|نحن|القاطن)|$)"
)
_ORGANISATION: Final = re.compile(
    r"\b(?:شركه|شركة|جمعيه|تعاونيه|موسسه|بنك|وكاله|مكتب|نقابه|ودادي\w*|مقاوله|غرفه|نادي|مطبعه|مخبزه|"
    r"s\.?a\.?r\.?l|s\.?a\b|societe|association|syndicat\w*|compagnie|cooperative|cabinet|etude|banque|"
    r"assurances?|garage|entreprise|papeterie|laborator\w+|university|company|ltd|carrieres|reseaux)\b"
)
_STATE: Final = re.compile(r"المملكه المغربيه|اململكه|royaume du maroc")
_BODY: Final = re.compile(
    r"(?:^|\b)(?:وزاره|ولايه|عماله|اقليم|جماعه|الجماعه|محكمه|المحكمه|مكتب الاستا\w*|مجلس|مديريه"
    r"|ديوان|ministere|wilaya|province|prefecture|commune|tribunal|direction|etude de|maitre"
    r"|cabinet)\b"
)
_PERSON: Final = re.compile(r"^\W*(?:السيده?|الانسه|ذ\.|الاستاذه?|m\.|mme|mlle|mr|mrs|dr)\W+\S")
_NOT_A_NAME: Final = re.compile(
    r"\d|[@:؟?]|الموضوع|objet|subject|الامضاء|signature|توقيع|salutations|consideration|الاحترام|"
    r"التقدير|شكرا|merci|attente|cachet|وتفضلوا|veuillez|regards|faithfully|رفقته|pieces|صاحب|مشترك|عقد"
)
_MINISTRY: Final = re.compile("وزاره|ministere")
_MASTER: Final = re.compile("استاذ|الاستا|maitre")
_OFFICER: Final = re.compile("مدير|رييس|directeur|chef|directrice")
_OF_PERSON: Final = re.compile(r"هاتف|tel|@|عقد|contrat|\d")
_TO_US: Final = re.compile(
    r"^\W*(?:الي|ايل|a |to |monsieur|madame|messieurs|السيد|dear|regie|service"
    r"|نسخه|سلام|تحيه|le |la )"
)
_FOOT: Final = re.compile(
    r"^\W*(?:الامضاء|التوقيع|توقيع|signature|signe|sign\w*|imza)\W*:?\s*(.*)$"
)


def find_sender(text: str) -> Fact | None:
    """The sender's name as written in the letter, or None where nothing looks like one."""
    lines = text_lines(text)
    if not lines:
        return None
    if header := _mail_header(lines):
        return header
    readings = (_labelled, _state_body, _letterhead, _declared, _first_person, _at_the_foot)
    found = [fact for read in readings if (fact := read(lines))]
    return max(found, key=lambda fact: fact.score, default=None)


def find_organisation(text: str) -> Fact | None:
    """The body or company in whose name the letter is written, from its head; None for persons."""
    lines = text_lines(text)
    return (_state_body(lines) or _letterhead(lines)) if lines else None


def _mail_header(lines: list[Line]) -> Fact | None:
    """A mail names its sender itself: "From: name <address>" among its first headers."""
    head = lines[:4]
    if not any(re.match(r"(?:Subject|To|Date): ", line.text) for line in head):
        return None
    sender = next((line for line in head if line.text.startswith("From: ")), None)
    name, address = parseaddr(sender.text.removeprefix("From: ")) if sender else ("", "")
    named = _name(name) if name != address else ""
    return Fact(named, 0.95, ("mail_header",), sender.text) if sender and named else None


def _labelled(lines: list[Line]) -> Fact | None:
    for line in lines[:15]:
        match = _LABEL.match(line.folded)
        value = _name(line.written(match.start(1))) if match else ""
        if value:
            return Fact(value, 0.8, ("sender_label",), line.text)
    return None


def _declared(lines: list[Line]) -> Fact | None:
    """ "Je soussigné X", "أنا الموقع أسفله X"."""
    for number, line in enumerate(lines):
        following = f" {lines[number + 1].text}" if number + 1 < len(lines) else ""
        both = Line.of(line.text + following)
        match = _DECLARES.search(both.folded)
        if match and match.start() <= len(line.folded):
            value = _name(both.written(match.start(1), match.end(1)))
            if value and len(value.split()) <= 6:
                return Fact(value, 0.7, ("declaration",), line.text)
    return None


def _state_body(lines: list[Line]) -> Fact | None:
    """Under the kingdom's name: the office itself rather than its ministry."""
    for number, line in enumerate(lines[:6]):
        if _STATE.search(line.folded):
            under = [one for one in lines[number : number + 6] if _BODY.search(one.folded)]
            offices = [one for one in under if not _MINISTRY.search(one.folded)]
            chosen = next((one for one in offices if _MASTER.search(one.folded)), None)
            best = chosen or next(iter(offices or under), None)
            return Fact(_clean(best.text), 0.75, ("letterhead",), best.text) if best else None
    return None


def _letterhead(lines: list[Line]) -> Fact | None:
    for number, line in enumerate(lines[:5]):
        if _TO_US.match(line.folded) and not _BODY.match(line.folded):
            if number == 0:
                continue
            return None
        if find_dates(line.text) or len(line.text) > 90 or ":" in line.text[:12]:
            continue
        if _ORGANISATION.search(line.folded) or _BODY.match(line.folded):
            return Fact(_clean(line.text), 0.75 - 0.03 * number, ("letterhead",), line.text)
    return None


def _first_person(lines: list[Line]) -> Fact | None:
    """A person's own block at the top: name, address, telephone, before the addressee."""
    for number, line in enumerate(lines[:6]):
        if _PERSON.match(line.folded) and not _OFFICER.search(line.folded):
            return Fact(_clean(line.text), 0.68, ("top_block",), line.text)
        if find_dates(line.text):
            continue
        if _TO_US.match(line.folded):
            return None
        below = lines[number + 1 : number + 4]
        if _looks_like_name(line) and any(_OF_PERSON.search(one.folded) for one in below):
            return Fact(_clean(line.text), 0.62, ("top_block",), line.text)
    return None


def _at_the_foot(lines: list[Line]) -> Fact | None:
    for line in reversed(lines[-6:]):
        signed = _FOOT.match(line.folded)
        after = _name(line.text.split(":", 1)[1]) if ":" in line.text else ""
        if after and (signed or (len(line.text) <= 60 and _looks_like_name(Line.of(after)))):
            return Fact(after, 0.55, ("signature",), line.text)
        if not signed and _looks_like_name(line):
            return Fact(_clean(line.text), 0.5, ("signature",), line.text)
    return None


def _looks_like_name(line: Line) -> bool:
    words = line.text.split()
    if not 2 <= len(words) <= 5 or len(line.text) > 45 or is_title(line):
        return False
    if _NOT_A_NAME.search(line.folded) or line.text.endswith((".", "،", ",", "؛")):
        return False
    small = [word for word in words if word[0].islower() and len(word) > 3]
    return not small  # Arabic knows no capitals: there all words pass


def _name(value: str) -> str:
    value = _clean(re.split(r"[,،(;]", value.strip(), maxsplit=1)[0])
    return value if 2 <= len(value) <= 80 and not re.search(r"\d", value) else ""


def _clean(value: str) -> str:
    return re.split(r"\s[–—|·-]\s", value)[0].strip(" .,،:*|-–—'\"")
