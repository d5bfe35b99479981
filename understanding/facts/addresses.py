"""The sender's postal address: after a label, in the head, beside the name, or at the foot."""

from __future__ import annotations

import re
from typing import Final

from language.dates import find_dates
from language.fold import fold
from language.towns import TOWN, is_town
from understanding.facts.letterhead_words import (
    ADDRESSEE,
    BODY,
    CONTACT,
    END,
    NUMBERED,
    ORGANISATION,
)
from understanding.facts.lines import Line
from understanding.facts.persons import find_person, is_role
from understanding.facts.subject_dates import Fact

_LABEL: Final = re.compile(
    r"(?:^|[\s,،;؛(|])(?:adresse|address|domicile|(?:ال)?عنوان(?:ي|ه|ها|نا)?|demeurant(?: au| a"
    r"| a l'adresse)?|domicilie\w*(?: au| a)?|habitant(?: au| a)|sise?(?: au| a)?|residing at"
    r"|living at"
    r"|(?:ال)?(?:ساكنه?|قاطنه?) (?:ب(?=[^\W_])|في )|(?:اقطن|اسكن) (?:ب(?=[^\W_])|في ))\s*[:：]?\s*"
    r"(?P<value>\S.{5,120})"
)
STREET: Final = (
    r"(?:rue|avenue|av\.?|bd\.?|boulevard|lot(?:issement|s)?|hay|derb|douar|quartier|cite|parc"
    r"|residence|imm(?:euble)?\.?|villa|bloc|block|zone industrielle|z\.?i\.?|route|place|angle|km"
    r"|centre|street|road|unit|building|flat|appt|appartement|domaine|technopole|park|riad|ferme"
    r"|b\.?p\.?"
    r"|زنقه|شارع|حي|درب|دوار|تجزيه|اقامه|عماره|فيلا|بلوك|المنطقه الصناعيه|طريق|ساحه|بقعه|شقه|دار)"
)
_STREET: Final = re.compile(rf"(?<![^\W_]){STREET}(?![^\W_])")
_OPENS: Final = re.compile(
    rf"^\W*(?:(?:n\s?[°ºo.]\s?)?\d{{1,4}}\s?(?:bis|ter)?\s?[,،\-]?\s*)?{STREET}(?![^\W_])"
)
_END: Final = re.compile(
    r"[;؛|]|\. |\s[–—]\s(?=\D*\d{2})|[,،]?\s(?:رقم العقد|رقم الاشتراك|العقد|الهاتف|هاتف|أطلب"
    r"|ألتمس|أتقدم|titulaire|abonn|contrat|t[ée]l|gsm|sollicite|demande|vous|ai l'honneur|صاحب"
    r"|الحامل|بطاقة|CIN|CNIE|Phone|Fax)",
    re.IGNORECASE,
)
_FOOT: Final = 6  # lines
_HEAD: Final = 9


def find_address(lines: list[Line]) -> Fact | None:
    """Return the address as written, two lines where the town is alone below; None without one."""
    for line in lines[:60]:
        match = _LABEL.search(line.folded[:600])
        if match and "@" not in match["value"] and _is_place(match["value"]):
            value = _END.split(line.written(match.start("value"), match.end("value")))[0]
            return Fact(value.strip(" .,،"), 0.75, ("address_line",), line.text)
    head = _head(lines)
    for number, line in enumerate(head):
        value = _whole_line(line, first=number == 0)
        if value:
            below = head[number + 1].text if number + 1 < len(head) else ""
            town = below if is_town(below) and not is_town(value.split(",")[-1]) else ""
            value = f"{value}\n{town}" if town else value
            return Fact(value, 0.7, ("address_line",), line.text)
    for line in [*head[:4], *reversed(lines[-_FOOT:])]:
        if value := _beside_name(line):
            return Fact(value, 0.65, ("address_line",), line.text)
    for line in reversed(lines[-_FOOT:]):
        if _OPENS.match(line.folded) and (value := _whole_line(line, first=False)):
            return Fact(value, 0.6, ("address_line",), line.text)
    return _in_passing(lines)


def _head(lines: list[Line]) -> list[Line]:
    """Return the lines of the sender's block: before the subject, without the addressee's."""
    kept: list[Line] = []
    for line in lines[:_HEAD]:
        if END.match(line.folded):
            break
        if ADDRESSEE.match(line.folded):
            if kept:
                break
            continue
        kept.append(line)
    return kept


def _is_place(folded: str) -> bool:
    return bool(_STREET.search(folded) or re.search(r"\d", folded) or re.search(TOWN, folded))


def _whole_line(line: Line, *, first: bool) -> str:
    """Return the line as an address, if it is one: it opens with a street or ends with a town."""
    if (
        len(line.text) > 110
        or find_dates(line.text)
        or is_role(line.text)
        or line.text.endswith((".", "؟", "?", "!"))
        or ". " in line.text[40:]
    ):
        return ""
    text = re.split(
        r"(?i)\s[–—|·-]\s?(?=t[ée]l|gsm|fax|phone|الهاتف|هاتف|\S+@)|\s(?=t[ée]l\b|gsm\b|fax\b|الهاتف)",
        line.text,
    )[0].strip(" .,،|")
    folded = fold(text)
    if CONTACT.search(folded) or (NUMBERED.search(folded) and not _OPENS.match(folded)):
        return ""
    if _OPENS.match(folded) and (re.search(r"\d|[,،]", folded) or len(folded.split()) > 1):
        return text
    pieces = re.split(r"\s*[,،]\s*|\s[–—-]\s", text)
    named = ORGANISATION.search(fold(pieces[0])) or BODY.search(fold(pieces[0]))
    ends = len(pieces) > 1 and is_town(pieces[-1])
    if first or (named and not _STREET.search(folded)) or (find_person(pieces[0]) and not ends):
        return ""
    placed = ends or (len(pieces) > 1 and is_town(pieces[0]) and _STREET.search(folded))
    return text if placed or (len(pieces) > 1 and _STREET.search(folded)) else ""


def _beside_name(line: Line) -> str:
    """Return what follows the name, where it is a place: "Zakaria X, douar Sidi Moussa"."""
    if len(line.text) > 110 or not find_person(line.text):
        return ""
    pieces = re.split(r"\s*([,،])\s*", line.text.strip(" .,،"))
    for number in range(2, len(pieces), 2):
        if _OPENS.match(fold(pieces[number])):
            rest = [piece for piece in pieces[number:] if not CONTACT.search(fold(piece))]
            return re.sub(r" ([,،]) ?", r"\1 ", " ".join(rest)).strip(" .,،")
    return ""


_IN_PASSING: Final = re.compile(
    r"(?:\bflat at|\bhouse at|mon domicile,? (?:sis |situe )?(?:au |a )?|logement (?:sis "
    r"|situe )(?:au |a )?"
    r"|منزلي (?:الكائن )?ب|محلي (?:الكائن )?ب|الكائن ب)\s*(?P<value>[^.;(\n]{8,80})"
)


def _in_passing(lines: list[Line]) -> Fact | None:
    for line in lines[:40]:
        match = _IN_PASSING.search(line.folded[:2000])
        if match and _STREET.search(match["value"]):
            value = line.written(*match.span("value")).strip(" ,،")
            return Fact(value, 0.5, ("address_line",), line.text)
    return None
