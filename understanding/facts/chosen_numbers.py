"""The letter's own number, chosen by learnt weights where no rule tells one.

The rules (`references`) go by labels and say most. Where they are silent, every number of the head
and the foot is a candidate, described by marks: its label, its form, its place, what stands around
it; "none" is one more. The sum of the weights of its marks decides (ADR 79). The weights are
`number_weights.tsv`, learnt by `python -m benches.number_weights`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from language.number_formats import number_key
from understanding.facts.chosen_names import Choice, Weights, choose
from understanding.facts.line_places import columns_of, placed_lines
from understanding.facts.lines import text_lines
from understanding.facts.name_pieces import Candidate
from understanding.facts.number_candidates import number_candidates
from understanding.facts.subject_dates import Fact

WEIGHTS: Final = Path(__file__).resolve().parent / "number_weights.tsv"
LEAST: Final = 0.5  # of the likelihood: a wrong number is worse than none
_MOST_SURE: Final = 0.7  # never sure: a person looks
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
# What the marks of "none" ask of all candidates of a letter.
_ASKED: Final = (
    *("label:mine+number", "label:reference", "label:mine", "label:number", "label:none"),
    *("head+label:number", "alone:end", "alone:date"),
)


@cache
def learnt_weights() -> dict[str, float]:
    """Return mark -> weight."""
    rows = (row.split("\t") for row in WEIGHTS.read_text(encoding="utf-8").splitlines())
    return {mark: float(weight) for mark, weight in rows}


def number_choice(text: str, *, body: bool, others: Collection[str]) -> Choice:
    """Return what may be the letter's own number; `others` are keys of numbers that it is not.

    `body`: whether a body writes.
    """
    lines = text_lines(text)
    columns = columns_of(text)
    placed = placed_lines(lines, columns)
    folded = "\n".join(line.folded for line in lines)
    found = number_candidates(placed, folded, body=body)
    alone = (_in_its_column(one, columns.get(one.words, ()), others) for one in found)
    kept = tuple(one for one in alone if number_key(one.value) not in others)
    return Choice(kept, _none(kept, body))


def _in_its_column(one: Candidate, columns: Sequence[str], others: Collection[str]) -> Candidate:
    """Return a candidate without what stands beside it in another column.

    A scan gives no wide gaps: there a number of ours behind a blank tells where the column ends.
    """
    piece = next((piece for piece in columns if one.value.startswith(piece)), "")
    if piece and any(map(str.isdigit, piece)):
        return replace(one, value=piece)
    head, _, tail = one.value.rpartition(" ")
    beside = tail and number_key(tail) in others and any(map(str.isdigit, head))
    return replace(one, value=head) if beside else one


def choose_number(
    text: str, *, body: bool, others: Collection[str], weights: Weights | None = None
) -> Fact | None:
    """Return the letter's own number, where one is likely enough."""
    weights = learnt_weights() if weights is None else weights
    chosen = choose(number_choice(text, body=body, others=others), weights)
    if chosen.candidate is None or chosen.likely < LEAST:
        return None
    if _YEAR.fullmatch(chosen.candidate.value) and not _is_labelled(chosen.candidate):
        return None
    score = round(min(chosen.likely, _MOST_SURE), 2)
    return Fact(chosen.candidate.value, score, ("number_place",), chosen.candidate.words)


def _is_labelled(candidate: Candidate) -> bool:
    """Return whether a word of numbers stands before a candidate: else a year is but a year."""
    return any(mark.startswith("label:") and "number" in mark for mark in candidate.marks)


def _none(candidates: Sequence[Candidate], body: bool) -> frozenset[str]:
    marks = ["none", f"none:body:{body}", f"none:many:{min(len(candidates), 6)}"]
    for mark in _ASKED:
        has = any(mark in one.marks for one in candidates)
        marks.append(f"none:{'has' if has else 'no'} {mark}")
    return frozenset(marks)
