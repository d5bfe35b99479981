"""Reading order of words that know their place: rows, columns side by side, tables row by row.

A PDF holds its words in the order in which a program drew them: the footer first, a text box last,
the two sides of a letterhead row by row. Here the place on the page decides, and the order in which
the words came (their maker's, in logical order) only where place can't tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ocr.quality import ARABIC, LATIN
from ocr.reading import Box
from ocr.textrows import Cell, Row, Token, around, cells_of, rows_of

_LEAST_ROWS, _RUNNING_WORDS = 3, 4.0  # of columns of running text
_FILLED = 0.6  # share of its column that a line of running text covers
_LEAST_LETTERS = 4
_MANY_CELLS = 3000
_CLOSE = 2.5  # heights between two rows of a column
_LONGEST = 200  # rows of a column


def arrange(lines: Sequence[Sequence[Token]]) -> list[list[Token]]:
    """Lines of words, each in logical order, into the lines a person reads, in that order.

    No word is lost and none is added. A page of thousands of pieces, which no person reads, stays
    in the order in which it came.
    """
    cells: list[Cell] = []
    number = 0
    for line in lines:
        numbered = list(enumerate(line, start=number))
        number += len(line)
        cells.extend(cells_of(numbered))
    if len(cells) > _MANY_CELLS:
        return [list(line) for line in lines if line]
    if not cells:
        return []
    tokens = [token for cell in cells for _, token in cell.words]
    from_right = _arabic(tokens) > _latin(tokens)
    return [
        [token for _, token in _in_order(row, from_right=from_right)]
        for row in _read(rows_of(cells), from_right=from_right)
    ]


def _read(rows: list[Row], *, from_right: bool) -> list[Row]:
    """Rows in reading order: where a strip without ink parts columns, one column after another."""
    out: list[Row] = []
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


def _longest_gutter(rows: list[Row], at: int) -> tuple[int, float]:
    """The strip between cells of row `at` that goes down farthest: the row after its last one, and
    its middle. The row itself where there is no such strip."""
    best, middle = at, 0.0
    for left, right in rows[at].gaps():
        least = 0.5 * (right - left)
        end, both = at, at
        for number in range(at, min(len(rows), at + _LONGEST)):
            narrowed = rows[number].narrowed(left, right)
            if narrowed is None or narrowed[1] - narrowed[0] < least:
                break
            if number > at and not _follows(rows[number - 1], rows[number]):
                break
            left, right = narrowed[:2]
            end = number + 1
            both = end if narrowed[2] else both
        end = _tail(rows, both, end, (left + right) / 2)
        if end > best:
            best, middle = end, (left + right) / 2
    return best, middle


def _follows(last: Row, here: Row) -> bool:
    """Whether a row comes close enough below the last one to be of the same columns."""
    height = max(last.box[3] - last.box[1], here.box[3] - here.box[1])
    return here.box[1] - last.box[3] < _CLOSE * height


def _tail(rows: list[Row], both: int, end: int, middle: float) -> int:
    """Rows on one side only, below the last that has both: they go on the column they stand in
    only while they begin and end where its lines do."""
    for number in range(both, end):
        box = rows[number].box
        above = [
            cell.box
            for row in rows[max(both - 3, 0) : both]
            for cell in row.cells
            if _same_side(cell.box, box, middle)
        ]
        slack = 2 * (box[3] - box[1])
        if not above:
            return number
        column = around(above)
        if box[0] < column[0] - slack or box[2] > column[2] + slack:
            return number
    return end


def _same_side(a: Box, b: Box, middle: float) -> bool:
    return (a[0] >= middle) == (b[0] >= middle)


def _sides(rows: list[Row], gutter: float, *, from_right: bool) -> tuple[list[Row], list[Row]]:
    """The rows of the side that is read first, and of the other."""
    left = [[cell for cell in row.cells if cell.box[2] <= gutter] for row in rows]
    right = [[cell for cell in row.cells if cell.box[2] > gutter] for row in rows]
    sides = [[Row(cells) for cells in side if cells] for side in (left, right)]
    return (sides[1], sides[0]) if from_right else (sides[0], sides[1])


def _are_columns(first: list[Row], second: list[Row]) -> bool:
    """Columns hold running text, or one holds Arabic and the other Latin writing, as letterheads
    do; else the rows are a table's."""
    if not first or not second:
        return False
    scripts = [_script(side) for side in (first, second)]
    if all(scripts) and scripts[0] != scripts[1]:
        return len(first) > 1 or len(second) > 1
    return all(_is_running(side) for side in (first, second))


def _is_running(side: list[Row]) -> bool:
    if len(side) < _LEAST_ROWS:
        return False
    boxes = [row.box for row in side]
    whole = around(boxes)
    words = sum(len(cell.words) for row in side for cell in row.cells)
    widths = sorted(box[2] - box[0] for box in boxes)
    usual = widths[len(widths) // 2]
    return words >= _RUNNING_WORDS * len(side) and usual >= _FILLED * (whole[2] - whole[0])


def _script(side: list[Row]) -> str:
    tokens = [token for row in side for cell in row.cells for _, token in cell.words]
    arabic, latin = _arabic(tokens), _latin(tokens)
    if max(arabic, latin) < _LEAST_LETTERS:
        return ""
    if arabic > 3 * latin:
        return "ar"
    return "latin" if latin > 3 * arabic else ""


def _in_order(row: Row, *, from_right: bool) -> list[tuple[int, Token]]:
    """The words of a row as they are read. Words of the other direction, and numbers, that stand
    together keep the order in which they came: place can't tell it."""
    tokens = [token for cell in row.cells for _, token in cell.words]
    arabic, latin = _arabic(tokens), _latin(tokens)
    from_right = from_right if arabic == latin else arabic > latin
    out: list[tuple[int, Token]] = []
    for cell in sorted(row.cells, key=lambda cell: -cell.box[2] if from_right else cell.box[0]):
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


def _arabic(tokens: list[Token]) -> int:
    return sum(len(ARABIC.findall(token.text)) for token in tokens)


def _latin(tokens: list[Token]) -> int:
    return sum(len(LATIN.findall(token.text)) for token in tokens)
