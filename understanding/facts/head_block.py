"""What the lines of a letter's head name: the body that writes, its unit, the person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from language.fold import fold
from understanding.facts.bodies import body_of_office, is_company
from understanding.facts.letterhead_words import (
    ADMITTED,
    BODY,
    BRANCH,
    INSTITUTION,
    MASTER,
    MINISTRY,
    OF_MASTER,
    ORGANISATION,
    STATE,
    STREET,
    TAIL_UNIT,
    TERRITORY,
    UNIT,
)
from understanding.facts.lines import Line
from understanding.facts.persons import (
    Person,
    find_person,
    has_given_name,
    is_role,
    names_office_only,
    pieces_of,
)
from understanding.facts.subject_dates import Fact


@dataclass
class Block:
    """What the lines read so far have named."""

    in_state: bool
    commercial: bool = False
    dated: bool = False
    organisation: Fact | None = None
    person: Fact | None = None
    role: Fact | None = None
    person_first: bool = False

    def take(self, line: Line, whole: Line, number: int, *, first: bool, over_branch: bool) -> None:
        """Assign the line to its part; `first`: its position is that of a name.

        `over_branch`: a branch or a service stands below it, as no person has one.
        """
        who = find_person(line.text)
        if self.person_first and TERRITORY.match(line.folded):
            return  # where the person lives
        if _is_office(line) and not _sure(who):
            self._headed(line, whole)
        if self.person and is_role(line.text):
            self._office(line, whole)
        elif self._is_body(line, who):
            self.organisation = _organisation(line, whole, 0.78 - 0.02 * number)
            self.person = self.person or _master(line, whole)
        elif UNIT.match(line.folded) and self.organisation and not self.role and not self.dated:
            self._office(line, whole)
        elif score := self._unlisted(who, first=first, over_branch=over_branch):
            self.organisation = _organisation(line, whole, score)
        elif who and not self.person and (who.sure or self._may_be_person(line, first=first)):
            self.person = Fact(who.name, 0.7 if who.sure else 0.62, ("top_block",), whole.text)
            self._headed_by(who, line, whole, number)
        elif is_role(line.text) and self.organisation:
            self._office(line, whole)
        elif first and not (self.organisation or self.person):
            self.organisation = _organisation(line, whole, 0.6)

    def _headed_by(self, who: Person, line: Line, whole: Line, number: int) -> None:
        """Take who stands in the head; the first line names a notary's office as well."""
        self.person_first = self.organisation is None
        if number == 0 and _PRACTICE.search(line.folded):
            self.organisation = _organisation(line, whole, 0.6)
        self.role = self.role or role_beside(who, whole)

    def _unlisted(self, who: Person | None, *, first: bool, over_branch: bool) -> float:
        """Return how surely a line without a word of bodies names one, by its place; else 0."""
        if self.in_state and (self._only_ministry() or not (self.organisation or _sure(who))):
            return 0.72
        if _sure(who) or self.organisation or self.person:
            return 0.0
        return 0.7 if over_branch else 0.62 if first and self.commercial else 0.0

    def _may_be_person(self, line: Line, *, first: bool) -> bool:
        return first and not self.commercial and not STREET.search(line.folded)

    def _office(self, line: Line, whole: Line) -> None:
        office = re.sub(r"^من\s+", "", clean_name(line.text))
        self.role = self.role or Fact(office, 0.6, ("letterhead",), whole.text)

    def _headed(self, line: Line, whole: Line) -> None:
        """Take the body that an office heads, where no line names it: "من رئيس جماعة X"."""
        body = "" if self.organisation or self.person_first else body_of_office(line.text)
        if body:
            self.organisation = Fact(body, 0.66, ("letterhead",), whole.text)

    def _only_ministry(self) -> bool:
        return bool(self.organisation and MINISTRY.search(fold(self.organisation.value)))

    def _is_body(self, line: Line, who: Person | None) -> bool:
        """Return whether the line names the issuing body, better than what was read before.

        The head of an authority goes from the kingdom down: of its bodies the last one writes, and
        not the service below it.
        """
        named = BODY.search(line.folded) or ORGANISATION.search(line.folded)
        if not named or ADMITTED.match(line.folded) or re.match(r"^[^:]{0,12}:", line.text):
            return False
        if re.match(r"^\W*(?:من |le |la |l['’]|the )", line.folded) and _is_office(line):
            return False
        first = fold(next(iter(pieces_of(line.text)), ""))
        if _sure(who) and (is_role(line.text) or not ORGANISATION.search(first)):
            return False
        if self.organisation is None:
            return True
        master = bool(MASTER.search(line.folded))
        if not self.in_state or self.dated or (UNIT.match(line.folded) and not master):
            return False
        above = fold(self.organisation.value)
        if _CHAMBER.search(line.folded) and _COURT.search(above):
            return False
        return not (INSTITUTION.match(above) and BRANCH.match(line.folded))


