"""PDFs that carry their own text: whether numbers and letters are as they were written.

Letters of known text are made into PDFs by many makers, in many fonts, and read as the office
reads, beside pypdfium2 as it comes and pdftotext. Exit 1 where, for a maker, a font and a kind of
number, fewer numbers are exact than from pypdfium2. Makers of packages want an environment:

    python -m venv .venv/makers && .venv/makers/bin/pip install -r benches/born_digital.txt

(the variable MAKERS names another place for it).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2

from benches._makers import MAKERS
from benches._pages_with_text import NUMBERS, Made, letters
from benches._texts_on_pages import FONTS
from ocr.engines.contract import Engine, NoEngine, Tesseract
from ocr.judging.scoring import distance, normal
from ocr.limits import Limits
from ocr.pipeline import read_file

_READERS = ("ours", "pypdfium2", "pdftotext")
_LISTED = re.compile(r"^\s*[•◦▪]\s*", re.MULTILINE)  # bullets, which LibreOffice adds
_BROKEN = re.compile(r"(?<=\S[/-])\r?\n")  # where a number or address goes on in the next line
_FEW_DIGITS = 3
_KEPT_BACK = 3  # the half whose losses are never shown
_DOUBTED = 0.6  # the confidence below which a page marks a word as doubtful
_LIMITS = Limits(page_seconds=600.0)  # other programs on the machine must not end a page
_FONTS_CONF = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include>/etc/fonts/fonts.conf</include><dir>{}</dir></fontconfig>"""

Cell = tuple[int, str, str]  # half, font, kind of number


@dataclass(slots=True)
class Score:
    """What one reader made of one maker's letters."""

    written: Counter[Cell] = field(default_factory=Counter)
    exact: Counter[Cell] = field(default_factory=Counter)
    doubted: Counter[Cell] = field(default_factory=Counter)  # not exact, and marked as doubtful
    characters: Counter[int] = field(default_factory=Counter)  # by half
    wrong: Counter[int] = field(default_factory=Counter)
    amiss: Counter[int] = field(default_factory=Counter)  # wrong, the order of words left aside

    def add(self, letter: Made, read: str, doubted: int) -> list[str]:
        """Count one letter; return its numbers that are not in what was read.

        `doubted`: how many words with figures are marked; a lost number takes its groups of them.
        """
        text, lost = _plain(read), []
        for kind, number in letter.numbers:
            if sum(map(str.isdigit, number)) < _FEW_DIGITS:
                continue
            cell = letter.half, letter.font, kind
            self.written[cell] += 1
            if (
                _holds(text, _plain(number))
                or _holds(text, _plain(letter.shown(number)))
                or _ends_a_line(read, letter.shown(number, broken=True))
            ):
                self.exact[cell] += 1
            else:
                lost.append(number)
                doubted -= len(number.split())
                self.doubted[cell] += doubted >= 0
        found = normal(_LISTED.sub("", _BROKEN.sub("", read)))
        for _, number in letter.numbers:  # counted above; here they are no wrong characters
            found = found.replace(letter.shown(number), number)
        truths = [normal(one) for one in letter.texts]
        self.characters[letter.half] += len(truths[0])
        wrong = min(distance(one, found) for one in truths)
        self.wrong[letter.half] += wrong
        self.amiss[letter.half] += min(wrong, _amiss(truths[0], found))
        return lost

    def share(self, half: int = 0, font: str = "", kind: str = "") -> float:
        """Return the share of exact numbers among those of a half, a font, a kind."""
        sums = [
            sum(n for cell, n in counted.items() if _is_of(cell, half, font, kind))
            for counted in (self.exact, self.written)
        ]
        return sums[0] / sums[1] if sums[1] else 1.0


def _amiss(truth: str, found: str) -> int:
    """Return the characters that differ in words of one text alone, whatever their order."""
    there, here = Counter(truth.split()), Counter(found.split())
    left = (" ".join(sorted(one.elements())) for one in (there - here, here - there))
    return distance(*left)


