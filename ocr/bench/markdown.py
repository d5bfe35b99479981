"""`python -m ocr.bench.markdown FILE…`: the tables of docs/benchmarks.md from `--json` files."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from ocr.judging.digit_scoring import DigitScore
from ocr.judging.error_kinds import KINDS

Row = dict[str, Any]
ORDER = ("quick", "careful", "tesseract", "second", "model", "ocrmypdf")
OURS = ORDER[:2]


def errors(rows: Sequence[Row]) -> str:
    """Return CER by set and reader, of all pages and by half, and the careful one's ratio."""
    used = _used(rows)
    lines = ["| Set | Pages | " + " | ".join(used) + " | careful ÷ tesseract |"]
    lines.append("|---" * (len(used) + 3) + "|")
    for name, page_rows in _scored(rows).items():
        readers = _by(page_rows, "reader")
        cells = [_with_halves(readers.get(reader)) for reader in used]
        share = _ratio(readers, "careful", "tesseract", "cer")
        pages = len({row["page"] for row in page_rows})
        lines.append(f"| {name} | {pages} | {' | '.join(cells)} | {share} |")
    return "\n".join(lines)


def marks(rows: Sequence[Row]) -> str:
    """Return how many pages of each set are marked as handwriting or too poor to read."""
    lines = ["| Set | Pages | by hand | " + " | ".join(OURS) + " |", "|---" * 5 + "|"]
    for name, page_rows in _by(rows, "set").items():
        readers = _by(page_rows, "reader")
        cells = [str(sum(bool(row["problem"]) for row in readers.get(one, ()))) for one in OURS]
        pages = len({row["page"] for row in page_rows})
        by_hand = "yes" if page_rows[0]["unread"] else "no"
        lines.append(f"| {name} | {pages} | {by_hand} | {' | '.join(cells)} |")
    return "\n".join(lines)


def costs(rows: Sequence[Row]) -> str:
    """Return CPU seconds a page by set and reader, and the quick reading's cost over a peer's."""
    used = _used(rows)
    lines = ["| Set | " + " | ".join(used) + " | quick ÷ tesseract | careful, MB |"]
    lines.append("|---" * (len(used) + 3) + "|")
    for name, page_rows in _by(rows, "set").items():
        readers = _by(page_rows, "reader")
        cells = [_plain(_mean(readers.get(reader), "cpu")) for reader in used]
        share = _ratio(readers, "quick", "tesseract", "cpu")
        most = max((row["peak"] for row in readers.get("careful", ())), default=0) / 1_000_000
        lines.append(f"| {name} | {' | '.join(cells)} | {share} | {most:.0f} |")
    return "\n".join(lines)


def kinds(rows: Sequence[Row]) -> str:
    """Return the careful reading's wrong characters of a thousand true ones, by kind and half."""
    lines = ["| Set | half | " + " | ".join(KINDS) + " |", "|---" * (len(KINDS) + 2) + "|"]
    for name, page_rows in _scored(rows).items():
        careful = _by(page_rows, "reader").get("careful", [])
        for number, half in enumerate(
            (_half(careful, second=False), _half(careful, second=True)), start=1
        ):
            true = sum(row["characters"] for row in half)
            if true:
                wrong = [sum(row["kinds"][kind] for row in half) for kind in KINDS]
                cells = " | ".join(f"{1000 * count / true:.1f}" for count in wrong)
                lines.append(f"| {name} | {number} | {cells} |")
    return "\n".join(lines)


def digits(rows: Sequence[Row]) -> str:
    """Return correct digits of the true ones / numbers read exactly, by set and reader."""
    used = _used(rows)
    lines = ["| Set | True numbers | " + " | ".join(used) + " |"]
    lines.append("|---" * (len(used) + 2) + "|")
    for name, page_rows in _scored(rows).items():
        readers = {reader: _digits(some) for reader, some in _by(page_rows, "reader").items()}
        true = max(score.runs for score in readers.values())
        cells = [
            f"{score.accuracy:.1%} / {score.recall:.1%}" if (score := readers.get(reader)) else "–"
            for reader in used
        ]
        lines.append(f"| {name} | {true} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _used(rows: Sequence[Row]) -> list[str]:
    present = {row["reader"] for row in rows}
    return [reader for reader in ORDER if reader in present]


def _scored(rows: Sequence[Row]) -> dict[str, list[Row]]:
    return _by((row for row in rows if row["told"] and not row["unread"]), "set")


def _with_halves(rows: Sequence[Row] | None) -> str:
    halves = (_percent(_mean(_half(rows, second=second), "cer")) for second in (False, True))
    return f"{_percent(_mean(rows, 'cer'))} ({', '.join(halves)})"


def _by(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return groups


def _half(rows: Sequence[Row] | None, *, second: bool) -> list[Row]:
    return [row for row in rows or () if row["second_half"] == second]


def _mean(rows: Sequence[Row] | None, field: str) -> float | None:
    return statistics.fmean(row[field] for row in rows) if rows else None


def _ratio(readers: dict[str, list[Row]], ours: str, peer: str, field: str) -> str:
    mine, other = (_mean(readers.get(reader), field) for reader in (ours, peer))
    return "–" if mine is None or not other else f"{mine / other:.2f}"


def _digits(rows: Sequence[Row]) -> DigitScore:
    return sum((DigitScore(**row["digits"]) for row in rows), start=DigitScore())


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _plain(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def main(arguments: list[str]) -> int:
    """Print the five tables of all files together."""
    rows = [row for name in arguments for row in json.loads(Path(name).read_text())]
    tables: tuple[Callable[[Sequence[Row]], str], ...] = (errors, marks, kinds, digits, costs)
    print("\n\n".join(table(rows) for table in tables))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
