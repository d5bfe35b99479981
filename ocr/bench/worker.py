"""`python -m ocr.bench.worker SPEED`: reads pictures as the office does, one path a line of stdin.

`second` in place of a speed: all by the second reader alone, in the order of its lines' places.

One process for a whole run, so that a page's cost holds neither Python's start nor the loading of
models. Answers JSON lines: text, problem, and the page's processor seconds, children included.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from ocr.engines.rapid import find_second_reader
from ocr.limits import Limits
from ocr.picture.placing import in_order
from ocr.pipeline import make_reader, open_pages, read_page
from ocr.reader import Reader
from ocr.reading import SPEEDS, PageReading, Speed

ReadOne = Callable[[Path], tuple[str, str]]  # text and problem of a picture
_LONG = 600.0  # seconds: other programs on the machine must not end a page
_LIMITS = Limits(page_seconds=_LONG)


def main(arguments: list[str]) -> int:
    """Serve until stdin ends."""
    read_one = _by_second() if arguments[0] == "second" else _at_speed(arguments[0])
    for line in sys.stdin:
        before = _cpu()
        text, problem = read_one(Path(line.rstrip("\n")))
        answer = {"text": text, "problem": problem, "cpu": _cpu() - before}
        print(json.dumps(answer), flush=True)
    return 0


def _at_speed(name: str) -> ReadOne:
    speed: Speed = SPEEDS[SPEEDS.index(name)]
    reader = make_reader(limits=_LIMITS, speed=speed)

    def read_one(picture: Path) -> tuple[str, str]:
        page = read(picture, reader)
        return page.text, page.problem

    return read_one


def _by_second() -> ReadOne:
    second = find_second_reader()
    if second is None:
        raise SystemExit("the second reader is not installed")

    def read_one(path: Path) -> tuple[str, str]:
        with Image.open(path) as opened:
            picture = opened.convert("L")
        boxes = second.find_lines(picture, seconds=_LONG)
        lines = second.read_lines(picture, boxes, seconds=_LONG)
        read = [(box, line.text) for box, line in zip(boxes, lines, strict=True) if line]
        rows = in_order([box for box, _ in read], rightwards=True)
        return "\n".join(" ".join(read[n][1] for n in row) for row in rows), ""

    return read_one


def read(picture: Path, reader: Reader) -> PageReading:
    """Read the first page of a file."""
    pages = open_pages(picture, media_type=None, limits=_LIMITS)
    try:
        return read_page(pages, 1, reader)
    finally:
        pages.close()


def _cpu() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
