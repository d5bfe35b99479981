"""The body and the person who write, chosen among all pieces of a letter by learnt weights.

The rules (`sender_rules`) propose one name each. Every other piece of the head and the foot that
may be a name stands beside it, described by marks: its place, its words, what stands around it,
whether the rules propose it. The sum of the weights of its marks is how much speaks for it; that
nobody is named is one more candidate. The weights are `name_weights.tsv`, one mark a line; they are
learnt by `python -m benches.name_weights` (ADR 79).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from language.fold import fold
from language.towns import is_town
from understanding.facts.bodies import names_body
from understanding.facts.body_candidates import body_candidates
from understanding.facts.body_marks import Letter, body_marks, letter_of, no_body_marks
from understanding.facts.letterhead_words import TERRITORY
from understanding.facts.likeness import plain
from understanding.facts.line_places import Placed, columns_of, placed_lines
from understanding.facts.lines import text_lines
from understanding.facts.name_pieces import Candidate, Piece, pieces_by_line
from understanding.facts.person_candidates import (
    Named,
    no_person_marks,
    person_candidates,
    person_marks,
)
from understanding.facts.quoted_mail import without_quoted
from understanding.facts.subject_dates import Fact

Weights = Mapping[str, float]
WEIGHTS: Final = Path(__file__).resolve().parent / "name_weights.tsv"


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates of a letter, and the marks of "nobody"."""

    candidates: tuple[Candidate, ...]
    nobody: frozenset[str]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The candidate chosen, None for nobody, and how likely it is among all, 0..1."""

    candidate: Candidate | None
    likely: float


@cache
def learnt_weights() -> dict[str, dict[str, float]]:
    """Return "body" and "person" -> mark -> weight."""
    weights: dict[str, dict[str, float]] = {"body": {}, "person": {}}
    for row in WEIGHTS.read_text(encoding="utf-8").splitlines():
        name, mark, weight = row.split("\t")
        weights[name][mark] = float(weight)
    return weights


@dataclass(frozen=True, slots=True)
class Described:
    """A letter cut into pieces, and what these are compared with."""

    lines: list[tuple[Placed, list[Piece]]]
    letter: Letter


def describe(text: str) -> Described:
    """Cut a letter into the pieces that may be names."""
    own = without_quoted(text)
    lines = text_lines(own)
    placed = placed_lines(lines, columns_of(own))
    letter = letter_of("\n".join(line.folded for line in lines), placed)
    return Described(pieces_by_line(placed), letter)


def choose(choice: Choice, weights: Weights) -> Chosen:
    """Return the candidate with the highest score."""
    sums = [sum(weights.get(mark, 0.0) for mark in sorted(one.marks)) for one in choice.candidates]
    sums.append(sum(weights.get(mark, 0.0) for mark in sorted(choice.nobody)))
    best = max(range(len(sums)), key=sums.__getitem__)
    likely = 1 / sum(math.exp(one - sums[best]) for one in sums)
    return Chosen(choice.candidates[best] if best < len(choice.candidates) else None, likely)


def person_choice(described: Described, rule: Fact | None) -> Choice:
    """Return who may be the person; `rule` is what the rules propose."""
    folded = described.letter.folded
    found: dict[tuple[str, str, int], Candidate] = {}
    for place, named in enumerate(person_candidates(described.lines)):
        found[plain(named.piece.text), "", place] = _candidate(
            named.piece, person_marks(named, folded)
        )
    candidates = list(found.values())
    one = _line_of(described, rule) if rule else None
    alone = (
        person_marks(Named(Piece(one, rule.value, "rule"), True), folded) if one and rule else ()
    )
    candidates = _with_rule(candidates, rule, frozenset(alone))
    nobody = no_person_marks([one.marks for one in candidates])
    return Choice(tuple(candidates), _nobody(nobody, described, rule, ""))


def body_choice(described: Described, rule: Fact | None, signs: str) -> Choice:
    """Return what may be the body; `signs` names the person who signs, "" for nobody."""
    letter = described.letter
    pieces: dict[str, Piece] = {}
    for piece in body_candidates(described.lines):
        if _is_address(piece, letter):
            continue
        key = plain(piece.text)
        if key not in pieces or piece.how == "phrase:office":
            pieces[key] = piece
    candidates = [_candidate(piece, body_marks(piece, letter, signs)) for piece in pieces.values()]
    one = _line_of(described, rule) if rule else None
    rule = _narrowed(rule, one)
    alone = body_marks(Piece(one, rule.value, "rule"), letter, signs) if one and rule else ()
    candidates = _with_rule(candidates, rule, frozenset(alone))
    nobody = no_body_marks([one.marks for one in candidates])
    return Choice(tuple(candidates), _nobody(nobody, described, rule, signs))


def _is_address(piece: Piece, letter: Letter) -> bool:
    """Return whether a territory below the person in the head is where they live."""
    one = piece.line
    below = one.zone == "head" and one.number > letter.person_line
    return below and TERRITORY.match(one.line.folded) is not None


def _candidate(piece: Piece, marks: frozenset[str]) -> Candidate:
    return Candidate(piece.text, piece.line.line.text, piece.line.zone, marks)


def _line_of(described: Described, rule: Fact) -> Placed | None:
    lines = (one for one, _ in described.lines if one.line.text == rule.words)
    return next(lines, None)


def _narrowed(rule: Fact | None, one: Placed | None) -> Fact | None:
    """Return what the rules propose; of several columns the first that names a body."""
    within = [column for column in one.columns if column in rule.value] if one and rule else []
    if rule is None or len(within) < 2:
        return rule
    columns = [column for column in within if not is_town(column)] or within
    name = next(filter(names_body, columns), columns[0])
    return Fact(name, rule.score, rule.reasons, rule.words)


def _with_rule(
    candidates: Sequence[Candidate], rule: Fact | None, alone: frozenset[str]
) -> list[Candidate]:
    """Mark the candidates that the rules propose; add what they alone do (`alone`: its marks)."""
    if rule is None:
        return list(candidates)
    marks = {"rule", f"rule:{rule.reasons[0]}", f"rule>{int(rule.score * 10)}"}
    key = plain(rule.value)
    out = [
        Candidate(one.value, one.words, one.zone, one.marks | marks)
        if plain(one.value) == key
        else one
        for one in candidates
    ]
    out = [_beside_rule(one, rule.value) for one in out]
    if not any("rule" in one.marks for one in out):
        out.append(Candidate(rule.value, rule.words, "rule", alone | marks | {"rule_alone"}))
    return out


def _beside_rule(one: Candidate, rule: str) -> Candidate:
    """Mark a candidate that is longer or shorter than what the rules propose, and has its words."""
    if "rule" in one.marks:
        return one
    value, proposed = (f" {' '.join(fold(text).split())} " for text in (one.value, rule))
    mark = "longer" if proposed in value else "shorter" if value in proposed else ""
    return replace(one, marks=one.marks | {f"rule_{mark}"}) if mark else one


def _nobody(
    marks: list[str], described: Described, rule: Fact | None, signs: str
) -> frozenset[str]:
    voice = described.letter.voice
    marks += ["none", "none:rule" if rule else "none:no_rule"]
    marks += [f"none:{name}" for name in voice] + ([] if "je" in voice else ["none:no je"])
    marks.append("none:signed" if signs else "none:unsigned")
    marks.append("none:headed" if described.letter.headed else "none:not headed")
    return frozenset(marks)
