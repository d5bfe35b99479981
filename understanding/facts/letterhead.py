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
from understanding.facts.head_block import Block, is_street, of_state
from understanding.facts.letterhead_words import (
    ADDRESS,
    ADDRESSEE,
    BODY,
    BRANCH,
    COMMERCIAL,
    CONTACT,
    END,
    GOES_ON,
    GOVERNED,
    GROUND,
    INVOCATION,
    MAIL,
    NOT_SENDER,
    NUMBERED,
    ORGANISATION,
    STATE,
    UNIT,
)
from understanding.facts.lines import Line
from understanding.facts.persons import (
    find_person,
    is_role,
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
    for place, line in enumerate(_hierarchy(lines[:MOST_LINES])):
        long = len(line.text) > _LONG and not STATE.search(line.folded)
        if long or END.match(line.folded) or _is_sentence(line):
            number = place
            break
        if ADDRESSEE.match(line.folded) and not _titled_person(line):
            seen = True
            continue
        seen = seen and not (STATE.search(line.folded) and not kept)  # the head below the address
        (addressed if seen else kept).append(line)
    arabic = script_share(" ".join(line.text for line in lines[:40])) >= 0.5
    commercial = any(COMMERCIAL.search(line.folded) for line in lines[:MOST_LINES] + lines[-4:])
    first = _named(list(_split_scripts(_joined(kept), arabic)), commercial)
    if first.organisation or first.person:
        return Head(first.organisation, first.person, first.role, first.person_first, number)
    sure = [line for line in addressed if (who := find_person(line.text)) and who.sure]
    second = _named(list(_split_scripts(sure[:2], arabic)), commercial)
    return Head(None, second.person, second.role or first.role, True, number)


def _hierarchy(lines: list[Line]) -> list[Line]:
    """Return the lines, one that names a whole hierarchy as a line for each of its bodies."""
    return [part for line in lines for part in (_levels(line) if " / " in line.text else [line])]


def _levels(line: Line) -> list[Line]:
    parts = [Line.of(part.strip()) for part in re.split(r"\s//?\s", line.text)]
    bodies = sum(bool(BODY.search(one.folded) or ORGANISATION.search(one.folded)) for one in parts)
    return parts if bodies > 1 and not re.search(r"\d|:", line.text) else [line]


def _is_sentence(line: Line) -> bool:
    """Return whether the line is running text: several words, the last of them full-stopped."""
    words = line.text.split()
    if len(words) > 8 and re.search(r"[,،]$", words[-1]):
        return True
    return len(words) > 4 and bool(re.search(r"[^\W\d_]{4,}[.؟!]$", words[-1]))


def _joined(lines: list[Line]) -> list[Line]:
    """Join the second line of a body's long name to its first."""
    out: list[Line] = []
    for line in lines:
        above = out[-1] if out else None
        if above and _goes_on(above, line) and _may_go_on(above):
            out[-1] = Line.of(f"{above.text} {line.text}")
        else:
            out.append(line)
    return out


def _goes_on(above: Line, line: Line) -> bool:
    capitals = above.text.isupper() and line.text.isupper()
    return bool(GOES_ON.match(line.text.lower() if capitals else line.text))


def _may_go_on(line: Line) -> bool:
    named = BODY.search(line.folded) or ORGANISATION.search(line.folded)
    return bool(named) and not re.search(r"\d|[.:]$", line.text)


_TO: Final = re.compile(r"^\W*(?:a|to|الي|attn)\s*[:：]")


def _titled_person(line: Line) -> bool:
    """Return whether a line that begins as an addressee does is a person: "M. Brahim Tazi"."""
    if _TO.match(line.folded):
        return False
    person = find_person(line.text)
    return bool(person and person.sure and not is_role(re.sub(r"^\W*\w+\W+", "", line.text)))


def _split_scripts(lines: list[Line], arabic: bool) -> Iterator[tuple[Line, Line]]:
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


def _named(lines: list[tuple[Line, Line]], commercial: bool) -> Head:
    governed = bool(lines) and GOVERNED.match(lines[0][0].folded)
    in_state = governed or any(of_state(line) for line, _ in lines[:4])
    block = Block(in_state=bool(in_state), commercial=commercial)
    for number, (line, whole) in enumerate(lines):
        beside = STATE.search(whole.folded)  # the date in the column beside the kingdom
        block.dated = block.dated or (not beside and bool(find_dates(line.text)))
        if _is_no_name(line) or (block.person and is_street(line)):
            continue
        below = lines[number + 1][0].folded if number + 1 < len(lines) else ""
        over_branch = bool(number < 2 and (UNIT.match(below) or BRANCH.match(below)))
        first = over_branch or _stands_as_name(lines, number, commercial=commercial)
        block.take(line, whole, number, first=first, over_branch=over_branch)
    return Head(block.organisation, block.person, block.role, block.person_first)


def _is_no_name(line: Line) -> bool:
    if STATE.search(line.folded) and not re.sub(STATE, "", line.folded).strip(" .-–*"):
        return True
    if INVOCATION.match(line.folded) or NOT_SENDER.match(line.folded):
        return True
    if find_dates(line.text) or is_title(line) or len(line.text) < 4:
        return True
    if ADDRESS.match(line.folded) and not ORGANISATION.search(GROUND.sub("", line.folded)):
        return True
    if is_street(line) and not find_person(line.text):
        first = re.split(r"[,،]|\s[–—-]\s", line.folded)[0]
        return bool(re.search(r"\d", first)) or not ORGANISATION.search(first)
    if CONTACT.search(line.folded) and not (
        find_person(line.text) or ORGANISATION.search(MAIL.sub("", line.folded))
    ):
        return True
    return bool(NUMBERED.search(line.folded) and re.search(r"\d", line.folded))


def _stands_as_name(lines: list[tuple[Line, Line]], number: int, *, commercial: bool) -> bool:
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
    if re.search(r"\d|^\W", line.text) or line.text[:1].islower():
        return False
    if commercial and number < 2:
        return True
    below = [one for one, _ in lines[number + 1 : number + 4]]
    return any(
        CONTACT.search(one.folded) or NUMBERED.search(one.folded) or ADDRESS.match(one.folded)
        for one in below
    ) or (number == 0 and any(is_title(one) for one in below[:2]))
