"""The understanding of letters: kinds, departments and every fact, on clean text and on scans.

Letters kept back from learning (`tests/understanding/letters_held_back*.jsonl` and
`benches/graded/departments.jsonl`) are asked about by a model trained once, from the starting set
(`--first`: as it was before its last 600 letters), and by the plainest classifier of scikit-learn.
Those with true facts are also drawn as pages, printed, aged, scanned and read by the office's own
reading, and asked about again: `--scans N` says how many (0: none), `--speed` how they are read.
The rules by which a fact counts as right, and the tolerance for what a scan misread, are those of
`understanding.letters.scoring`.

References (the sender's own, those cited, ours), sender and date are also counted on the letters of
`benches/graded`, on clean text, on the text layer of the PDFs that they are printed as (`--pdfs N`)
and on scans of them (`--scans`); of their parts B, D, H, L and V are only counted, the others
may be looked at (`--halves` names those wanted).

The letters with facts are two halves, told apart by a checksum of their ids: half 1 may be looked
at when the code is improved, half 2 is only ever counted. Cost is measured in a process of its own
that loads the trained model: CPU of one letter with and without sentence vectors, and memory.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benches._fact_tables import FactLetter, count_facts, lines_of, read_fact_letters
from benches._first_letters import first_letters
from benches._letters_on_paper import print_letter
from benches._plain_baseline import plain_rows
from benches._reference_tables import (
    GradedLetter,
    count_references,
    graded_letters,
    rows_of,
    sampled,
)
from benches._scans_read import read_scans
from benches._understanding_cost import Cost, measured
from language.vectors import vectors_version
from ocr.engines.contract import NoEngine
from ocr.pipeline import read_file
from understanding.learning.classification import Model
from understanding.learning.evaluate import (
    HEADINGS,
    Row,
    asked,
    cross_validation,
    line_of,
)
from understanding.learning.model_file import save
from understanding.learning.training import train
from understanding.starting_set import learning_set, read_letters

HELD_BACK = Path(__file__).resolve().parents[1] / "tests" / "understanding"
DEPARTMENTS = Path(__file__).resolve().parent / "graded" / "departments.jsonl"


def main(arguments: Sequence[str]) -> int:
    """Measure, print the tables, and write them as JSON where asked."""
    options = _options(arguments)
    if options.graded:
        _print_references(_references(options))
        return 0
    return _everything(options)


def _everything(options: Any) -> int:
    files = [Path(name) for name in options.files]
    files = files or [*sorted(HELD_BACK.glob("letters_held_back*.jsonl")), DEPARTMENTS]
    examples = first_letters() if options.first else learning_set()
    model = train(examples)
    known = [one for one in examples if not one.phrase]
    print(f"{len(known)} letters learnt; sentence vectors: {vectors_version() or 'none'}\n")
    rows, departments = cross_validation(model, examples) if options.folds else ([], [])
    sets = {path.stem: read_letters(path) for path in files}
    for name, letters in sets.items():
        rows += asked(model, letters, name)
    if options.folds:
        rows += plain_rows(known, sets)
    if options.classes:
        print("\n".join([HEADINGS, *map(line_of, rows), "", *departments]))
        return 0
    facts = [letter for path in files for letter in read_fact_letters(path)]
    scanned, reading = _scanned(facts, options)
    if scanned:
        rows += _on_scans(model, files, scanned, options.speed)
    print("\n".join([HEADINGS, *map(line_of, rows), "", *departments]))
    tables = {"clean text": count_facts(facts, scan=False)}
    if scanned:
        tables[f"scans, {options.speed} reading"] = count_facts(scanned, scan=True)
    for name, table in tables.items():
        print("\n".join(["", f"facts on {name}", *lines_of(table)]))
    cost = _cost(model, [one.text for path in files for one in read_letters(path)])
    print(f"\n{cost.line()}")
    references = _references(options)
    _print_references(references)
    if reading:
        print(f"reading a scan: {sum(reading) / len(reading):.2f} CPU s")
    if options.json:
        _write(options.json, rows, tables | references, cost)
    return 0


def _print_references(tables: dict[str, Any]) -> None:
    for name, table in tables.items():
        print("\n".join(["", *rows_of(name, table)]))


def _references(options: Any) -> dict[str, Any]:
    """Return the counts of the graded letters on each material that was asked for."""
    letters = graded_letters(options.halves)
    tables = {"graded, clean text": count_references(((o, o.text) for o in letters), scan=False)}
    with tempfile.TemporaryDirectory(prefix="sijill-graded-") as temporary:
        folder = options.keep or Path(temporary)
        if chosen := sampled(letters, options.pdfs):
            tables["graded, PDF"] = count_references(_printed(chosen, folder / "pdf"), scan=False)
        if chosen := sampled(letters, options.scans):
            tables["graded, scan"] = count_references(_read(chosen, options, folder), scan=True)
    return tables


def _printed(letters: Sequence[GradedLetter], folder: Path) -> Iterator[tuple[GradedLetter, str]]:
    for letter in letters:
        path = print_letter(letter.ident, letter.text, folder)
        read = read_file(path, engine=NoEngine(), speed="quick")
        yield letter, read.text


def _read(
    letters: Sequence[GradedLetter], options: Any, folder: Path
) -> Iterator[tuple[GradedLetter, str]]:
    by_name = {one.ident: one for one in letters}
    texts = {one.ident: one.text for one in letters}
    for name, text, _ in read_scans(texts, speed=options.speed, folder=folder):
        yield by_name[name], text


def _options(arguments: Sequence[str]) -> Any:
    parser = argparse.ArgumentParser(
        prog="sijill bench understanding",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="*", help="JSONL files of letters; else the held-back ones")
    parser.add_argument("--scans", type=int, default=40, help="letters drawn and read (default 40)")
    parser.add_argument("--pdfs", type=int, default=561, help="graded letters printed and read")
    parser.add_argument(
        "--halves", default="ABCDEFGHIJKLMNO", help="parts of the graded letters, as AB"
    )
    parser.add_argument("--graded", action="store_true", help="the graded letters alone")
    parser.add_argument(
        "--speed", choices=("quick", "careful"), default="quick",
        help="how scans are read (default as the office: careful where quick is weak)",
    )  # fmt: skip
    parser.add_argument("--keep", type=Path, help="folder where pictures and readings stay")
    parser.add_argument("--no-folds", dest="folds", action="store_false", help="held-back alone")
    parser.add_argument("--first", action="store_true", help="learn from the first 953 letters")
    parser.add_argument("--classes", action="store_true", help="kinds and departments alone")
    parser.add_argument("--json", type=Path, help="write every figure to this file")
    return parser.parse_args(arguments)


def _scanned(letters: Sequence[FactLetter], options: Any) -> tuple[list[FactLetter], list[float]]:
    """Return the first letters, by checksum, as their scans read; and CPU seconds of each."""
    chosen = sorted(letters, key=lambda one: one.checksum)[: max(0, options.scans)]
    if not chosen:
        return [], []
    with tempfile.TemporaryDirectory(prefix="sijill-scans-") as temporary:
        folder = options.keep or Path(temporary)
        texts = {one.ident: one.text for one in chosen}
        by_name = {one.ident: one for one in chosen}
        out, seconds = [], []
        for name, text, cpu in read_scans(texts, speed=options.speed, folder=folder):
            out.append(by_name[name].with_text(text))
            seconds.append(cpu)
    return out, seconds


def _on_scans(
    model: Model, files: Sequence[Path], scanned: Sequence[FactLetter], speed: str
) -> list[Row]:
    known = {one.ident: one for path in files for one in read_letters(path)}
    letters = [replace(known[one.ident], text=one.text) for one in scanned]
    return asked(model, letters, f"scans of them, {speed}")


def _cost(model: Model, texts: Sequence[str]) -> Cost:
    with tempfile.TemporaryDirectory(prefix="sijill-model-") as folder:
        path = Path(folder) / "model.npz"
        save(model, path)
        return measured(path, model.version, texts)


def _write(path: Path, rows: Sequence[Row], tables: dict[str, Any], cost: Cost) -> None:
    facts = {
        name: {half: {fact: count.to_dict() for fact, count in counts.items()}
               for half, counts in table.items()}
        for name, table in tables.items()
    }  # fmt: skip
    answer = {
        "classification": [row.to_dict() for row in rows],
        "facts": facts,
        "cost": cost.to_dict(),
    }
    path.write_text(json.dumps(answer, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
