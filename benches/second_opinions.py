"""Departments of counted letters, judged by their writers and by a second clerk.

`graded/second_opinions.tsv` has the departments that a clerk named for each of the counted letters
(B, D, H, L, M, N, the 120, the 45 and the 150 of `./sijill bench understanding`) who saw neither
the writer's answer nor the program's: `id`, the first choice, and others that are right too. So the
table tells how often two people agree, beside how often the program is right for either. Letters of
departments that the starting set does not know are left out.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benches._reference_tables import FILES, GRADED
from understanding.learning.classification import Model
from understanding.learning.first_model import first_model
from understanding.starting_set import read_letters
from understanding.starting_set.examples import Example

HELD_BACK: Final = Path(__file__).resolve().parents[1] / "tests" / "understanding"
COUNTED: Final = {
    **{half: GRADED / FILES[half] for half in "BDHLMN"},
    "the 120": GRADED / "departments.jsonl",
    "the 45": HELD_BACK / "letters_held_back.jsonl",
    "the 150": HELD_BACK / "letters_held_back_facts.jsonl",
}
COLUMNS: Final = (
    *("letters", "clerk, by writer", "program, by writer", "by clerk", "by either"),
    *("sure", "sure, by writer", "sure, by clerk", "sure, by either"),
)


def main(arguments: Sequence[str]) -> int:
    """Print a line for each file, and their sum."""
    parser = argparse.ArgumentParser(prog="sijill bench second_opinions", description=__doc__)
    parser.add_argument("--spare", type=Path, default=Path("var/bench/letters.model"))
    model = first_model(parser.parse_args(arguments).spare)
    opinions = second_opinions()
    total: Counter[str] = Counter()
    print(f"{'':<10}" + "".join(f"{name:>20}" for name in COLUMNS))
    for name, path in COUNTED.items():
        counts = count(model, read_letters(path), opinions)
        total += counts
        print(_line(name, counts))
    print(_line("all", total))
    return 0


def second_opinions() -> dict[str, tuple[str, set[str]]]:
    """Return what the second clerk said, by letter id: the first choice, and all that are right."""
    lines = (GRADED / "second_opinions.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    return {
        ident: (first, {first, *filter(None, further.split(","))}) for ident, first, further in rows
    }


def count(
    model: Model, letters: Sequence[Example], opinions: dict[str, tuple[str, set[str]]]
) -> Counter[str]:
    """Return how many letters hold for each of `COLUMNS`."""
    head = model.heads["department"]
    counts: Counter[str] = Counter()
    for letter in letters:
        if letter.department not in head.labels:
            continue
        writer = {letter.department, *letter.acceptable}
        choice, clerk = opinions[letter.ident]
        best = model.predict(letter.text, field="department")[0]
        sure = best.score >= head.threshold
        held = (
            *(True, choice in writer, best.value in writer, best.value in clerk),
            *(best.value in writer | clerk, sure, sure and best.value in writer),
            *(sure and best.value in clerk, sure and best.value in writer | clerk),
        )
        counts.update(name for name, holds in zip(COLUMNS, held, strict=True) if holds)
    return counts


def _line(name: str, counts: Counter[str]) -> str:
    return f"{name:<10}" + "".join(f"{counts[column]:>20}" for column in COLUMNS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
