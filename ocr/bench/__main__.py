"""`./sijill bench reading`: errors and cost of the reading against other readers.

All readers run on the same pages in one run. Options: [--set NAME…] [--against NAME…] [--speed
NAME…] [--limit N] [--each N] [--half N] [--json FILE].
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ocr.bench import archives, drawn, throughput
from ocr.bench.readers import OURS, PEERS, BenchReader, make
from ocr.bench.sets import CORPUS, DRAWN, SETS, BenchPage, pages_of, thinned
from ocr.bench.table import LEGEND, Result, head, row, score, unread_row, untold_row


def main(arguments: list[str]) -> int:
    """Print the table; exit 2 where nothing that was requested is there, 3 without a peer."""
    wanted = _parse(arguments)
    if wanted.throughput:
        return throughput.measure()
    if wanted.pdfa:
        return archives.measure()
    if wanted.long:
        return subprocess.run([sys.executable, "-m", "benches.long_letter"], check=False).returncode
    names = wanted.set or [name for name in (*SETS, DRAWN) if name == DRAWN or CORPUS.is_dir()]
    missing = [name for name in names if name != DRAWN and not CORPUS.is_dir()]
    if missing:
        print(f"The corpus is not beside this checkout: no {', '.join(missing)}.", file=sys.stderr)
        return 2
    results: list[Result] = []
    try:
        with _readers([*wanted.speed, *wanted.against]) as readers:
            print(f"{LEGEND}\n{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start")
            print(head(wanted.against))
            for name in names:
                found = _read_set(name, readers, wanted)
                _print_set(name, found, [reader.name for reader in readers], wanted.against)
                results += found
                _keep(wanted.json, results)  # a run that is stopped keeps its sets
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 3
    return 0


def _keep(path: Path | None, results: Sequence[Result]) -> None:
    if path:
        rows = [result.to_dict() for result in results]
        path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sijill bench reading", description=__doc__)
    parser.add_argument("--set", "--sets", nargs="+", choices=[*SETS, DRAWN], help="(all)")
    parser.add_argument("--against", type=_some_of(PEERS), default=["tesseract", "second"])
    parser.add_argument("--speed", type=_some_of(OURS), default=list(OURS))
    parser.add_argument("--limit", type=int, default=0, help="pages of a set (0: all)")
    parser.add_argument("--each", type=int, default=0, help="pages of each half of a set")
    parser.add_argument("--half", type=int, choices=[1, 2], help="documents of one half only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="every page's figures")
    parser.add_argument("--throughput", action="store_true", help="instead: one and more processes")
    parser.add_argument("--pdfa", action="store_true", help="instead: PDF/A against OCRmyPDF")
    parser.add_argument("--long", action="store_true", help="instead: a letter of 2,000 pages")
    return parser.parse_args(arguments)


class _some_of:  # noqa: N801 - a function with a memory, as argparse likes its types
    """Names separated by commas, each of them known; `none` for an empty list."""

    def __init__(self, known: Sequence[str]) -> None:
        self._known = known

    def __call__(self, text: str) -> list[str]:
        names = [name for name in text.split(",") if name and name != "none"]
        for name in names:
            if name not in self._known:
                raise argparse.ArgumentTypeError(f"{name}: not one of {', '.join(self._known)}")
        return names


@contextlib.contextmanager
def _readers(names: Sequence[str]) -> Iterator[list[BenchReader]]:
    with contextlib.ExitStack() as ending:
        readers = []
        for name in names:
            readers.append(make(name))
            ending.callback(readers[-1].close)
        yield readers


def _read_set(
    name: str, readers: Sequence[BenchReader], wanted: argparse.Namespace
) -> list[Result]:
    """Read every page with every reader, page by page, so that machine noise affects all alike."""
    results = []
    with tempfile.TemporaryDirectory(prefix="sijill-bench-") as scratch:
        found = drawn.planned(Path(scratch)) if name == DRAWN else pages_of(SETS[name])
        if wanted.half:
            found = [page for page in found if page.second_half == (wanted.half == 2)]
        if wanted.each:
            halves = [[one for one in found if one.second_half == half] for half in (False, True)]
            found = [page for half in halves for page in thinned(half, wanted.each)]
        for number, page in enumerate(thinned(found, wanted.limit)):
            if name == DRAWN:
                drawn.draw(page)
            order = readers if number % 2 == 0 else reversed(readers)
            results += _read_page(name, page, order)
    return results


def _read_page(name: str, page: BenchPage, readers: Iterable[BenchReader]) -> list[Result]:
    """Read the page with every reader; return nothing where one fails, so that all compare."""
    try:
        return [score(name, page, reader.name, reader.read(page)) for reader in readers]
    except subprocess.CalledProcessError as error:
        print(f"{page.name} is left out: {error}", file=sys.stderr)
        return []


def _print_set(
    name: str, found: Sequence[Result], readers: Sequence[str], peers: Sequence[str]
) -> None:
    print(f"── {name}")
    by_reader = {reader: [r for r in found if r.reader == reader] for reader in readers}
    for reader, own in by_reader.items():
        if own and own[0].unread:
            print(unread_row(reader, own), flush=True)
        elif own and not own[0].told:
            print(untold_row(reader, own), flush=True)
        elif own:
            print(row(reader, own, [by_reader[peer] for peer in peers]), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
