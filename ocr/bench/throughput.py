"""Throughput of one long scan read by one process and by several, in pages a second."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

from ocr.bench import drawn
from ocr.bench.archives import write_scan
from ocr.bench.sets import SETS, BenchPage, pages_of, thinned
from ocr.children.sandbox import read_in_child

PAGES = 40
_MIXED = ("ar-admin-scan", "fr-print", "fr-typed", "ar-print")
_KINDS = 8  # different pages where they must be rendered first
_ROUNDS = 2


def measure() -> int:
    """Print pages a second with one process and with one a core, measured alternately."""
    cores = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="sijill-bench-") as scratch:
        document = write_scan(_pages(Path(scratch), PAGES), Path(scratch) / "scan.pdf", PAGES)
        print(f"{PAGES} scanned pages, quick reading, load {os.getloadavg()[0]:.1f} at the start")
        rates: dict[int, list[float]] = {1: [], cores: []}
        order = [1, cores, cores, 1][: 2 * _ROUNDS]
        for processes in order:
            rates[processes].append(_rate(document, processes))
            print(f"  {processes} process(es): {rates[processes][-1]:.2f} pages/s", flush=True)
    ratio = statistics.fmean(rates[cores]) / statistics.fmean(rates[1])
    print(f"{cores} processes read {ratio:.2f} times as much as one")
    return 0


def _pages(folder: Path, most: int) -> list[BenchPage]:
    found = [page for name in _MIXED for page in pages_of(SETS[name])]
    if found:
        return thinned(found, most)
    planned = thinned(drawn.planned(folder), min(most, _KINDS))
    for page in planned:
        drawn.draw(page)
    return planned


def _rate(document: Path, processes: int) -> float:
    """Return pages a second, process start included. Raise RuntimeError on a lost page."""
    started = time.monotonic()
    reading = read_in_child(document, speed="quick", processes=processes)
    wall = time.monotonic() - started
    lost = [page.number for page in reading.pages if page.problem not in {"", "empty"}]
    if lost:
        raise RuntimeError(f"pages not read: {lost}")
    return len(reading.pages) / wall
