"""`python -m ocr.bench.worker SPEED`: reads pictures as the office does, one path a line of stdin.

One process for a whole run, so that a page's cost holds neither Python's start nor the loading of
models. Answers JSON lines: text, problem, and the page's processor seconds, children included.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from ocr.limits import Limits
from ocr.pipeline import make_reader, open_pages, read_page
from ocr.reader import Reader
from ocr.reading import SPEEDS, PageReading, Speed


def main(arguments: list[str]) -> int:
    """Serve until stdin ends."""
    speed: Speed = SPEEDS[SPEEDS.index(arguments[0])]
    reader = make_reader(limits=Limits(), speed=speed)
    for line in sys.stdin:
        before = _cpu()
        page = read(Path(line.rstrip("\n")), reader)
        answer = {"text": page.text, "problem": page.problem, "cpu": _cpu() - before}
        print(json.dumps(answer), flush=True)
    return 0


def read(picture: Path, reader: Reader) -> PageReading:
    """Read the first page of a file."""
    pages = open_pages(picture, media_type=None, limits=Limits())
    try:
        return read_page(pages, 1, reader)
    finally:
        pages.close()


def _cpu() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
