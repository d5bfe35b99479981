"""Papers that a letter is about, one a line: rows of a table, points of a list; so cited.

"N° facture   Date   Montant" over rows that a number begins; "- facture n° 2026/207 …" and a point
below it; "les factures suivantes :" over lines that begin with numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from language.dates import find_dates
from understanding.facts.lines import Line
from understanding.facts.reference_values import reference
from understanding.facts.sender import read_sender
from understanding.facts.signature import ENCLOSED
from understanding.facts.subject_dates import Fact

_N: Final = r"(?:n\s?[°ºo˚]|n\.|nos?\.?|num(?:ero)?s?|(?:ال)?(?:رقم|عدد|ارقام))"
_BILL: Final = (
    r"(?:factures?|invoices?|bills?|quittances?|(?:ال|ل|ب)*(?:فاتوره|فاتورت[اي]ن?|فواتير))"
)
# A table's heading: the bill's column first, beside it columns of dates or sums.
_HEADING: Final = re.compile(
    rf"^\W*(?:{_N}\W{{0,3}}(?:de |des |du )?(?:la )?)?{_BILL}(?:\W{{1,3}}{_N})?(?![^\W_])"
    r"(?=.*(?<![^\W_])(?:dates?|echeances?|due|montants?|amounts?|mois|months?|periodes?|solde|total|ttc"
    r"|(?:ال)?(?:تاريخ|مبلغ|شهر|فتره|اجل|استحقاق|باقي)))"
)
# Lines that begin with numbers follow: the writer announces bills.
_ANNOUNCED: Final = re.compile(
    r"(?<![^\W_])(?:factures|invoices|bills|quittances|(?:ال|ل|ب|و)*(?:فاتورت[اي]ن|فواتير))(?![^\W_])"
    r"[^:：]{0,60}[:：]\s*$"
)
_POINT: Final = r"(?:[\-–—•*▪·>+°]|\d{1,2}\s?[.)\-/]|[a-z][.)])\s?"
# A number of four figures at least, or one that strokes part.
_NUMBER: Final = (
    r"(?=[^\s]*\d{3})[^\W_]{1,12}(?:[/.\-][^\W_]{1,12}){0,5}(?![^\W_])(?!,\d|[\s.]\d{3},)"
)
_NAMED_POINT: Final = re.compile(
    rf"^\W*{_POINT}(?:(?:la|une|votre|notre|the|your|our) )?{_BILL}(?:نا|كم)?\s?(?:{_N})?"
    r"\s?[:：]?\s?"
    rf"(?={_NUMBER})"
)
_BARE_POINT: Final = re.compile(rf"^\W*(?:{_POINT})?(?:{_N})?\s?(?={_NUMBER})")
_ROW: Final = re.compile(rf"^\W*(?={_NUMBER}\W*(?:\s|$))")
_MOST: Final = 40  # rows of one table
_LEAST: Final = 2  # points of a list
_UNSURE: Final = 0.6  # a person looks


def by_rows(
    text: str, lines: Sequence[Line], found: Sequence[tuple[str, Fact]]
) -> list[tuple[str, Fact]]:
    """Return the references, papers of a table or a list among them as cited.

    Bills that a body lists without any other number of its own stand for that number: they stay.
    """
    rows = {}
    for number, start in rows_of_papers(lines):
        value, _ = reference(lines[number], start, least=3)
        if value:
            words = lines[number].text
            rows[value, words] = Fact(value, _UNSURE, ("named_paper",), words)
    kept = [(whose, fact) for whose, fact in found if (fact.value, fact.words) not in rows]
    named = any(whose == "own" and "named_paper" not in fact.reasons for whose, fact in kept)
    if not rows or (not named and read_sender(text).organisation):
        return list(found)
    return kept + [("their", fact) for fact in rows.values()]


def rows_of_papers(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Yield line and place in it where the number of each such paper begins."""
    at = 0
    while at < len(lines):
        found = _below(lines, at)
        yield from found
        at = found[-1][0] + 1 if found else at + 1


def _below(lines: Sequence[Line], at: int) -> list[tuple[int, int]]:
    """Return the rows of the table or the points of the list that this line heads or begins."""
    if _HEADING.match(lines[at].folded) and not re.search(r"\d", lines[at].folded):
        return _run(lines, at + 1, _ROW)
    if _ANNOUNCED.search(lines[at].folded):
        found = _run(lines, at + 1, _NAMED_POINT) or _run(lines, at + 1, _BARE_POINT)
        return found if len(found) >= _LEAST else []
    enclosed = at > 0 and ENCLOSED.match(lines[at - 1].folded)
    found = [] if enclosed else _run(lines, at, _NAMED_POINT)
    return found if len(found) >= _LEAST else []


def _run(lines: Sequence[Line], first: int, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    """Return where the number begins in each of the lines that follow each other so."""
    found = []
    for number in range(first, min(len(lines), first + _MOST)):
        match = pattern.match(lines[number].folded)
        if match is None or _is_date(lines[number], match.end()):
            break
        found.append((number, match.end()))
    return found


def _is_date(line: Line, start: int) -> bool:
    date = next(iter(find_dates(line.written(start)[:30])), None)
    return date is not None and date.start == 0