def _is_of(cell: Cell, half: int, font: str, kind: str) -> bool:
    wanted = zip((half, font, kind), cell, strict=True)
    return all(not one or one == other for one, other in wanted)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="sijill bench born_digital", description=__doc__)
    parser.add_argument("--letters", type=int, default=64, help="for each maker")
    parser.add_argument("--maker", nargs="+", choices=MAKERS, default=list(MAKERS))
    parser.add_argument("--half", type=int, choices=(1, 2, 3), nargs="+")
    parser.add_argument("--fonts", type=Path, metavar="DIR", help="more fonts than are installed")
    parser.add_argument("--lost", action="store_true", help="show the numbers that only we lose")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave the PDFs there")
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args(arguments)
    made = [one for one in letters(asked.letters) if one.half in (asked.half or (1, 2, 3))]
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        _with_fonts(asked.fonts, folder)
        scores = {}
        print(_head("Maker", "exact", "wrong characters"), flush=True)
        for maker in asked.maker:
            if missing := MAKERS[maker].missing():
                print(f"| {maker} | left out: {missing} is not installed |", flush=True)
                continue
            scores[maker] = _measure(maker, made, folder, show=asked.lost)
            _print_halves(maker, scores[maker])
    _print_kinds(scores)
    _print_fonts(scores)
    if asked.json:
        asked.json.write_text(json.dumps(_report(scores), indent=1, ensure_ascii=False))
    return int(_print_below(scores))


def _with_fonts(more: Path | None, folder: Path) -> None:
    """Let this process and its children find more fonts; name those that are missing."""
    if more:
        (folder / "fonts.conf").write_text(_FONTS_CONF.format(more.resolve()))
        os.environ["OSFONTDIR"] = f"{more.resolve()}//:/usr/share/fonts//"  # of TeX
        os.environ["FONTCONFIG_FILE"] = str((folder / "fonts.conf").resolve())
    command = ["fc-list", "--format=%{family}\n"]
    known = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for font in (one for half in FONTS for one in half):
        if font not in re.split(r"[,\n]", known):
            print(f"{font} is not installed: another font stands for it.")


def _measure(maker: str, made: Sequence[Made], folder: Path, *, show: bool) -> dict[str, Score]:
    """Return the scores of one maker's letters by reader."""
    at = folder / re.sub(r"\W+", "-", maker)
    at.mkdir(exist_ok=True)
    readers: dict[str, Callable[[Path], tuple[str, int]]] = {
        "ours": _ours(),
        "pypdfium2": _untouched,
        "pdftotext": _pdftotext,
    }
    scores = {name: Score() for name in readers}
    for letter, path in zip(made, MAKERS[maker].make(made, at), strict=True):
        lost = {n: scores[n].add(letter, *read(path)) for n, read in readers.items()}
        for number in lost["ours"] if show and letter.half != _KEPT_BACK else ():
            print(f"{path}: {number}{'' if number in lost['pypdfium2'] else ' (only ours)'}")
    return scores


def _ours() -> Callable[[Path], tuple[str, int]]:
    """Return the office's reading; without Tesseract nothing but text layers can be read."""
    engine: Engine = Tesseract() if shutil.which("tesseract") else NoEngine()

    def read(path: Path) -> tuple[str, int]:
        reading = read_file(path, engine=engine, speed="quick", limits=_LIMITS)
        words = [word for page in reading.pages for word in page.words]
        doubted = [w.text for w in words if w.confidence < _DOUBTED and re.search(r"\d", w.text)]
        return reading.text.replace("\f", "\n"), len(doubted)

    return read


def _untouched(path: Path) -> tuple[str, int]:
    document = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document), 0
    finally:
        document.close()


