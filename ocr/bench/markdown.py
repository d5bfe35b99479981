"""`python -m ocr.bench.markdown FILE…`: the tables of docs/benchmarks.md from `--json` files."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from ocr.judging.digit_scoring import DigitScore

Row = dict[str, Any]
READERS = ("quick", "careful", "tesseract", "model", "ocrmypdf")


def errors(rows: Sequence[Row]) -> str:
    """Return CER by set and reader, the careful one's by half, and its ratio to the peer's."""
    lines = ["| Set | Pages | " + " | ".join(READERS) + " | careful, half 1 / 2 | ÷ tesseract |"]
    lines.append("|---" * (len(READERS) + 4) + "|")
    for name, page_rows in _by(rows, "set").items():
        if page_rows[0]["unread"]:
            continue
        readers = _by(page_rows, "reader")
        cells = [_percent(_mean(readers.get(reader), "cer")) for reader in READERS]
        halves = (_mean(_half(readers.get("careful"), second), "cer") for second in (False, True))
        share = _ratio(readers, "careful", "tesseract", "cer")
        pages = len({row["page"] for row in page_rows})
        lines.append(
            f"| {name} | {pages} | {' | '.join(cells)} | {' / '.join(map(_percent, halves))}"
            f" | {share} |"
        )
    return "\n".join(lines)


def costs(rows: Sequence[Row]) -> str:
    """Return CPU seconds a page by set and reader, and the quick reading's cost over a peer's."""
    lines = ["| Set | " + " | ".join(READERS) + " | quick ÷ model | careful, MB |"]
    lines.append("|---" * (len(READERS) + 3) + "|")
    for name, page_rows in _by(rows, "set").items():
        readers = _by(page_rows, "reader")
        cells = [_plain(_mean(readers.get(reader), "cpu")) for reader in READERS]
        share = _ratio(readers, "quick", "model", "cpu")
        most = max((row["peak"] for row in readers.get("careful", ())), default=0) / 1_000_000
        lines.append(f"| {name} | {' | '.join(cells)} | {share} | {most:.0f} |")
    return "\n".join(lines)


def digits(rows: Sequence[Row]) -> str:
    """Return correct digits of the true ones / numbers read exactly, by set and reader."""
    lines = ["| Set | True numbers | " + " | ".join(READERS) + " |"]
    lines.append("|---" * (len(READERS) + 2) + "|")
    for name, page_rows in _by(rows, "set").items():
        if page_rows[0]["unread"]:
            continue
        readers = {reader: _digits(some) for reader, some in _by(page_rows, "reader").items()}
        true = max(score.runs for score in readers.values())
        cells = [
            f"{score.accuracy:.1%} / {score.recall:.1%}" if (score := readers.get(reader)) else "–"
            for reader in READERS
        ]
        lines.append(f"| {name} | {true} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _by(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return groups


def _half(rows: Sequence[Row] | None, second: bool) -> list[Row]:
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
    """Print the three tables of all files together."""
    rows = [row for name in arguments for row in json.loads(Path(name).read_text())]
    tables: tuple[Callable[[Sequence[Row]], str], ...] = (errors, digits, costs)
    print("\n\n".join(table(rows) for table in tables))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
