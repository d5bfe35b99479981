"""Papers that a letter goes by though neither side wrote them as letters: what it cites by number.

It acts on the strength of one ("en vertu de l'ordonnance …", "بناء على الأمر … في الملف عدد") or
comes after it ("suite à la réception … (PV n° …)").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from understanding.facts.lines import Line
from understanding.facts.subject_dates import Fact

_N: Final = r"(?:n\s?[°ºo˚]|n\.|no\b\.?|numero|number|رقم(?:ها?)?|عدد(?:ها?)?|تحت عدد|تحت رقم)"
# Laws, titles of land and receipts are no such papers, nor what the writer bills.
_PAPER: Final = (
    r"(?:ordonnance|jugement|arret|decision|dossier|affaire|permis|autorisation|p\.?v\.?"
    r"|proces-verbal|constat|rapport|note|circulaire|avis|requete|commission rogatoire"
    r"|order|ruling|judgment|permit|licen[cs]e|report|case|file|minutes"
    r"|(?:ال|ل|ب|و)*(?:امر|حكم|قرار|ملف|رخصه|محضر|تقرير|مذكره|دوريه|انابه))"
)
_BASIS: Final = re.compile(
    r"(?<![^\W_])(?:suite (?:a|au|aux)|en vertu d[eu'’]|en vertu des|en execution d[eu'’]"
    r"|sur la base d[eu'’]|commise? par|further to|following|pursuant to"
    r"|by virtue of|و?(?:بناء علي|بموجب|تنفيذا(?= ل)|تبعا(?= ل)|استنادا الي|علي اثر|عطفا علي))"
)
_NUMBERED: Final = re.compile(
    rf"(?<![^\W_]){_PAPER}(?: [^\W\d_]+){{0,2}}? \W?(?:sous (?:le )?|ذات )?(?:ال)?{_N}\W{{0,3}}"
    r"(?=[^\s]*\d)"
)
# Serial, the four figures of a matter, and the year, in either order.
_COURT_FILE: Final = re.compile(
    r"\d{1,6}/[1-9]\d{3}/(?:19|20)\d\d|(?:19|20)\d\d/[1-9]\d{3}/\d{1,6}"
)
_WITHIN: Final = 170  # characters between the phrase and the number


def followed_papers(line: Line) -> Iterator[int]:
    """Yield where the number of a paper begins that the letter goes by."""
    for basis in _BASIS.finditer(line.folded):
        for match in _NUMBERED.finditer(line.folded, basis.end(), basis.end() + _WITHIN):
            yield match.end()


def by_courts(found: Sequence[tuple[str, Fact]]) -> list[tuple[str, Fact]]:
    """Return a court's file as cited where the writer labels another number as its own.

    Beside the file that heads a court's own letter are cited the others that it names.
    """
    own = [fact for whose, fact in found if whose == "own"]
    told = [fact for fact in own if "own_label" in fact.reasons]
    if not all(_COURT_FILE.fullmatch(fact.value) for fact in told):
        return [_cited(whose, fact) for whose, fact in found]
    heads = [fact for fact in own if "reference_label" in fact.reasons and fact not in told]
    if any(_COURT_FILE.fullmatch(fact.value) for fact in heads):
        return [
            _cited(whose, fact) if "named_paper" in fact.reasons else (whose, fact)
            for whose, fact in found
        ]
    return list(found)


def _cited(whose: str, fact: Fact) -> tuple[str, Fact]:
    """Return a court's file as cited, any other number as it was."""
    if whose != "own" or not _COURT_FILE.fullmatch(fact.value):
        return whose, fact
    return "their", Fact(fact.value, min(fact.score, 0.6), ("named_paper",), fact.words)