def _pdftotext(path: Path) -> tuple[str, int]:
    command = ["pdftotext", str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout, 0


def _plain(text: str) -> str:
    """Return a text as its numbers are compared: digits in their own script, none broken."""
    text = unicodedata.normalize("NFKC", re.sub(r"(?<=[/.-])\r?\n", "", text))
    return " ".join(
        re.sub(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u0640]", "", text).split()
    )


def _holds(text: str, number: str) -> bool:
    """Return whether the number stands in the text, no further figure at its ends."""
    return re.search(rf"(?<!\d){re.escape(number)}(?!\d)", text) is not None


def _ends_a_line(read: str, number: str) -> bool:
    """Return whether a number stands broken between two lines."""
    lines = [" ".join(line.split()) for line in read.splitlines()]
    return "\n" in number and number in "\n".join(lines)


def _head(first: str, *measures: str) -> str:
    names = [f"{measure}: {name}" for measure in measures for name in _READERS]
    more = "ours, order of words aside | lost ones doubted"
    return f"| {first} | half | {' | '.join(names)} | {more} |\n" + "|---" * 10 + "|"


def _print_halves(maker: str, scores: dict[str, Score]) -> None:
    for half in sorted(scores["ours"].characters):
        exact = [f"{scores[name].share(half):.1%}" for name in _READERS]
        wrong = [
            f"{scores[name].wrong[half] / scores[name].characters[half]:.2%}" for name in _READERS
        ]
        ours = scores["ours"]
        wrong.append(f"{ours.amiss[half] / ours.characters[half]:.2%}")
        lost = sum((ours.written - ours.exact)[c] for c in ours.written if c[0] == half)
        said = sum(n for cell, n in ours.doubted.items() if cell[0] == half)
        cells = [maker, str(half), *exact, *wrong, f"{said} of {lost}"]
        print(f"| {' | '.join(cells)} |", flush=True)


def _print_kinds(scores: dict[str, dict[str, Score]]) -> None:
    _print_table(scores, [*NUMBERS], lambda score, kind: score.share(kind=kind))


def _print_fonts(scores: dict[str, dict[str, Score]]) -> None:
    fonts = [font for half in FONTS for font in half]
    _print_table(scores, fonts, lambda score, font: score.share(font=font))


def _print_table(
    scores: dict[str, dict[str, Score]],
    columns: list[str],
    share: Callable[[Score, str], float],
) -> None:
    """Print, for each maker and column, the exact numbers: ours / pypdfium2 / pdftotext."""
    print(f"\n| Maker | {' | '.join(columns)} |\n|---{'|---' * len(columns)}|")
    for maker, by_reader in scores.items():
        cells = [
            " / ".join(f"{100 * share(by_reader[name], column):.1f}" for name in _READERS)
            for column in columns
        ]
        print(f"| {maker} | {' | '.join(cells)} |")


def _print_below(scores: dict[str, dict[str, Score]]) -> bool:
    """Print the cells in which ours has fewer numbers than pypdfium2; return whether any is."""
    below = [
        (maker, *cell, by_reader["ours"].exact[cell], by_reader["pypdfium2"].exact[cell], count)
        for maker, by_reader in scores.items()
        for cell, count in sorted(by_reader["ours"].written.items())
        if by_reader["ours"].exact[cell] < by_reader["pypdfium2"].exact[cell]
    ]
    print(f"\nCells below pypdfium2: {len(below)}")
    for maker, half, font, kind, ours, bare, count in below:
        print(f"- {maker}, half {half}, {font}, {kind}: {ours}, pypdfium2 {bare}, of {count}")
    return bool(below)


def _report(scores: dict[str, dict[str, Score]]) -> list[dict[str, object]]:
    return [
        {
            "maker": maker,
            "reader": name,
            "half": cell[0],
            "font": cell[1],
            "kind": cell[2],
            "written": count,
            "exact": score.exact[cell],
            "doubted": score.doubted[cell],
        }
        for maker, by_reader in scores.items()
        for name, score in by_reader.items()
        for cell, count in sorted(score.written.items())
    ]


if __name__ == "__main__":
    raise SystemExit(main())
