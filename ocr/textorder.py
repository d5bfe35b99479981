"""Reading order of words that know their place: rows, columns side by side, tables row by row.

A PDF holds its words in the order in which a program drew them: the footer first, a text box last,
the two sides of a letterhead row by row. Here the place on the page decides, and the order in which
the words came (their maker's, in logical order) only where place can't tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocr.quality import ARABIC, LATIN
from ocr.reading import Box

_GAP = 1.3  # word heights without ink that part two cells of a row
_MOST_TALLER = 4.0  # what is higher than that many times a word stands in no row with it
_LEAST_ROWS, _RUNNING_WORDS = 3, 4.0  # of columns of running text
_FILLED = 0.6  # share of its column that a line of running text covers
_LEAST_LETTERS = 4


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
class _Cell:
    """Words of one row without a wide gap between them, as numbered in the order they came."""

    words: tuple[tuple[int, Token], ...]
    box: Box

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]


_Row = list[_Cell]


def arrange(lines: Sequence[Sequence[Token]]) -> list[list[Token]]:
    """Lines of words, each in logical order, into the lines a person reads, in that order.

    No word is lost and none is added. A line that comes without boxes stays where it came.
    """
    cells: list[_Cell] = []
    number = 0
    for line in lines:
        numbered = list(enumerate(line, start=number))
        number += len(line)
        cells.extend(_cells(numbered))
    if not cells:
        return []
    tokens = [token for cell in cells for _, token in cell.words]
    from_right = _arabic(tokens) > _latin(tokens)
    rows = _rows(cells)
    return [
        [token for _, token in _in_order(row, from_right=from_right)]
        for row in _read(rows, from_right=from_right)
    ]


def _cells(words: list[tuple[int, Token]]) -> list[_Cell]:
    """A line cut where a strip of paper without ink, far wider than a space, parts its words."""
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


def _cell(words: list[tuple[int, Token]]) -> _Cell:
    words = sorted(words, key=lambda pair: pair[0])
    return _Cell(tuple(words), _around([token.box for _, token in words]))


def _around(boxes: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _rows(cells: list[_Cell]) -> list[_Row]:
    """Cells that stand beside each other, rows from top to bottom."""
    rows: list[_Row] = []
    for cell in sorted(cells, key=lambda cell: (cell.box[1] + cell.box[3], cell.box[0])):
        row = next((row for row in rows[-4:] if _beside(cell, row)), None)
        if row is None:
            rows.append([cell])
        else:
            row.append(cell)
    return sorted(rows, key=lambda row: _middle(max(row, key=lambda cell: cell.height).box))


def _middle(box: Box) -> float:
    return (box[1] + box[3]) / 2


def _beside(cell: _Cell, row: _Row) -> bool:
    """The middle of the lower one lies within the higher one, and neither covers the other."""
    other = max(row, key=lambda one: one.height)
    low, high = sorted((cell, other), key=lambda one: one.height)
    if not high.box[1] <= _middle(low.box) <= high.box[3]:
        return False
    if high.height > _MOST_TALLER * low.height and _letters(low):
        return False
    return all(_apart(cell.box, one.box) for one in row)


def _apart(a: Box, b: Box) -> bool:
    """Whether two boxes share less than half the width of the narrower one."""
    shared = min(a[2], b[2]) - max(a[0], b[0])
    return shared <= 0.5 * min(a[2] - a[0], b[2] - b[0]) + 1e-9


def _read(rows: list[_Row], *, from_right: bool) -> list[_Row]:
    """Rows in reading order: where a strip without ink parts columns, one column after another."""
    out: list[_Row] = []
    at = 0
    while at < len(rows):
        end, gutter = _longest_gutter(rows, at)
        first, second = _sides(rows[at:end], gutter, from_right=from_right)
        if end > at and _are_columns(first, second):
            out += _read(first, from_right=from_right) + _read(second, from_right=from_right)
            at = end
        else:
            out.append(rows[at])
            at += 1
    return out


def _longest_gutter(rows: list[_Row], at: int) -> tuple[int, float]:
    """The strip between cells of row `at` that goes down farthest: the row after its last one, and
    its middle. The row itself where there is no such strip."""
    best, middle = at, 0.0
    edges = sorted(cell.box for cell in rows[at])
    for before, after in pairwise(edges):
        left, right = before[2], after[0]
        least = 0.5 * (right - left)
        end, both = at, at
        for number in range(at, len(rows)):
            narrowed = _narrowed(rows[number], left, right)
            if narrowed is None or narrowed[1] - narrowed[0] < least:
                break
            if number > at and not _follows(rows[at:number], rows[number]):
                break
            left, right = narrowed
            end = number + 1
            if any(cell.box[2] <= left for cell in rows[number]) and any(
                cell.box[0] >= right for cell in rows[number]
            ):
                both = end
        end = _tail(rows, both, end, (left + right) / 2)
        if end > best:
            best, middle = end, (left + right) / 2
    return best, middle


def _narrowed(row: _Row, left: float, right: float) -> tuple[float, float] | None:
    """What the row leaves free of the strip from `left` to `right`; None if it crosses it."""
    for cell in row:
        middle = (left + right) / 2
        if cell.box[0] < middle < cell.box[2]:
            return None
        if cell.box[2] <= middle:
            left = max(left, cell.box[2])
        else:
            right = min(right, cell.box[0])
    return left, right


def _follows(before: list[_Row], row: _Row) -> bool:
    """Whether a row comes close enough below the last one to be of the same columns."""
    last = _around([cell.box for cell in before[-1]])
    here = _around([cell.box for cell in row])
    return here[1] - last[3] < 2.5 * max(last[3] - last[1], here[3] - here[1])


def _tail(rows: list[_Row], both: int, end: int, middle: float) -> int:
    """Rows on one side only, below the last that has both: they go on the column they stand in
    only while they begin where its lines do."""
    for number in range(both, end):
        box = _around([cell.box for cell in rows[number]])
        side = [c.box for row in rows[:both][-3:] for c in row if _same_side(c.box, box, middle)]
        if not side:
            return number
        above = _around(side)
        slack = 2 * (box[3] - box[1])
        if box[0] < above[0] - slack or box[2] > above[2] + slack:
            return number
    return end


def _same_side(a: Box, b: Box, middle: float) -> bool:
    return (a[0] >= middle) == (b[0] >= middle)


def _sides(rows: list[_Row], gutter: float, *, from_right: bool) -> tuple[list[_Row], list[_Row]]:
    """The rows of the side that is read first, and of the other."""
    left = [[cell for cell in row if cell.box[2] <= gutter] for row in rows]
    right = [[cell for cell in row if cell.box[2] > gutter] for row in rows]
    sides = ([row for row in left if row], [row for row in right if row])
    return (sides[1], sides[0]) if from_right else sides


def _are_columns(first: list[_Row], second: list[_Row]) -> bool:
    """Columns hold running text, or one holds Arabic and the other Latin writing, as letterheads
    do; else the rows are a table's."""
    if not first or not second:
        return False
    scripts = [_script(side) for side in (first, second)]
    if all(scripts) and scripts[0] != scripts[1]:
        return len(first) > 1 or len(second) > 1
    return all(_is_running(side) for side in (first, second))


