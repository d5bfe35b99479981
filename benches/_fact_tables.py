"""Letters with true facts, and the table of how many of their facts were read right."""

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
    """One letter with what is true of it (`tests/understanding/HELD_BACK.md`)."""

    ident: str
    text: str
    language: str
    facts: dict[str, Any]

    @property
    def checksum(self) -> int:
        """Of the id alone: an order, and a half, that never change."""
        return zlib.crc32(self.ident.encode())

    @property
    def half(self) -> str:
        """ "half 1" may be looked at when the code is improved, "half 2" is only counted."""
        return HALVES[self.checksum % 2]

    def with_text(self, text: str) -> FactLetter:
        """The same letter as a scan of it was read."""
        return replace(self, text=text)


def read_fact_letters(path: Path) -> list[FactLetter]:
    """The letters of a JSONL file that have true facts."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        FactLetter(row["id"], row["text"], row["language"], row["facts"])
        for row in rows
        if "facts" in row
    ]


def count_facts(letters: Iterable[FactLetter], *, scan: bool) -> Table:
    """For each half and both: each fact's counts. The rules read; no model is needed."""
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
    """The table as text: precision, recall and F1 of each half, and how many facts are true."""
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
