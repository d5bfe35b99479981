"""Letters with true facts, and the table of how many of their facts were read correctly."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from language.detect import detect_language
from understanding.letters.scoring import Count, score_letter, totals
from understanding.letters.understanding import understand_text

Table = dict[str, dict[str, Count]]
HALVES = ("half 1", "half 2", "all")


@dataclass(frozen=True, slots=True)
class FactLetter:
    """One letter with its true facts (`tests/understanding/HELD_BACK.md`)."""

    ident: str
    text: str
    language: str
    facts: dict[str, Any]

    @property
    def checksum(self) -> int:
        """The checksum of the id alone: an order, and a half, that never change."""
        return zlib.crc32(self.ident.encode())

    @property
    def half(self) -> str:
        """The half: "half 1" may be looked at to improve the code, "half 2" is only counted."""
        return HALVES[self.checksum % 2]

    def with_text(self, text: str) -> FactLetter:
        """Return the same letter with the text read from a scan of it."""
        return replace(self, text=text)


def read_fact_letters(path: Path) -> list[FactLetter]:
    """Return the letters of a JSONL file that have true facts."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        FactLetter(row["id"], row["text"], row["language"], row["facts"])
        for row in rows
        if "facts" in row
    ]


def count_facts(letters: Iterable[FactLetter], *, scan: bool) -> Table:
    """Return each fact's counts for each half and both; the rules read, no model is needed."""
    scored: dict[str, list[dict[str, Count]]] = {name: [] for name in HALVES}
    for letter in letters:
        understood = understand_text(letter.text, language="", model=None)
        counts = score_letter(
            understood,
            letter.facts,
            language=detect_language(letter.text),
            true_language=letter.language,
            scan=scan,
        )
        for name in (letter.half, "all"):
            scored[name].append(counts)
    return {name: totals(counts) for name, counts in scored.items()}


def lines_of(table: Table) -> Sequence[str]:
    """Return the table as text: precision, recall and F1 of each half, and the number of facts."""
    shown = [name for name in HALVES if table[name]]
    if not shown:
        return ["(no letters with facts)"]
    groups = "".join(f"{name:^24}" for name in shown)
    head = "".join(f"{'P':>7}{'R':>7}{'F1':>7}   " for _ in shown)
    lines = [f"{'':<22}{groups}{'facts':>6}", f"{'':<22}{head}"]
    for fact in table[shown[-1]]:
        counts = [table[name][fact] for name in shown]
        cells = "".join(
            f"{one.precision:>7.2f}{one.recall:>7.2f}{one.f1:>7.2f}   " for one in counts
        )
        lines.append(f"{fact:<22}{cells}{counts[-1].right + counts[-1].missed:>6}")
    return lines