def _is_running(side: list[_Row]) -> bool:
    if len(side) < _LEAST_ROWS:
        return False
    boxes = [_around([cell.box for cell in row]) for row in side]
    whole = _around(boxes)
    words = sum(len(cell.words) for row in side for cell in row)
    widths = sorted(box[2] - box[0] for box in boxes)
    usual = widths[len(widths) // 2]
    return words >= _RUNNING_WORDS * len(side) and usual >= _FILLED * (whole[2] - whole[0])


def _script(side: list[_Row]) -> str:
    tokens = [token for row in side for cell in row for _, token in cell.words]
    arabic, latin = _arabic(tokens), _latin(tokens)
    if max(arabic, latin) < _LEAST_LETTERS:
        return ""
    if arabic > 3 * latin:
        return "ar"
    return "latin" if latin > 3 * arabic else ""


def _in_order(row: _Row, *, from_right: bool) -> list[tuple[int, Token]]:
    """The words of a row as they are read. Words of the other direction, and numbers, that stand
    together keep the order in which they came: place can't tell it."""
    words = [pair for cell in row for pair in cell.words]
    tokens = [token for _, token in words]
    arabic, latin = _arabic(tokens), _latin(tokens)
    from_right = from_right if arabic == latin else arabic > latin
    out: list[tuple[int, Token]] = []
    for cell in sorted(row, key=lambda cell: -cell.box[2] if from_right else cell.box[0]):
        placed = sorted(
            cell.words, key=lambda pair: -pair[1].box[2] if from_right else pair[1].box[0]
        )
        out += _keep_runs(placed, from_right=from_right)
    return out


def _keep_runs(placed: list[tuple[int, Token]], *, from_right: bool) -> list[tuple[int, Token]]:
    out: list[tuple[int, Token]] = []
    run: list[tuple[int, Token]] = []
    for pair in [*placed, None]:
        if pair is not None and not _goes(pair[1], from_right=from_right):
            run.append(pair)
            continue
        out += _settled(run)
        run = []
        if pair is not None:
            out.append(pair)
    return out


def _settled(run: list[tuple[int, Token]]) -> list[tuple[int, Token]]:
    """A run in the order it came, if it came in one piece; else in the order of its places."""
    came = sorted(run, key=lambda pair: pair[0])
    whole = all(b[0] - a[0] == 1 for a, b in pairwise(came))
    return came if whole else run


def _goes(token: Token, *, from_right: bool) -> bool:
    """Whether a word is written in the direction of its line, so that its place tells its turn."""
    return bool((ARABIC if from_right else LATIN).search(token.text))


def _letters(cell: _Cell) -> bool:
    return any(char.isalnum() for _, token in cell.words for char in token.text)


def _arabic(tokens: list[Token]) -> int:
    return sum(len(ARABIC.findall(token.text)) for token in tokens)


def _latin(tokens: list[Token]) -> int:
    return sum(len(LATIN.findall(token.text)) for token in tokens)
