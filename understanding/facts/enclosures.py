"""Enclosures that a letter names: the list behind "P.J.", "Pièces jointes", "المرفقات"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from language.counts import COUNT, count_of
from language.fold import fold
from understanding.facts.lines import Line, text_lines
from understanding.facts.subject_dates import Fact

_LABEL: Final = re.compile(
    r"^\W*(?:p\.?\s?j\.?(?:\s?[il1]\.?)?|pieces?(?: (?:ci-)?jointes?| annexees?)?"
    r"|captures? jointes?|fichiers? joints?|documents? joints?|ci-joints?|annexes?|enclosures?"
    r"|encl\.?"
    r"|attachments?|attached"
    r"|(?:ال)?مرفقات?|(?:ال)?وثايق المرفقه|رفقته|المرفق|مرفق(?:ات)?(?: ب?ها)?|طيه)"
    r"\s*(?:\((?P<count>\d{1,2})\))?\s*(?:[:：.]|[\-–](?=\s))\s*(?P<rest>.*)$"
)
_ITEM: Final = re.compile(r"^\W{0,3}(?:[-–—•*▪]|\d{1,2}\s?[.)°\-/])\s*(?P<item>\S.*)$")
_IN_TEXT: Final = re.compile(
    r"(?:ci-joints?e?s?|en piece jointe|please find (?:attached|enclosed)|enclosed"
    r"|attached(?: is| are)?|(?:ن|ا)رفق(?:كم)?(?: طيه| رفقته)?"
    r"|تجدون (?:رفقته|طيه)|رفقته|طيه)\s*[,:،]?\s+(?P<item>[^.;؛:\n]{4,90})"
)
_PARTS: Final = re.compile(r"\s*(?:[;؛•+]|[,،](?!\d)|\s[–—]\s|\s-\s)\s*")
_COUNT_FIRST: Final = re.compile(rf"^\(?({COUNT})\)?\s")
_MOST: Final = 30


def find_enclosures(text: str) -> list[Fact]:
    """Return the enclosures that the letter names, each once: of its list, else its sentences."""
    lines = text_lines(text)
    for number, line in enumerate(lines):
        match = _LABEL.match(line.folded)
        if match:
            listed = _listed(lines, number, match)
            if listed:
                return listed[:_MOST]
    return _mentioned(lines)


def count_names(names: Iterable[str]) -> int:
    """Return how many papers the names stand for: "2 copies" are two, "facture" is one."""
    total = 0
    for name in names:
        match = _COUNT_FIRST.match(fold(name))
        total += (count_of(match[1]) if match else None) or 1
    return total


def _listed(lines: list[Line], number: int, match: re.Match[str]) -> list[Fact]:
    line = lines[number]
    rest = line.written(match.start("rest")).strip()
    facts = [_fact(part, line) for part in _PARTS.split(rest) if len(part.strip(" .-–")) > 2]
    for following in lines[number + 1 : number + 1 + _MOST]:
        item = _ITEM.match(following.folded)
        if item is None:
            break
        facts.append(_fact(following.written(item.start("item")), following))
    return facts or _unmarked(lines[number + 1 :])


def _unmarked(lines: list[Line]) -> list[Fact]:
    """Return a list without marks: few short lines that run to the end of the letter."""
    rest = lines[:8]
    if not rest or len(lines) > 8 or any(len(line.text) > 70 or ":" in line.text for line in rest):
        return []
    return [_fact(line.text, line) for line in rest]


def _fact(value: str, line: Line) -> Fact:
    return Fact(
        re.sub(r"^\W*\d{1,2}\s?[.)]\s*", "", value).strip(" .،,;؛-–"),
        0.85,
        ("enclosure_list",),
        line.text,
    )


def _mentioned(lines: list[Line]) -> list[Fact]:
    found: dict[str, Fact] = {}
    for line in lines:
        for match in _IN_TEXT.finditer(line.folded):
            value = line.written(*match.span("item")).strip(" ,،")
            found.setdefault(value, Fact(value, 0.55, ("enclosure_phrase",), line.text))
    return list(found.values())
