"""Whether a page is in Latin letters, by a sample of its lines that the second reader reads.

It is the surest evidence where the engine is unsure of a page: worn typewriting is connected as
Arabic is, and the engine reads either as the other. The second reader is sure of Latin alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PIL import Image

from ocr.engines.contract import PixelBox, SecondReader, SeenLine
from ocr.errors import EngineFailed

_LINES = 12
_AT_ONCE = 3  # so many unread ones settle it
_MOST_UNREAD = 1 / 6  # of these lines: a page in both scripts has more that are no Latin to it
_LINE = 4  # letters, with fewer a long line was not read
_LEAST = 0.65  # mean confidence; measured: worn typing from 0.72, scribble up to 0.58
_LEAST_LETTERS = 20  # measured: Arabic print 0, by hand up to 6


def reads_latin(
    picture: Image.Image,
    second: SecondReader,
    *,
    seconds: float,
    among: Sequence[PixelBox] | None = None,
) -> bool:
    """Return whether the page's longest lines are read as Latin ones; False where that fails.

    Where places are given, the longest lines that stand `among` them.
    """
    deadline = time.monotonic() + seconds
    try:
        boxes = second.find_lines(picture, seconds=seconds)
        if among is not None:
            boxes = [box for box in boxes if any(_meets(box, place) for place in among)]
        longest = sorted(boxes, key=_width, reverse=True)[:_LINES]
        # Lines read together are read alike: what is likely Latin is read as the page will be.
        at_once = _AT_ONCE if among is None else _LINES
        letters = _letters_of(
            [longest[start : start + at_once] for start in range(0, len(longest), at_once)],
            len(longest),
            lambda some: second.read_lines(
                picture, some, seconds=max(0.0, deadline - time.monotonic())
            ),
        )
    except EngineFailed:
        return False
    count = sum(number for number, _ in letters)
    sure = sum(number * confidence for number, confidence in letters)
    return count >= _LEAST_LETTERS and sure >= _LEAST * count


def _letters_of(
    batches: Sequence[Sequence[PixelBox]],
    total: int,
    read: Callable[[Sequence[PixelBox]], Sequence[SeenLine | None]],
) -> list[tuple[int, float]]:
    """Return how many letters each line has and how sure they are; nothing where too few are read.

    Reading ends as soon as that is certain.
    """
    letters: list[tuple[int, float]] = []
    for batch in batches:
        lines = read(batch)
        letters += [(sum(map(str.isalpha, line.text)), line.confidence) if line else (0, 0.0)
                    for line in lines]  # fmt: skip
        unread = sum(number < _LINE for number, _ in letters)
        if total - unread < (1 - _MOST_UNREAD) * total:
            return []
    return letters


def _width(box: PixelBox) -> float:
    return box[2] - box[0]


def _meets(box: PixelBox, place: PixelBox) -> bool:
    """Return whether a place stands in a line's box at half its height, or the box in it."""
    middle = (place[1] + place[3]) / 2, (box[1] + box[3]) / 2
    beside = min(box[2], place[2]) > max(box[0], place[0])
    return beside and (box[1] < middle[0] < box[3] or place[1] < middle[1] < place[3])
