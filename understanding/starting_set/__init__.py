"""Letters written for the project, from which a new office's classifier learns (see README)."""

from __future__ import annotations

import json
from pathlib import Path

from understanding.starting_set.examples import Example

HERE = Path(__file__).resolve().parent


def starting_set() -> list[Example]:
    """Return all letters of the set, in the order of their ids."""
    letters = [letter for path in sorted(HERE.glob("*.jsonl")) for letter in read_letters(path)]
    return sorted(letters, key=lambda letter: letter.ident)


def competences() -> list[Example]:
    """Return in some words each what the departments answer for, in the languages of letters."""
    lines = (HERE / "competences.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    return [
        Example(f"competence-{n:03}", text, "", code, phrase=True)
        for n, (code, text) in enumerate(rows, start=1)
    ]


def learning_set() -> list[Example]:
    """Return all that a new office's classifier learns from: the letters, and the competences."""
    return [*starting_set(), *competences()]


def read_letters(path: Path) -> list[Example]:
    """Return the letters of one JSONL file.

    Raise KeyError or ValueError where a line is not a letter with all its answers.
    """
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Example(
            row["id"], row["text"], row["kind"], row["department"], row.get("author", ""),
            acceptable=tuple(row.get("acceptable", ())),
        )
        for row in rows
    ]  # fmt: skip
