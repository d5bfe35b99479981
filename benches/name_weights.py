"""Learn by which marks the body and the person who write are chosen; judge the weights.

    python -m benches.name_weights            # writes understanding/facts/name_weights.tsv
    python -m benches.name_weights --judge    # leave one writer out: what an unseen hand gets

Learnt from the graded letters of `known_letters` and from half 1 of the held-back ones
(`understanding/facts/chosen_names.py` says what is learnt). The rules were mended by most of these
letters since, so their answers there say nothing of letters unseen: what they answered when each
file was counted for the first time stands in `graded/first_answers.jsonl`, and counts in their
place. Of A, C and E they are answers of rules since replaced, and have weights of their own, which
are left out; half 1 has none.

The weights are those of a conditional logistic regression: of a letter's candidates, "nobody" among
them, the right ones shall have the greatest sum. The same letters always give the same weights.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benches._first_answers import Known, known_letters
from benches._weights_fitted import Example, fitted, rows_of
from understanding.facts.chosen_names import (
    WEIGHTS,
    Choice,
    body_choice,
    choose,
    describe,
    person_choice,
)
from understanding.facts.likeness import any_of, words_alike
from understanding.facts.sender import set_right
from understanding.facts.sender_rules import Sender
from understanding.facts.subject_dates import Fact
from understanding.letters.scoring import Count

_SAME = any_of(words_alike(0.9))
_OLD_RULES = "ACE"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A letter with its candidates for the person."""

    letter: Known
    persons: Choice


def main(arguments: Sequence[str]) -> int:
    """Learn the weights and write them, or judge them by letters of writers left out."""
    parser = argparse.ArgumentParser(prog="benches.name_weights", description=__doc__)
    parser.add_argument("--judge", action="store_true", help="leave one writer out, and count")
    asked = parser.parse_args(arguments)
    letters = known_letters()
    if asked.judge:
        print("\n".join(_judged(letters)))
        return 0
    rows = [
        f"{name}\t{row}" for name, weights in _learnt(letters).items() for row in rows_of(weights)
    ]
    WEIGHTS.write_text("\n".join(rows) + "\n", encoding="utf-8")
    print(f"{len(rows)} weights of {len(letters)} letters written to {WEIGHTS.name}")
    return 0


def _learnt(letters: Sequence[Known]) -> dict[str, dict[str, float]]:
    """Return "body" and "person" -> mark -> weight, learnt from these letters."""
    asked = [_Asked(one, person_choice(describe(one.text), one.rules.person)) for one in letters]
    persons = _fit((one.letter, one.persons, one.letter.names) for one in asked)
    bodies = []
    for part in sorted({one.part for one in letters}):  # signatories as of a hand not learnt from
        others = _fit((o.letter, o.persons, o.letter.names) for o in asked if o.letter.part != part)
        for one in asked:
            if one.letter.part == part:
                signs = choose(one.persons, others).candidate
                choice = body_choice(
                    describe(one.letter.text), one.letter.rules.organisation,
                    signs.value if signs else "",
                )  # fmt: skip
                bodies.append((one.letter, choice, one.letter.bodies))
    return {"body": _fit(bodies), "person": persons}


def _fit(rows: Iterable[tuple[Known, Choice, Sequence[str]]]) -> dict[str, float]:
    weights = fitted([_example(*row) for row in rows])
    return {mark: weight for mark, weight in weights.items() if not mark.startswith("~")}


def _example(letter: Known, choice: Choice, true: Sequence[str]) -> Example:
    marks = [*(one.marks for one in choice.candidates), choice.nobody]
    right = [bool(true) and _SAME(one.value, tuple(true)) for one in choice.candidates]
    return Example([_of_hand(one, letter.part) for one in marks], [*right, not true])


def _of_hand(marks: frozenset[str], part: str) -> list[str]:
    """Return the marks; those of rules that were mended since under a name of their own."""
    if part not in _OLD_RULES + "1":
        return sorted(marks)
    kept = sorted(mark for mark in marks if not _of_rules(mark))
    old = sorted(f"~{part}{mark}" for mark in marks if _of_rules(mark))
    return kept + (old if part in _OLD_RULES else [])


def _of_rules(mark: str) -> bool:
    return mark.startswith(("rule", "none:rule", "none:no_rule"))


def _judged(letters: Sequence[Known]) -> list[str]:
    """Return the lines of a table: rules and chosen names on each part, its writer left out."""
    lines = [f"{'part':<6}{'body':>16}{'person':>16}{'sender':>16}   (F1, rules / chosen)"]
    for part in sorted({one.part for one in letters}):
        weights = _learnt([one for one in letters if one.part != part])
        counts: dict[str, Count] = {}
        for one in (one for one in letters if one.part == part):
            chosen = set_right(one.text, one.rules, weights)
            for how, sender in (("rules", one.rules), ("chosen", chosen)):
                for fact, count in _counts(sender, one).items():
                    counts[how + fact] = counts.get(how + fact, Count()) + count
        cells = [
            f"{counts['rules' + fact].f1:.3f} / {counts['chosen' + fact].f1:.3f}"
            for fact in ("body", "person", "sender")
        ]
        lines.append(f"{part:<6}" + "".join(f"{cell:>16}" for cell in cells))
    return lines


def _counts(sender: Sender, letter: Known) -> dict[str, Count]:
    return {
        "body": _count(sender.organisation, letter.bodies),
        "person": _count(sender.person, letter.names),
        "sender": _count(sender.main, [*letter.names, *letter.bodies]),
    }


def _count(found: Fact | None, true: Sequence[str]) -> Count:
    if not found or not found.value:
        return Count(missed=int(bool(true)))
    if not true:
        return Count(wrong=1)
    return Count(right=1) if _SAME(found.value, tuple(true)) else Count(wrong=1, missed=1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
