"""Learn by which marks a letter's own number is chosen where no rule tells it; judge the weights.

    python -m benches.number_weights            # writes understanding/facts/number_weights.tsv
    python -m benches.number_weights --judge    # leave one writer out: what an unseen hand gets

Learnt from the graded letters that may be looked at (`understanding/facts/chosen_numbers.py` says
what is learnt), as names are (`benches/name_weights.py`). The rules were mended by these letters
since; what they answered when each file was counted for the first time stands in
`graded/first_numbers.jsonl`, and the judged figures are of these answers, alone and with the
chosen number where they have none.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benches._reference_tables import (
    GRADED,
    LEARNT_FROM,
    GradedLetter,
    counted,
    graded_letters,
    same_key,
)
from benches._weights_fitted import Example, fitted, rows_of
from language.number_formats import number_key
from language.strokes import strokes_in_place
from understanding.facts.chosen_names import Choice, Weights, choose
from understanding.facts.chosen_numbers import LEAST, WEIGHTS, number_choice
from understanding.facts.likeness import any_of, same_number
from understanding.facts.sender import read_sender
from understanding.letters.scoring import Count

FIRST = GRADED / "first_numbers.jsonl"
_NUMBER = same_number(False)
_SAME = any_of(same_key(_NUMBER))


@dataclass(frozen=True, slots=True)
class _Known:
    """A letter, the candidates for its own number, which of them are right, and none it is."""

    letter: GradedLetter
    choice: Choice
    right: tuple[bool, ...]

    @property
    def example(self) -> Example:
        marks = [*(one.marks for one in self.choice.candidates), self.choice.nobody]
        return Example([sorted(one) for one in marks], [*self.right, not self.letter.facts["own"]])


def main(arguments: Sequence[str]) -> int:
    """Learn the weights and write them, or judge them by letters of writers left out."""
    parser = argparse.ArgumentParser(prog="benches.number_weights", description=__doc__)
    parser.add_argument("--judge", action="store_true", help="leave one writer out, and count")
    asked = parser.parse_args(arguments)
    letters = [_known(one) for one in graded_letters(LEARNT_FROM)]
    if asked.judge:
        print("\n".join(_judged(letters)))
        return 0
    rows = rows_of(_learnt(letters))
    WEIGHTS.write_text("\n".join(rows) + "\n", encoding="utf-8")
    print(f"{len(rows)} weights of {len(letters)} letters written to {WEIGHTS.name}")
    return 0


def _known(letter: GradedLetter) -> _Known:
    text = strokes_in_place(letter.text)
    ours = {number_key(one) for one in letter.facts["ours"]}
    choice = number_choice(text, body=read_sender(text).organisation is not None, others=ours)
    true = _true(letter)
    return _Known(letter, choice, tuple(_SAME(one.value, true) for one in choice.candidates))


def _true(letter: GradedLetter) -> tuple[str, ...]:
    return tuple(one for ways in letter.facts["own"] for one in ways)


def _learnt(letters: Iterable[_Known]) -> dict[str, float]:
    return fitted([one.example for one in letters])


def _judged(letters: Sequence[_Known]) -> list[str]:
    """Return the lines of a table: rules, and rules with chosen numbers, on each part left out."""
    rows = map(json.loads, FIRST.read_text(encoding="utf-8").splitlines())
    first = {row["id"]: row["own"] for row in rows}
    lines = [f"{'part':<6}{'rules: P / R / F1':>24}{'and chosen: P / R / F1':>28}"]
    for part in LEARNT_FROM:
        weights = _learnt(one for one in letters if one.letter.half != part)
        rules = chosen = Count()
        for one in (one for one in letters if one.letter.half == part):
            found = _by_rules(one.letter, first[one.letter.ident])
            rules += _count(found, one.letter)
            chosen += _count(found or _chosen(one, weights), one.letter)
        cells = [f"{c.precision:.3f} / {c.recall:.3f} / {c.f1:.3f}" for c in (rules, chosen)]
        lines.append(f"{part:<6}{cells[0]:>24}{cells[1]:>28}")
    return lines


def _by_rules(letter: GradedLetter, own: Sequence[tuple[str, str]]) -> list[str]:
    """Return what the rules told; a paper that the letter names only where it is right."""
    ours = {number_key(one) for one in letter.facts["ours"]}
    true = _true(letter)
    told = (one for one, why in own if why != "named_paper" or _SAME(one, true))
    return list(dict.fromkeys(one for one in told if number_key(one) not in ours))


def _chosen(known: _Known, weights: Weights) -> list[str]:
    chosen = choose(known.choice, weights)
    return [chosen.candidate.value] if chosen.candidate and chosen.likely >= LEAST else []


def _count(found: Sequence[str], letter: GradedLetter) -> Count:
    facts = letter.facts
    tolerated = [*facts["tolerated"], *(one for ways in facts["cited"] for one in ways)]
    return counted(found, facts["own"], _SAME, tolerated, _NUMBER)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
