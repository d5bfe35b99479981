"""The foot of a letter: who signs, and in which office."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from language.dates import find_dates
from language.fold import fold
from understanding.facts.bodies import body_alone, body_of_office, is_company
from understanding.facts.head_block import role_beside
from understanding.facts.letterhead_words import BODY, CONTACT, NOT_SENDER, ORGANISATION
from understanding.facts.lines import Line
from understanding.facts.persons import Person, find_person, is_role, pieces_of
from understanding.facts.subject_dates import Fact, is_title

ENCLOSED: Final = re.compile(
    r"^\W*(?:p\.?\s?j|pieces?\b|annexes?|ci-joint|encl|attach|capture|(?:ال)?مرفق|رفقته"
    r"|الوثايق المرفقه"
    r"|طيه|نسخه|copie|cc\b|c\.c|ampliation|ps\b|p\.s|\W{0,2}\d{1,2}\s?[.)\-]|[-–—•*▪])"
)
CLOSING: Final = re.compile(
    r"salutations|consideration|cordialement|respectueu|remerciements|merci|sincerely|faithfully"
    r"|regards|wishes|thanks|devoue|respect\b|bien a vous|sentiments|attente|الاحترام|التقدير"
    r"|التحيات"
    r"|الشكر|شكرا|احترامي|والسلام|السلام|الامتنان|السداد|الاجر"
)
_FOOT: Final = re.compile(
    r"^\W*(?:الامضاء|التوقيع|توقيع|امضاء|signature|signe|sign\w*|imza|عن [^:]{2,30}"
    r"|pour [^:]{2,40})"
    r"\W*[:：]\s*"
)
_LAST: Final = 9  # lines


@dataclass(frozen=True, slots=True)
class Foot:
    """The signatory and their office; None for what the foot does not say."""

    person: Fact | None = None
    role: Fact | None = None
    organisation: Fact | None = None


def read_foot(lines: list[Line], *, head: int) -> Foot:
    """Read the signature under a letter; `head` lines at the top belong to its head."""
    last = _without_enclosures(lines[max(head, 0) :])[-_LAST:]
    roles = [_role_of(line) for line in last]
    best: tuple[float, int] | None = None
    found: Person | None = None
    for number in reversed(range(len(last))):
        who = _signs(last[number])
        if who is None:
            continue
        score = _believed(who, last, roles, number)
        score += 0.05 if score and _presides(last, number) else 0
        if score and (best is None or score > best[0] + 0.04):
            best, found = (score, number), who
    body = _signed_for(last) or _body_beside(last, best[1] if best else None)
    if best is None or found is None:
        role = next((role for role in reversed(roles[-3:]) if role), None)
        return Foot(None, role, body)
    score, number = best
    fact = Fact(found.name, score, ("signature",), last[number].text)
    near = [role_beside(found, last[number]), *roles[max(0, number - 1) : number][::-1]]
    near += roles[number + 1 : number + 2]
    return Foot(fact, next((role for role in near if role), None), body)


def _signed_for(last: list[Line]) -> Fact | None:
    """Return the body for which somebody signs: "Pour la société X", "عن جمعية X"."""
    for line in last:
        match = _FOR.match(line.folded)
        named = re.split(r"[:,،؛]", line.written(match.end()))[0].strip(" .") if match else ""
        who = fold(named)
        body = ORGANISATION.search(who) or BODY.search(who) or _WITH_ARTICLE.match(who)
        if body and len(named) <= 80 and not is_role(named) and not find_dates(named):
            return Fact(named, 0.62, ("signature",), line.text)
    return None


def _body_beside(last: list[Line], number: int | None) -> Fact | None:
    """Return the body that stands at the signature: behind the office, or on a line of its own."""
    around = last[-3:] if number is None else last[max(0, number - 2) : number + 4]
    for line in around:
        if CLOSING.search(line.folded):
            continue
        named = "" if find_person(line.text) else body_of_office(line.text)
        named = named or next(filter(is_company, map(body_of_office, pieces_of(line.text)[1:])), "")
        if named:
            return Fact(named, 0.6, ("signature",), line.text)
    below = around[-1:] if number is None else last[number + 1 : number + 4]
    return next((body for line in below if (body := body_alone(line))), None)


def _presides(last: list[Line], number: int) -> bool:
    """Return whether this is who presides, where several sign side by side or below each other."""
    above = last[number - 1].folded if number else ""
    return bool(_CHAIRS.match(last[number].folded) or _CHAIR.match(above))


_CHAIR: Final = re.compile(r"^\W*(?:(?:le |la |l['’])?presidente?|(?:ال)?رييسه?)\W*$")
_CHAIRS: Final = re.compile(r"^\W*(?:(?:le |la |l['’])?president\w*|(?:ال)?رييسه?)(?![^\W_])")
_FOR: Final = re.compile(r"^\W*(?:pour (?:la |le |les |l['’])?|p/\s?|for (?:the )?|عن )")
_WITH_ARTICLE: Final = re.compile(
    r"^(?:ال)?(?:جمعيه|شركه|تعاونيه|ودادي|موسسه|مقاوله|نقابه|fiduciaire|mutuelle)"
)


def _without_enclosures(lines: list[Line]) -> list[Line]:
    """Leave out the enclosures, copies and remarks under a signature, which hold no name."""
    return [line for line in lines if not ENCLOSED.match(line.folded)]


def _signs(line: Line) -> Person | None:
    if len(line.text) > 90 or is_title(line) or NOT_SENDER.match(line.folded):
        return None
    if body_alone(line) and not is_role(line.text):
        return None
    text = line.text[_length_of_label(line) :]
    if len(text.split()) > 12 or _is_phrase(text):
        return None
    return find_person(text)


def _is_phrase(text: str) -> bool:
    ended = text.rstrip().endswith((".", "؟", "!"))
    return ended and (len(text) > 40 or len(text.split()) > 3)


def _length_of_label(line: Line) -> int:
    label = _FOOT.match(line.folded)
    return line.places[label.end()] if label else 0


def _believed(who: Person, last: list[Line], roles: list[Fact | None], number: int) -> float:
    """Return how surely this is the signatory; 0 where a line only resembles a name."""
    line = last[number]
    before = last[number - 1].folded if number else ""
    signed = bool(_FOOT.match(line.folded))
    beside = bool(roles[number] or (number and roles[number - 1]) or who.rest)
    from_end = len(last) - 1 - number
    alone = not who.rest or all(_is_aside(part) for part in who.rest)
    if not alone and not signed:
        return 0.0
    if who.sure:
        return 0.66 if beside or signed or CLOSING.search(before) else 0.6 - 0.02 * from_end
    if line.text.rstrip().endswith((".", "؟", "!")):
        return 0.0  # the last words of a phrase
    if signed or CLOSING.search(before) or (number and roles[number - 1]):
        return 0.55
    if number + 1 < len(last) and roles[number + 1] and from_end <= 3:
        return 0.53  # the name, and the office below it
    if any(re.search(r"\d", part) and not _is_dated(part) for part in who.rest):
        return 0.0  # a sum, a number: the line of a table
    after = last[number + 1].folded if number + 1 < len(last) else ""
    ends = from_end == 0 or CONTACT.search(after) or find_dates(after)
    return 0.5 if ends and from_end <= 2 else 0.0


def _is_dated(part: str) -> bool:
    return bool(CONTACT.search(fold(part)) or find_dates(part))


def _is_aside(part: str) -> bool:
    """Return whether this may stand beside a signature: office, address, telephone, date."""
    folded = fold(part)
    return bool(
        is_role(part)
        or CONTACT.search(folded)
        or find_dates(part)
        or re.search(r"\d", folded)
        or len(part.split()) <= 4
    )


def _role_of(line: Line) -> Fact | None:
    """Return the line as an office, where it is one and nothing else."""
    text = line.text.strip(" .,،:")
    if len(text) > 80 or len(text.split()) > 10 or re.search(r"\d|@", text):
        return None
    if not is_role(text) or CLOSING.search(line.folded):
        return None
    return Fact(text, 0.7, ("signature",), line.text)
