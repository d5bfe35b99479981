"""Reading order of pieces of lines by position: rows, and columns where there are any.

Boxes are (left, top, right, bottom) in pixels of an upright, straight page.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from itertools import pairwise

from ocr.engines.contract import PixelBox

_GUTTER = 1.2  # text heights of white between two columns
_MOST_HEADINGS = 0.15  # share of pieces that may stand across it
_LEAST_ROWS = 4  # of a column: fewer are a letterhead or a table's head
_LEAST_WIDE = 7.0  # text heights: what is narrower is a cell of a table
_ABOVE = 0.25  # of the lower height: middles less apart are at one height
_SAME_ROW = 0.5  # of the lower height: overlap that makes two pieces neighbours


def in_order(boxes: Sequence[PixelBox], *, rightwards: bool) -> list[list[int]]:
    """Return the boxes' numbers as rows in reading order, each row in its own.

    `rightwards` for Latin. The recursive XY cut: a page is split at its gutter, else at its widest
    gap between rows.
    """
    if not boxes:
        return []
    height = statistics.median(bottom - top for _, top, _, bottom in boxes)
    return _cut(list(range(len(boxes))), boxes, height, rightwards)


def same_row(one: PixelBox, other: PixelBox) -> bool:
    """Return whether two boxes stand beside each other."""
    overlap = min(one[3], other[3]) - max(one[1], other[1])
    return overlap > _SAME_ROW * min(one[3] - one[1], other[3] - other[1])


def rows(numbers: Sequence[int], boxes: Sequence[PixelBox], *, rightwards: bool) -> list[list[int]]:
    """Return the boxes as rows from the top, each in reading order."""
    out: list[list[int]] = []
    for number in sorted(numbers, key=lambda n: boxes[n][1] + boxes[n][3]):
        mates = [n for row in out[-2:] for n in row if same_row(boxes[n], boxes[number])]
        row = next((row for row in reversed(out) if mates and mates[-1] in row), None)
        if row is not None and not any(_on_top(boxes[n], boxes[number]) for n in row):
            row.append(number)
        else:
            out.append([number])
    for row in out:
        row.sort(key=lambda n: boxes[n][0], reverse=not rightwards)
    return out


def _on_top(one: PixelBox, other: PixelBox) -> bool:
    """Return whether one box is above the other: they share most of their width, at two heights.

    At one height they are of one row, the one seen around the other.
    """
    shared = min(one[2], other[2]) - max(one[0], other[0])
    apart = abs(one[1] + one[3] - other[1] - other[3]) / 2
    return shared > 0.5 * min(one[2] - one[0], other[2] - other[0]) and apart > _ABOVE * min(
        one[3] - one[1], other[3] - other[1]
    )


def _cut(
    numbers: list[int], boxes: Sequence[PixelBox], height: float, rightwards: bool
) -> list[list[int]]:
    if len(numbers) < 2 * _LEAST_ROWS:
        return rows(numbers, boxes, rightwards=rightwards)
    gutter = _gutter([boxes[n] for n in numbers], height)
    if gutter is not None:
        return _in_columns(numbers, boxes, gutter, rightwards)
    level = _widest_gap([(boxes[n][1], boxes[n][3]) for n in numbers])
    if level is None:
        return rows(numbers, boxes, rightwards=rightwards)
    upper = [n for n in numbers if boxes[n][1] < level]
    lower = [n for n in numbers if boxes[n][1] >= level]
    return _cut(upper, boxes, height, rightwards) + _cut(lower, boxes, height, rightwards)


def _in_columns(
    numbers: list[int], boxes: Sequence[PixelBox], gutter: float, rightwards: bool
) -> list[list[int]]:
    """Return the columns between one heading over the gutter and the next, each from its top."""
    headings = sorted(
        (n for n in numbers if boxes[n][0] < gutter < boxes[n][2]), key=lambda n: boxes[n][1]
    )
    bands: list[list[int]] = [[] for _ in range(len(headings) + 1)]
    for n in set(numbers) - set(headings):
        middle = boxes[n][1] + boxes[n][3]
        bands[sum(boxes[h][1] + boxes[h][3] < middle for h in headings)].append(n)
    out: list[list[int]] = []
    for heading, band in zip([None, *headings], bands, strict=True):
        out += [[heading]] if heading is not None else []
        first = [n for n in band if (boxes[n][0] < gutter) == rightwards]
        rest = [n for n in band if (boxes[n][0] < gutter) != rightwards]
        for column in (first, rest):
            out += rows(column, boxes, rightwards=rightwards)
    return out


def _gutter(boxes: Sequence[PixelBox], height: float) -> float | None:
    """Return where white runs between two columns of text, headings apart; None if nowhere."""
    half, step = _GUTTER * height / 2, height / 3
    start, end = min(box[0] for box in boxes), max(box[2] for box in boxes)
    places = [start + n * step for n in range(1, int((end - start) / step))]
    crossed = [
        sum(left < x + half and x - half < right for left, _, right, _ in boxes) for x in places
    ]
    good = [
        (count, -min(x - start, end - x), x)
        for count, x in zip(crossed, places, strict=True)
        if count <= _MOST_HEADINGS * len(boxes) and _parts_columns(x, boxes, height)
    ]
    return min(good)[2] if good else None


def _parts_columns(x: float, boxes: Sequence[PixelBox], height: float) -> bool:
    """Return whether there are lines of text, not cells of a table, on both sides."""
    for column in ([box for box in boxes if box[2] <= x], [box for box in boxes if box[0] >= x]):
        if len(column) < _LEAST_ROWS:
            return False
        if statistics.median(right - left for left, _, right, _ in column) < _LEAST_WIDE * height:
            return False
    return True


def _widest_gap(spans: list[tuple[float, float]]) -> float | None:
    """Return the middle of the widest gap that no span covers; None when there is none."""
    ends: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if ends and start <= ends[-1][1]:
            ends[-1] = (ends[-1][0], max(ends[-1][1], end))
        else:
            ends.append((start, end))
    gaps = [(after[0] - before[1], (after[0] + before[1]) / 2) for before, after in pairwise(ends)]
    return max(gaps)[1] if gaps else None
