"""Who signs where several do: the first name of a petition's list."""

from __future__ import annotations

import re
from typing import Final

from understanding.facts.lines import Line
from understanding.facts.persons import find_person
from understanding.facts.subject_dates import Fact

# The head of such a list: a table's columns, or words that say that they signed.
_LIST: Final = re.compile(
    r"^\W*(?:(?:ال)?اسم\b.{0,40}(?:التوقيع|الامضاء|البطاقه)|noms? (?:et prenoms?)?.{0,40}"
    r"(?:signature|cin|emargement)|names?\b.{0,30}signature"
    r"|(?:لايحه )?(?:ال)?(?:موقعون|موقعين|توقيعات|توقيع)(?![^\W_])|(?:les )?signataires?(?![^\W_])"
    r"|ont signe|signe par)"
)
_ITEM: Final = re.compile(r"^\W*(?:\d{1,3}\s?[.)\-–]\s*|[-–•*]\s*)?")
_BELOW: Final = 3  # lines in which the first name stands


def first_signatory(lines: list[Line]) -> Fact | None:
    """Return the first person of a list of signatures at the end of a letter; None without one."""
    read, size = 0, sum(len(line.text) for line in lines)
    for number, line in enumerate(lines):
        read += len(line.text)
        if read < size // 3 or len(line.text) > 80 or not _LIST.match(line.folded):
            continue
        for below in lines[number + 1 : number + 1 + _BELOW]:
            person = find_person(_ITEM.sub("", below.text))
            if person and person.sure:
                return Fact(person.name, 0.58, ("signature",), below.text)
    return _signatures_follow(lines[-3:])


# The list within a phrase: "Suivent les signatures : pour l'Agence, H. Ouazzani ; …".
_FOLLOW: Final = re.compile(r"(?:signatures?|signe par|signataires?|التوقيعات|الموقعون)\s*[:：]\s*")


def _signatures_follow(lines: list[Line]) -> Fact | None:
    for line in lines:
        match = _FOLLOW.search(line.folded)
        named = line.written(match.end()) if match else ""
        for piece in re.split(r"[;,،؛]", named)[:4]:
            person = find_person(piece)
            if person and person.name == piece.strip(" ."):
                return Fact(person.name, 0.56, ("signature",), line.text)
    return None
