"""Cost of a searchable PDF/A of a scan, reading included: our quick reading against OCRmyPDF."""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from PIL import Image

from ocr.archive.sandbox import join_in_child, part_in_child
from ocr.bench import drawn
from ocr.bench.ocrmypdf import program
from ocr.bench.processes import run
from ocr.bench.readers import EVERYTHING, environment
from ocr.bench.sets import DRAWN, SETS, BenchPage, pages_of, thinned
from ocr.children.sandbox import read_in_child
from ocr.engines.tessdata import ROOT

PAGES = 6
_SETS = ("ar-admin-scan", "fr-print", "fr-typed")
_MEGA = 1_000_000
_DPI = 200  # the declared resolution, not true of every set: the reading measures the page itself


def measure() -> int:
    """Print processor seconds a page and the size of the result. Raise FileNotFoundError."""
    ocrmypdf = [str(program()), "-l", EVERYTHING]
    print("CPU seconds a page, the start of all processes included, and MB of the PDF/A:")
    print(
        f"{'':15}{'pages':>6}{'ours':>8}{'ocrmypdf':>10}{'on 1 thread':>13}{'MB':>8}{'theirs':>8}"
    )
    sums = [0.0, 0.0, 0.0]
    with tempfile.TemporaryDirectory(prefix="sijill-bench-") as folder:
        for name, pages in _documents(Path(folder)).items():
            scan = write_scan(pages, Path(folder) / f"{name}.pdf", len(pages))
            mine, single = _ours(scan), _weigh(ocrmypdf, scan)
            default = _weigh(ocrmypdf, scan, one_thread=False)
            costs = [one.cpu / len(pages) for one in (mine, default, single)]
            sums = [before + cost for before, cost in zip(sums, costs, strict=True)]
            print(
                f"{name:15}{len(pages):6}{costs[0]:8.2f}{costs[1]:10.2f}{costs[2]:13.2f}"
                f"{mine.megabytes:8.2f}{default.megabytes:8.2f}",
                flush=True,
            )
    print(
        f"The quick reading with its PDF/A costs {sums[0] / sums[1]:.2f} of OCRmyPDF's defaults,"
        f" {sums[0] / sums[2]:.2f} of OCRmyPDF on one thread (means over the documents)."
    )
    return 0


@dataclass(frozen=True, slots=True)
class _Weight:
    """Processor seconds, program start included, and the size of the output."""

    cpu: float
    megabytes: float


def _ours(scan: Path) -> _Weight:
    """Process a scan as the office does, in the same children: read, write the pages, join them."""
    part, out = scan.with_suffix(".part.pdf"), scan.with_suffix(".ours.pdf")
    before = _children_cpu()
    reading = read_in_child(scan, speed="quick")
    part_in_child(scan, [page.to_dict() for page in reading.pages], part)
    join_in_child([part], out, language=reading.language)
    return _Weight(_children_cpu() - before, out.stat().st_size / _MEGA)


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _weigh(command: list[str], scan: Path, *, one_thread: bool = True) -> _Weight:
    out = scan.with_suffix(".out.pdf")
    surroundings = environment(one_thread=one_thread)
    _, cost = run([*command, str(scan), str(out)], environment=surroundings, cwd=ROOT)
    size = out.stat().st_size / _MEGA
    out.unlink()
    return _Weight(cost.cpu, size)


def write_scan(pages: Sequence[BenchPage], target: Path, count: int) -> Path:
    """Write a PDF of `count` scanned pages, grey JPEG as a scanner writes it.

    The pages repeat from the start at the end of `pages`.
    """
    pictures = [Image.open(page.picture).convert("L") for page in pages]
    first, *rest = islice(cycle(pictures), count)
    first.save(target, "PDF", save_all=True, append_images=rest, resolution=_DPI, quality=75)
    return target


def _documents(folder: Path) -> dict[str, list[BenchPage]]:
    """Return one document for each set of the corpus; without the corpus, one that is rendered."""
    found = {name: thinned(pages_of(SETS[name]), PAGES) for name in _SETS}
    if any(found.values()):
        return {name: pages for name, pages in found.items() if pages}
    planned = thinned(drawn.planned(folder), PAGES)
    for page in planned:
        drawn.draw(page)
    return {DRAWN: planned}
