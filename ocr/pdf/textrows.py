"""Words of a page into the rows in which they stand, and rows into cells split at wide gaps."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from ocr.reading import Box

_GAP = 1.3  # word heights without ink that separate two cells of a row
_MOST_TALLER = 4.0  # what is higher than that many times a word stands in no row with it
_TRIED = 3  # gaps of a row that are tried as gutters of columns


@dataclass(frozen=True, slots=True)
class Token:
    """A word: `box` in one unit across and down the page, `source` what it was made of."""

    text: str
    box: Box
    source: object = None

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True)
class Cell:
    """Words of one row without a wide gap between them, as numbered in the order they came."""

    words: tuple[tuple[int, Token], ...]
    box: Box

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.box[3] - self.box[1]


class Row:
    """Cells beside each other, from left to right, with properties that are used repeatedly."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.cells = sorted(cells, key=lambda cell: cell.box[0])
        self.box = around([cell.box for cell in self.cells])
        self._lefts = [cell.box[0] for cell in self.cells]
        self._reach = list(accumulate((cell.box[2] for cell in self.cells), max))

    def gaps(self) -> list[tuple[float, float]]:
        """Return the widest strips without ink between cells, as (left, right)."""
        found = [(self._reach[n], self._lefts[n + 1]) for n in range(len(self.cells) - 1)]
        return sorted((gap for gap in found if gap[1] > gap[0]), key=lambda g: g[0] - g[1])[:_TRIED]

    def narrowed(self, left: float, right: float) -> tuple[float, float, bool] | None:
        """Return what the row leaves free of a strip, and whether it has cells on both sides.

        Return None if it crosses the strip's middle.
        """
        middle = (left + right) / 2
        before = bisect_left(self._lefts, middle)
        if before and self._reach[before - 1] > middle:
            return None
        if before:
            left = max(left, self._reach[before - 1])
        if before < len(self.cells):
            right = min(right, self._lefts[before])
        return left, right, 0 < before < len(self.cells)


def cells_of(words: list[tuple[int, Token]]) -> list[Cell]:
    """Split a line where a strip of paper without ink, far wider than a space, parts its words."""
    if not words:
        return []
    heights = sorted(token.height for _, token in words)
    usual = heights[len(heights) // 2]
    parts: list[list[tuple[int, Token]]] = []
    edge = 0.0
    for pair in sorted(words, key=lambda pair: pair[1].box[0]):
        left, right = pair[1].box[0], pair[1].box[2]
        if not parts or left - edge > _GAP * usual:
            parts.append([])
            edge = right
        parts[-1].append(pair)
        edge = max(edge, right)
    return [_cell(part) for part in parts]


def _cell(words: list[tuple[int, Token]]) -> Cell:
    words = sorted(words, key=lambda pair: pair[0])
    return Cell(tuple(words), around([token.box for _, token in words]))


def around(boxes: Sequence[Box]) -> Box:
    """Return the smallest box around all."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def rows_of(cells: list[Cell]) -> list[Row]:
    """Return cells that stand beside each other as rows from top to bottom."""
    forming: list[_Forming] = []
    for cell in sorted(cells, key=lambda cell: (cell.box[1] + cell.box[3], cell.box[0])):
        row = next((row for row in forming[-4:] if row.takes(cell)), None)
        if row is None:
            row = _Forming(cell)
            forming.append(row)
        row.add(cell)
    forming.sort(key=lambda row: _middle(row.highest.box))
    return [Row(row.cells) for row in forming]


class _Forming:
    """A row to which cells are still added."""

    def __init__(self, first: Cell) -> None:
        self.cells: list[Cell] = []
        self.highest = first
        self._taken: list[tuple[float, float]] = []  # from left to right

    def takes(self, cell: Cell) -> bool:
        """Return whether the middle of the lower one is within the higher, and none covers it."""
        low, high = sorted((cell, self.highest), key=lambda one: one.height)
        if not high.box[1] <= _middle(low.box) <= high.box[3]:
            return False
        if high.height > _MOST_TALLER * low.height and _letters(low):
            return False
        at = bisect_left(self._taken, (cell.box[0], cell.box[2]))
        return all(_apart(cell.box, *one) for one in self._taken[max(at - 1, 0) : at + 1])

    def add(self, cell: Cell) -> None:
        """Add a cell."""
        self.cells.append(cell)
        insort(self._taken, (cell.box[0], cell.box[2]))
        if cell.height > self.highest.height:
            self.highest = cell


def _middle(box: Box) -> float:
    return (box[1] + box[3]) / 2


def _apart(box: Box, left: float, right: float) -> bool:
    """Return whether a box shares less than half the narrower one's width with a span."""
    shared = min(box[2], right) - max(box[0], left)
    return shared <= 0.5 * min(box[2] - box[0], right - left) + 1e-9


def _letters(cell: Cell) -> bool:
    return any(char.isalnum() for _, token in cell.words for char in token.text)