# A court's chamber is a part of it; a chamber of trade is a body.
_CHAMBER: Final = re.compile(r"^\W*(?:[^\W\d_]+ )?(?:chambre|section|(?:ال)?غرفه)(?![^\W_])")
_COURT: Final = re.compile(r"cour|tribunal|محكمه|المجلس (?:ال)?(?:جهوي|اعلي)")


# Whose office is known by their name.
_PRACTICE: Final = re.compile(
    r"(?<![^\W_])(?:notaire|huissier|adoul|geometre|(?:ال)?موثقه?"
    r"|(?:ال)?مفوضه? (?:ال)?قضاييه?|(?:ال)?عدل)"
    r"(?![^\W_])"
)


def _is_office(line: Line) -> bool:
    """Return whether the line is an office, or names it as where the letter comes from."""
    return is_role(re.sub(r"^\W*من\s+", "", line.text))


def of_state(line: Line) -> bool:
    return bool(STATE.search(line.folded) or MINISTRY.match(line.folded))


def _sure(who: Person | None) -> bool:
    return who is not None and who.sure


def is_street(line: Line) -> bool:
    return bool(STREET.search(line.folded) and re.search(r"\d", line.folded))


def _master(line: Line, whole: Line) -> Fact | None:
    """Return the lawyer, bailiff or doctor whose office has the name: "Étude de Maître X"."""
    match = OF_MASTER.search(line.folded) or _OFFICE_OF.match(line.folded)
    person = find_person(clean_name(line.written(match.start("who")))) if match else None
    return Fact(person.name, 0.7, ("letterhead",), whole.text) if person and person.sure else None


_OFFICE_OF: Final = re.compile(r"^\W*(?:etude|cabinet|عياده) (?:de |d['’])?(?P<who>[^\d:,]{4,40})$")


def _organisation(line: Line, whole: Line, score: float) -> Fact:
    return Fact(clean_name(line.text), round(score, 2), ("letterhead",), whole.text)


def role_beside(who: Person, line: Line) -> Fact | None:
    """Return the office that a line names beside the person, as written."""
    for part in who.rest:
        named = has_given_name(part.split()[:2]) and not names_office_only(fold(part))
        if is_role(part) and not named and len(part.split()) <= 10:
            return Fact(part.strip(" .,،"), 0.7, ("signature",), line.text)
    return None


def clean_name(value: str) -> str:
    """Return the name without a slogan, an address or a telephone after a dash."""
    parts = re.split(r"\s[–—|·•-]\s", value)
    name = parts[0]
    where = TERRITORY.match(fold(parts[-1])) and is_company(parts[0])
    tail = len(parts) > 1 and TAIL_UNIT.match(fold(parts[1])) and not where
    if tail and not re.search(r"\d", parts[1]):
        name = value[: value.index(parts[1]) + len(parts[1])]
    if "," in name or "،" in name:
        first, _, rest = name.replace("،", ",").partition(",")
        name = first if STREET.search(fold(rest)) or re.search(r"\d", rest) else name
    name = re.split(r"(?i)\s(?:t[ée]l|gsm|fax|ice|الهاتف)\b", name)[0]
    return name.strip(" .,،:*|-–—'\"«»_")
