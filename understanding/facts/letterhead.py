"""The head of a letter: its issuer, before the addressee and the subject.

A head is a handful of short lines in any order: the kingdom and the ministry, the office that
writes, its unit, a person, address, telephone, numbers, place and date. Each line is classified by
its content; an unclassified line that comes first is a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from language.dates import find_dates
from language.detect import script_share
from language.fold import fold
from understanding.facts.letterhead_words import (
    ADDRESS,
    ADDRESSEE,
    ADMITTED,
    BODY,
    BRANCH,
    CONTACT,
    END,
    GOES_ON,
    INSTITUTION,
    INVOCATION,
    MASTER,
    MINISTRY,
    NUMBERED,
    OF_MASTER,
    ORGANISATION,
    STATE,
    STREET,
    TAIL_UNIT,
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
from understanding.facts.subject_dates import Fact, is_title

MOST_LINES: Final = 14
_LONG: Final = 95  # characters: running text, not a head


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a letter names: the body, its unit, the person; each None if absent."""

    organisation: Fact | None = None
    person: Fact | None = None
    role: Fact | None = None
    person_first: bool = False
    lines: int = 0  # how many lines belong to it


def read_head(lines: list[Line]) -> Head:
    """Read the head of a letter: its lines before the addressee and, if need be, after it."""
    kept: list[Line] = []
    addressed: list[Line] = []
    number, seen = min(len(lines), MOST_LINES), False
    for place, line in enumerate(lines[:MOST_LINES]):
        long = len(line.text) > _LONG and not STATE.search(line.folded)
        if long or END.match(line.folded) or _is_sentence(line):
            number = place
            break
        if ADDRESSEE.match(line.folded) and not _titled_person(line):
            seen = True
            continue
        (addressed if seen else kept).append(line)
    arabic = script_share(" ".join(line.text for line in lines[:40])) >= 0.5
    first = _named(list(_told_apart(_joined(kept), arabic)))
    if first.organisation or first.person:
        return Head(first.organisation, first.person, first.role, first.person_first, number)
    sure = [line for line in addressed if (who := find_person(line.text)) and who.sure]
    second = _named(list(_told_apart(sure[:2], arabic)))
    return Head(None, second.person, second.role or first.role, True, number)


def _is_sentence(line: Line) -> bool:
    """Return whether the line is running text: several words, the last of them full-stopped."""
    words = line.text.split()
    return len(words) > 4 and bool(re.search(r"[^\W\d_]{4,}[.؟!]$", words[-1]))


def _joined(lines: list[Line]) -> list[Line]:
    """Join the second line of a body's long name to its first."""
    out: list[Line] = []
    for line in lines:
        above = out[-1] if out else None
        if above and GOES_ON.match(line.text) and _may_go_on(above):
            out[-1] = Line.of(f"{above.text} {line.text}")
        else:
            out.append(line)
    return out


def _may_go_on(line: Line) -> bool:
    named = BODY.search(line.folded) or ORGANISATION.search(line.folded)
    return bool(named) and not re.search(r"\d|[.:]$", line.text)


def _titled_person(line: Line) -> bool:
    """Return whether a line that begins as an addressee does is a person: "M. Brahim Tazi"."""
    person = find_person(line.text)
    return bool(person and person.sure and not is_role(re.sub(r"^\W*\w+\W+", "", line.text)))


def _told_apart(lines: list[Line], arabic: bool) -> Iterator[tuple[Line, Line]]:
    """Yield each line with its half in the letter's own script where it has the name in both."""
    for line in lines:
        share = script_share(line.text)
        if 0.15 < share < 0.85 and not CONTACT.search(line.folded):
            runs = re.findall(
                r"[\u0600-\u06ff][\u0600-\u06ff\s.,،'\-]*"
                if arabic
                else r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ\s.,'’\-]*",
                line.text,
            )
            longest = max(runs, key=len, default="").strip()
            if len(longest) >= 6:
                yield Line.of(longest), line
                continue
        yield line, line


def _named(lines: list[tuple[Line, Line]]) -> Head:
    block = _Block(in_state=any(_of_state(line) for line, _ in lines[:4]))
    for number, (line, whole) in enumerate(lines):
        block.dated = block.dated or bool(find_dates(line.text))
        if _says_no_name(line) or (block.person and _is_street(line)):
            continue
        below = lines[number + 1][0].folded if number + 1 < len(lines) else ""
        over_branch = bool(number < 2 and (UNIT.match(below) or BRANCH.match(below)))
        first = over_branch or _stands_as_name(lines, number)
        block.take(line, whole, number, first=first, over_branch=over_branch)
    return Head(block.organisation, block.person, block.role, block.person_first)


