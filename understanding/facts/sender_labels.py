"""Where a label names the sender: a mail's header, "Expéditeur :", "من:", a form's "Nom :"."""

from __future__ import annotations

import re
from typing import Final

from language.fold import fold
from understanding.facts.bodies import body_of_office
from understanding.facts.lines import Line
from understanding.facts.persons import find_person, is_role, pieces_of
from understanding.facts.subject_dates import Fact

_LABEL: Final = re.compile(
    r"^\W*(?P<label>(?:ال)?مرسل|من طرف|من|de la part de|de|from|expediteur|emetteur|sender"
    r"|nom(?: complet| et prenoms?)?|prenoms? et nom|demandeur|reclamant|plaignant|full name|name"
    r"|redacteur|redactrice|(?:redige|etabli|ecrit) par|auteur|declarante?|requerante?|prepared by"
    r"|seller|vendor|supplier|vendeur|fournisseur|soumissionnaire|organisme|(?:ال)?مصدر"
    r"|الجهه المرسله"
    r"|(?:ال)?(?:مشتكيه?|مصرحه?|متظلمه?|عارضه?|بايع|مورد)"
    r"|(?:ال)?اسم(?: (?:ال)?كامل)?(?: و(?:ال)?نسب)?|(?:ال)?اسم العايلي(?: والشخصي)?"
    r"|كاتبه?(?:\(ه\))?"
    r"|(?:صاحب(?:ه)? )?(?:ال)?(?:طلب|شكايه)|طالبه?|مقدم(?:ه)?(?: الطلب"
    r"| الشكايه)?)\s*(?:[:：]|/(?=\s))\s*(?P<value>.+)"
)
# A label within a line, behind another matter: "Zone 3 — expéditeur : X", "Émis le … par : Y".
_WITHIN: Final = re.compile(
    r"(?:^|[\s(])(?P<label>expediteur|emetteur|intermediaire|redacteur|sender|المرسل"
    r"|(?:emis|etabli|redige|dresse)e?(?: le [\d./\- ]{6,12})? par)\s*[:：]\s*(?P<value>.+)"
)
# Labels that name who sends, be it a body, and no label of a form's field.
_SENDS: Final = re.compile(
    r"(?:ال)?(?:مرسل|مصدر)$|expediteur|emetteur|sender|seller|vend|supplier|fournisseur|الجهه"
)
_COLUMN: Final = re.compile(r"\s(?=[^\W\d_]+\s?[:：])|\s//\s")
_FROM_WHOM: Final = re.compile(r"^\W*من (?:طرف )?(?P<value>\S.{3,80})$")
_HEADER: Final = re.compile(
    r"^\W*(?:subject|to|date|sent|cc|objet|a|envoye|الي|الموضوع|التاريخ)\s*:"
)
_EMAIL: Final = re.compile(r"[<(\[]?\s*(?:mailto:)?[\w.+%\-]+\s?@\s?[\w.\-]+\s*[>)\]]?")


def mail_header(lines: list[Line]) -> Fact | None:
    """Return the sender of a mail's header: "From: name <address>" among its first lines."""
    top = lines[:8]
    if not any(_HEADER.match(line.folded) for line in top):
        return None
    for line in top:
        match = re.match(r"^\W*(?:from|de|من|expediteur|المرسل|كاتب\(ه\))\s*:\s*", line.folded)
        if match and not re.search(r"\d{4}", line.folded[:20]):
            value = _EMAIL.sub("", line.written(match.end())).strip(" \"'<>()[],;–-")
            value = _named_first(value)
            if 2 <= len(value) <= 80:
                return Fact(value, 0.95, ("mail_header",), line.text)
    return None


def _named_first(value: str) -> str:
    """Return the name without the telephone, the unit or the office behind it."""
    value = re.split(r"(?i)\s\W?(?:fax|t[ée]l|gsm|فاكس|الفاكس|هاتف|الهاتف)\b|\s[–—|-]\s", value)[0]
    first = re.split(r"\s*[,،]\s*", value)[0]
    person = find_person(first)
    return first if person and person.sure else value.strip(" ,،;–-")


def below_header(lines: list[Line]) -> list[Line]:
    """Return the mail without its header, whose subject and addressee do not name the writer."""
    top = [number for number, line in enumerate(lines[:8]) if _HEADER_LINE.match(line.text)]
    return lines[top[-1] + 1 :] if len(top) > 1 and top[0] == 0 else lines


_HEADER_LINE: Final = re.compile(r"(?:Subject|From|To|Cc|Date|Sent): ")


def labelled_sender(lines: list[Line]) -> Fact | None:
    """Return whom a label among the first lines names, or one at the very end of a paper."""
    last = lines[max(15, len(lines) - 4) :]
    for number, line in enumerate([*lines[:15], *last]):
        match = _LABEL.match(line.folded) if number < 15 else None
        match = match or _WITHIN.search(line.folded)
        if match:
            named = _COLUMN.split(line.written(*match.span("value")))[0]
            value = name_in(_NAMED.sub("", _EMAIL.sub("", named)))
            sends = _SENDS.match(match["label"]) is not None
            if value and is_role(value) and sends and body_of_office(value):
                return Fact(value, 0.8, ("sender_label", "body_label"), line.text)
            if value and not is_role(value):
                value = _with_first_name(value, lines, number)
                reasons = ("sender_label", "body_label") if sends else ("sender_label",)
                return Fact(value, 0.8, reasons, line.text)
        bare = _FROM_WHOM.match(line.folded) if number < 4 else None
        person = find_person(line.written(*bare.span("value"))) if bare else None
        if person and person.sure:
            return Fact(person.name, 0.76, ("sender_label",), line.text)
    return None


_NAMED: Final = re.compile(r"^\W*(?:(?:le|la) nommée?|le sieur|المسماة|المسمى)\s+", re.IGNORECASE)


def _with_first_name(value: str, lines: list[Line], number: int) -> str:
    """Return the name of a form with two lines: "Nom : FAKIR", "Prénom : Naïma"."""
    if len(value.split()) > 1 or number + 1 >= len(lines):
        return value
    below = lines[number + 1]
    match = re.match(r"^\W*(?:prenoms?|الاسم الشخصي|first name)\s*:\s*", below.folded)
    return f"{value} {below.written(match.end()).strip()}" if match else value


_TITLE_POINT: Final = re.compile(r"(?<!\w)(Pr|Dr|Me|Mr|Ing)\.\s*")


def name_in(value: str) -> str:
    """Return the name that stands first in a label's value; "" where none does."""
    pieces = pieces_of(_TITLE_POINT.sub(r"\1 ", value))
    name = pieces[0].strip(" .,،:*|-–—'\"") if pieces else ""
    person = find_person(value) if pieces and not find_person(name) else None
    if person and person.sure and len(pieces) > 1:
        name = person.name
    good = 2 <= len(name) <= 80 and not re.search(r"\d|@", name) and fold(name) not in ("", "-")
    return name if good else ""
