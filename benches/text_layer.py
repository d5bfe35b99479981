"""Text layers of PDFs: whether their numbers and letters are as they were written.

Letters of known text are made into PDFs by several makers and read as the office reads, beside
pypdfium2 as it comes. Exit 1 where a maker's numbers come out worse than from pypdfium2.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from benches._pages_with_text import MAKERS, Made, half_of, letters
from ocr.engines.contract import Engine, NoEngine, Tesseract
from ocr.judging.scoring import distance, normal
from ocr.pipeline import read_file

_NEEDS = {"weasyprint": "", "chromium": "chromium", "libreoffice": "soffice"}


@dataclass(slots=True)
class Score:
    """Numbers written and found exactly, characters written and wrong ones."""

    numbers: int = 0
    exact: int = 0
    characters: int = 0
    wrong: int = 0

    def add(self, letter: Made, read: str) -> list[str]:
        """Count one letter; return its numbers that are not in what was read."""
        text = normal(read)
        lost = [one for one in letter.numbers if not _holds(text, normal(one))]
        self.numbers += len(letter.numbers)
        self.exact += len(letter.numbers) - len(lost)
        truth = normal(letter.text)
        self.characters += len(truth)
        self.wrong += distance(truth, text)
        return lost

    def __str__(self) -> str:
        exact, wrong = self.exact / self.numbers, self.wrong / self.characters
        return f"{exact:.1%} | {wrong:.2%}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table, a row for each maker and half."""
    parser = argparse.ArgumentParser(prog="sijill bench text_layer", description=__doc__)
    parser.add_argument("--letters", type=int, default=160)
    parser.add_argument("--maker", nargs="+", choices=MAKERS, default=list(MAKERS))
    parser.add_argument("--half", type=int, choices=(1, 2))
    parser.add_argument("--lost", action="store_true", help="show the numbers that only we lose")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave the PDFs there")
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args(arguments)
    made = [one for one in letters(asked.letters) if asked.half in {None, half_of(one)}]
    print("| Maker | half | numbers | ours: exact | wrong characters | pypdfium2: exact | wrong |")
    print("|---|---|---|---|---|---|---|")
    report: list[dict[str, object]] = []
    worse = False
    for maker in asked.maker:
        if _NEEDS[maker] and not shutil.which(_NEEDS[maker]):
            print(f"| {maker} | {_NEEDS[maker]} is not installed |")
            continue
        for (half, name), score in _measure(maker, made, asked.keep, show=asked.lost).items():
            report.append({"maker": maker, "half": half, "reader": name, **_plain(score)})
        worse |= _print_rows(maker, report)
    if asked.json:
        asked.json.write_text(json.dumps(report, indent=1))
    return int(worse)


def _plain(score: Score) -> dict[str, object]:
    names = ("numbers", "exact", "characters", "wrong")
    return {name: getattr(score, name) for name in names}


def _print_rows(maker: str, report: Sequence[dict[str, object]]) -> bool:
    """Print a maker's rows; return whether ours lost a number that pypdfium2 gave."""
    worse = False
    for half in (1, 2):
        rows = {r["reader"]: r for r in report if (r["maker"], r["half"]) == (maker, half)}
        if not rows:
            continue
        ours, bare = (
            Score(*(int(str(rows[name][key])) for key in _plain(Score())))
            for name in ("ours", "pypdfium2")
        )
        print(f"| {maker} | {half} | {ours.numbers} | {ours} | {bare} |", flush=True)
        worse |= ours.exact < bare.exact
    return worse


def _measure(
    maker: str, made: Sequence[Made], keep: Path | None, *, show: bool
) -> dict[tuple[int, str], Score]:
    """Return the scores of one maker's letters by half and reader."""
    readers: dict[str, Callable[[Path], str]] = {"ours": _ours(), "pypdfium2": _untouched}
    scores = {(half, name): Score() for half in {half_of(one) for one in made} for name in readers}
    with tempfile.TemporaryDirectory() as temporary:
        folder = (keep or Path(temporary)) / maker
        folder.mkdir(parents=True, exist_ok=True)
        for letter, path in zip(made, MAKERS[maker](made, folder), strict=True):
            lost = {
                name: scores[half_of(letter), name].add(letter, read(path))
                for name, read in readers.items()
            }
            for number in set(lost["ours"]) - set(lost["pypdfium2"]) if show else ():
                print(f"{path.name}: {number}")
    return scores


def _ours() -> Callable[[Path], str]:
    """Return the office's reading; without Tesseract nothing but text layers can be read."""
    engine: Engine = Tesseract() if shutil.which("tesseract") else NoEngine()
    return lambda path: read_file(path, engine=engine, speed="quick").text.replace("\f", "\n")


def _untouched(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def _holds(text: str, number: str) -> bool:
    """Return whether the number stands in the text, no further figure at its ends."""
    return re.search(rf"(?<!\d){re.escape(number)}(?!\d)", text) is not None


if __name__ == "__main__":
    raise SystemExit(main())