@dataclass
class _Block:
    """What the lines read so far have named."""

    in_state: bool
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
        if self.person and is_role(line.text):
            self._office(line, whole)
        elif self._is_body(line, who):
            self.organisation = _organisation(line, whole, 0.78 - 0.02 * number)
            self.person = self.person or _master(line, whole)
        elif UNIT.match(line.folded) and self.organisation and not self.role and not self.dated:
            self._office(line, whole)
        elif self.in_state and (self._only_ministry() or not (self.organisation or _sure(who))):
            self.organisation = _organisation(line, whole, 0.72)
        elif over_branch and not (_sure(who) or self.organisation or self.person):
            self.organisation = _organisation(line, whole, 0.7)
        elif who and not self.person and (who.sure or (first and not STREET.search(line.folded))):
            self.person = Fact(who.name, 0.7 if who.sure else 0.62, ("top_block",), whole.text)
            self.person_first = self.organisation is None
            self.role = self.role or role_beside(who, whole)
        elif is_role(line.text) and self.organisation:
            self._office(line, whole)
        elif first and not (self.organisation or self.person):
            self.organisation = _organisation(line, whole, 0.6)

    def _office(self, line: Line, whole: Line) -> None:
        self.role = self.role or Fact(_clean(line.text), 0.6, ("letterhead",), whole.text)

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
        if re.match(r"^\W*(?:le |la |l['’]|the )", line.folded) and is_role(line.text):
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
        return not (INSTITUTION.match(above) and BRANCH.match(line.folded))


def _of_state(line: Line) -> bool:
    return bool(STATE.search(line.folded) or MINISTRY.match(line.folded))


def _sure(who: Person | None) -> bool:
    return who is not None and who.sure


def _says_no_name(line: Line) -> bool:
    if STATE.search(line.folded) and not re.sub(STATE, "", line.folded).strip(" .-–*"):
        return True
    if INVOCATION.match(line.folded):
        return True
    if find_dates(line.text) or is_title(line) or len(line.text) < 4:
        return True
    if ADDRESS.match(line.folded) and not ORGANISATION.search(line.folded):
        return True
    if _is_street(line) and not find_person(line.text):
        first = re.split(r"[,،]|\s[–—-]\s", line.folded)[0]
        return bool(re.search(r"\d", first)) or not ORGANISATION.search(first)
    if CONTACT.search(line.folded) and not (
        find_person(line.text) or ORGANISATION.search(line.folded)
    ):
        return True
    return bool(NUMBERED.search(line.folded) and re.search(r"\d", line.folded))


def _is_street(line: Line) -> bool:
    return bool(STREET.search(line.folded) and re.search(r"\d", line.folded))


def _master(line: Line, whole: Line) -> Fact | None:
    """Return the lawyer, bailiff or doctor whose office has the name: "Étude de Maître X"."""
    match = OF_MASTER.search(line.folded)
    person = find_person(_clean(line.written(match.start("who")))) if match else None
    return Fact(person.name, 0.7, ("letterhead",), whole.text) if person and person.sure else None


def _stands_as_name(lines: list[tuple[Line, Line]], number: int) -> bool:
    """Return whether a block's first line is a name, by an address, a phone or our number below."""
    line = lines[number][0]
    words = line.text.split()
    if (
        number > 2
        or not 1 <= len(words) <= 8
        or ":" in line.text
        or line.text.endswith((".", "؟", "?"))
    ):
        return False
    if re.search(r"\d", line.text) or line.text[:1].islower():
        return False
    below = [one for one, _ in lines[number + 1 : number + 4]]
    return any(
        CONTACT.search(one.folded) or NUMBERED.search(one.folded) or ADDRESS.match(one.folded)
        for one in below
    ) or (number == 0 and any(is_title(one) for one in below[:2]))


def _organisation(line: Line, whole: Line, score: float) -> Fact:
    return Fact(_clean(line.text), round(score, 2), ("letterhead",), whole.text)


def role_beside(who: Person, line: Line) -> Fact | None:
    """Return the office that a line names beside the person, as written."""
    for part in who.rest:
        named = has_given_name(part.split()[:2]) and not names_office_only(fold(part))
        if is_role(part) and not named and len(part.split()) <= 10:
            return Fact(part.strip(" .,،"), 0.7, ("signature",), line.text)
    return None


def _clean(value: str) -> str:
    """Return the name without a slogan, an address or a telephone after a dash."""
    parts = re.split(r"\s[–—|·•-]\s", value)
    name = parts[0]
    if len(parts) > 1 and TAIL_UNIT.match(fold(parts[1])) and not re.search(r"\d", parts[1]):
        name = value[: value.index(parts[1]) + len(parts[1])]
    if "," in name or "،" in name:
        first, _, rest = name.replace("،", ",").partition(",")
        name = first if STREET.search(fold(rest)) or re.search(r"\d", rest) else name
    name = re.split(r"(?i)\s(?:t[ée]l|gsm|fax|ice|الهاتف)\b", name)[0]
    return name.strip(" .,،:*|-–—'\"«»_")
