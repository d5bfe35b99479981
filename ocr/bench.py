"""`python -m ocr.bench [--sets …] [--limit N]`: errors and cost against Tesseract as most document
systems call it (Debian's models, `-l ara+fra+eng`), in the same run on the same pages.

Needs the project's corpus beside the checkout; CER as in `ocr.scoring`. Pages are split by document
into two halves, so that a later tuning can look at the first alone. The present scales and
thresholds were set while looking at pages of both: neither half is unseen.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ocr.engine import Tesseract
from ocr.images import Pictures
from ocr.limits import Limits
from ocr.reader import Reader
from ocr.scoring import character_error_rate
from ocr.tessdata import ROOT

CORPUS = ROOT.parent / "shared" / "corpus"


@dataclass(frozen=True, slots=True)
class PageSet:
    """`document` picks the document out of a file's stem; `marks` are no part of the text."""

    images: str
    truth: str
    document: str = r"^[^_]+"
    marks: str = ""


SETS = {
    "ar-admin-scan": PageSet("ar-admin-morocco/images_simscan", "ar-admin-morocco/gt"),
    "ar-admin-clean": PageSet("ar-admin-morocco/images_clean", "ar-admin-morocco/gt"),
    "ar-print": PageSet(
        "ar-print-openiti-scans/images", "ar-print-openiti-scans/gt", document=r"^.*"
    ),
    "fr-print": PageSet("fr-print-nubis/images", "fr-print-nubis/gt", document=r"^.*"),
    "fr-typed": PageSet(
        "fr-typed-tapuscorpus/images", "fr-typed-tapuscorpus/gt", r"^.*?__\d+", marks="_^"
    ),
    "en-typed": PageSet("en-typed-ehri/images", "en-typed-ehri/gt", document=r"^.*"),
}


@dataclass(frozen=True, slots=True)
class Result:
    """One page by one reader: CER and CPU seconds, and in which half of the split it is."""

    second_half: bool
    error: float
    cpu: float


def pages_of(page_set: PageSet, limit: int) -> list[tuple[Path, Path]]:
    """(picture, true text) of a set, evenly thinned out to `limit`; nothing without the corpus."""
    found = []
    for picture in sorted((CORPUS / page_set.images).glob("*")):
        truth = CORPUS / page_set.truth / f"{picture.stem}.txt"
        if truth.is_file():
            found.append((picture, truth))
    if not limit or limit >= len(found):
        return found
    return [found[n * len(found) // limit] for n in range(limit)]


def in_second_half(page_set: PageSet, picture: Path) -> bool:
    """Which half a document belongs to: by its name's checksum, so that it never changes."""
    match = re.match(page_set.document, picture.stem)
    name = match.group() if match else picture.stem
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 1


def peer(picture: Path) -> str:
    """Tesseract by itself as peers call it, with the system's models."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "out"
        subprocess.run(
            ["tesseract", str(picture), str(out), "-l", "ara+fra+eng", "--psm", "3"],
            check=True,
            capture_output=True,
            env={"OMP_THREAD_LIMIT": "1", "PATH": os.environ["PATH"]},
        )
        return out.with_suffix(".txt").read_text()


def ours() -> Callable[[Path], str]:
    """The quick reading as the office does it, without the sandbox's start."""
    reader = Reader(Tesseract())

    def read(picture: Path) -> str:
        return reader.read(Pictures(picture, Limits()).picture(1)).text

    return read


def measure(page_set: PageSet, reader: Callable[[Path], str], limit: int) -> list[Result]:
    """Read every page of the set and score it."""
    results = []
    for picture, truth in pages_of(page_set, limit):
        text = truth.read_text().translate(str.maketrans("", "", page_set.marks))
        before = _cpu()
        read = reader(picture)
        cpu = _cpu() - before
        held = in_second_half(page_set, picture)
        results.append(Result(held, character_error_rate(text, read), cpu))
    return results


def _cpu() -> float:
    mine, theirs = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def _row(name: str, reader: str, results: list[Result]) -> str:
    cells = [f"{name:15} {reader:6} {len(results):4}"]
    for held in (False, True):
        half = [r for r in results if r.second_half == held]
        cells.append(f"{statistics.fmean(r.error for r in half):9.1%}" if half else f"{'-':>9}")
    cells.append(f"{statistics.fmean(r.error for r in results):8.1%}")
    cells.append(f"{statistics.median(r.error for r in results):8.1%}")
    cells.append(f"{statistics.fmean(r.cpu for r in results):8.2f}")
    return " ".join(cells)


def main(arguments: list[str]) -> int:
    """Print the table; exit 2 without the corpus."""
    parser = argparse.ArgumentParser(prog="ocr.bench", description=__doc__)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--limit", type=int, default=0, help="pages of a set (0: all)")
    parser.add_argument("--no-peer", action="store_true", help="leave out bare Tesseract")
    wanted = parser.parse_args(arguments)
    if not CORPUS.is_dir():
        print("The corpus is not beside this checkout: nothing to measure.", file=sys.stderr)
        return 2
    readers = {"sijill": ours()} | ({} if wanted.no_peer else {"peer": peer})
    print(
        f"{'set':15} {'reader':6} {'n':>4} {'half 1':>9} {'half 2':>9}"
        f" {'all':>8} {'median':>8} {'CPU s':>8}"
    )
    for name in wanted.sets:
        for reader, read in readers.items():
            print(_row(name, reader, measure(SETS[name], read, wanted.limit)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
