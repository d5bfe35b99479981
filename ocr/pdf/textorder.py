"""Reading order of positioned words: rows, columns side by side, tables row by row.

A PDF holds its words in the order in which a program drew them: the footer first, a text box last,
the two sides of a letterhead row by row. Here the place on the page decides, and the drawing order
(logical order within a word) only where place can't tell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from ocr.pdf.bidi import in_logical_order
from ocr.pdf.pieces import drawn_from_right, glyphs_of
from ocr.pdf.textrows import Cell, Row, Token, around, cells_of, rows_of
from ocr.quality import ARABIC, LATIN
from ocr.reading import Box

_LEAST_ROWS, _RUNNING_WORDS = 3, 4.0  # of columns of running text
_FILLED = 0.6  # share of its column that a line of running text covers
_LEAST_LETTERS, _MANY_CELLS = 4, 3000
_CLOSE, _FAR, _WIDER = 0.8, 2.5, 1.8  # heights between two lines of a column, see _line_gap
_SAMPLE, _LONGEST = 7, 200  # rows of a column
_TOUCH = 0.14  # heights of a cell to the next one, less than a space


def arrange(lines: Sequence[Sequence[Token]]) -> list[list[Token]]:
    """Arrange lines of words, each in logical order, into the lines a person reads, in order.

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
    told = drawn_from_right([cell.words for cell in cells])
    return [
        [token for _, token in _in_order(row, from_right=from_right, told=told)]
        for row in _read(rows_of(cells), from_right=from_right)
    ]


def _read(rows: list[Row], *, from_right: bool) -> list[Row]:
    """Put rows in reading order: where a gutter separates columns, one column after another."""
    out: list[Row] = []
    at = done = 0  # rows from `done` on may still prove to be the heads of columns
    while at < len(rows):
        end, gutter = _longest_gutter(rows, at)
        start = _heads(rows, done, at, gutter) if end > at else at
        first, second = _sides(rows[start:end], gutter, from_right=from_right)
        if end > at and _are_columns(first, second, rows[start:end]):
            del out[len(out) - (at - start) :]
            out += _read(first, from_right=from_right) + _read(second, from_right=from_right)
            at = done = end
        else:
            out.append(rows[at])
            at += 1
    return out


def _heads(rows: list[Row], done: int, at: int, gutter: float) -> int:
    """Return the first row closely above row `at` that does not cross its gutter.

    One on one side must not be wider than the row below.
    """
    start = at
    while start > done and _gap(rows[start - 1], rows[start]) < _line_gap(rows[at:]):
        box, below = rows[start - 1].box, rows[start].box
        free = rows[start - 1].narrowed(gutter, gutter)
        if free and free[2]:  # it has both sides
            start -= 1
            continue
        if box[0] < gutter < box[2] or box[0] < below[0] - _slack(box):
            break
        if box[2] > below[2] + _slack(box):
            break
        start -= 1
    return start


def _longest_gutter(rows: list[Row], at: int) -> tuple[int, float]:
    """Return the gutter in row `at` that goes down farthest: its end row and its middle.

    The end is the row after its last one, or the row itself where there is no such gutter.
    """
    best, middle = at, 0.0
    for left, right in rows[at].gaps():
        least = 0.5 * (right - left)
        end, both, most = at, at, _line_gap(rows[at:])
        for number in range(at, min(len(rows), at + _LONGEST)):
            narrowed = rows[number].narrowed(left, right)
            if narrowed is None or narrowed[1] - narrowed[0] < least:
                break
            if number > at and _gap(rows[number - 1], rows[number]) > most:
                break
            left, right = narrowed[:2]
            end = number + 1
            both = end if narrowed[2] else both
        end = _tail(rows, at, both, end, (left + right) / 2)
        if end > best:
            best, middle = end, (left + right) / 2
    return best, middle


def _gap(last: Row, here: Row) -> float:
    return here.box[1] - last.box[3]


def _line_gap(rows: list[Row]) -> float:
    """Return the largest gap between two lines of a column, by its first rows.

    It is less than twice the usual one there: beyond it another part of the page begins.
    """
    gaps = sorted(_gap(a, b) for a, b in pairwise(rows[:_SAMPLE]))
    heights = sorted(row.box[3] - row.box[1] for row in rows[:_SAMPLE])
    if not gaps:
        return 0.0
    usual, height = gaps[len(gaps) // 2], heights[len(heights) // 2]
    return min(max(_WIDER * usual, _CLOSE * height), _FAR * height)


def _slack(box: Box) -> float:
    return 2 * (box[3] - box[1])


def _tail(rows: list[Row], at: int, both: int, end: int, middle: float) -> int:
    """Return the end of the column from `at` below `both`, the last row that has both sides.

    Rows on one side only belong to it while they begin and end where its lines do, as close to
    each other.
    """
    most = _line_gap(rows[at:both]) if both - at > 1 else math.inf
    for number in range(both, end):
        box = rows[number].box
        if _gap(rows[number - 1], rows[number]) > most:
            return number
        above = [
            cell.box
            for row in rows[max(both - 3, 0) : both]
            for cell in row.cells
            if _same_side(cell.box, box, middle)
        ]
        if not above:
            return number
        column = around(above)
        if box[0] < column[0] - _slack(box) or box[2] > column[2] + _slack(box):
            return number
    return end


def _same_side(a: Box, b: Box, middle: float) -> bool:
    return (a[0] >= middle) == (b[0] >= middle)


def _sides(rows: list[Row], gutter: float, *, from_right: bool) -> tuple[list[Row], list[Row]]:
    """Return the rows of the side that is read first, and of the other."""
    left = [[cell for cell in row.cells if cell.box[2] <= gutter] for row in rows]
    right = [[cell for cell in row.cells if cell.box[2] > gutter] for row in rows]
    sides = [[Row(cells) for cells in side if cells] for side in (left, right)]
    return (sides[1], sides[0]) if from_right else (sides[0], sides[1])


def _are_columns(first: list[Row], second: list[Row], rows: list[Row]) -> bool:
    """Return whether the sides are columns; otherwise the rows are a table's.

    Columns hold running text, or one Arabic and the other Latin writing, as letterheads do, or one
    was drawn after the other.
    """
    if not first or not second:
        return False
    scripts = [_script(side) for side in (first, second)]
    if all(scripts) and scripts[0] != scripts[1]:
        return len(first) > 1 or len(second) > 1
    if all(_is_running(side) for side in (first, second)):
        return not (_are_parted(first) or _are_parted(second)) or not _came_in_turn(rows)
    return _came_apart(first, second) and _is_told(first) and _is_told(second)


def _are_parted(side: list[Row]) -> bool:
    """Return whether most rows of a side are cut into cells, as a table's are."""
    return 2 * sum(len(row.cells) > 1 for row in side) > len(side)


def _came_in_turn(rows: list[Row]) -> bool:
    """Return whether the words came row by row, each row's from both sides, as in tables."""
    return all(max(_turns([a])) < min(_turns([b])) for a, b in pairwise(rows))


def _came_apart(first: list[Row], second: list[Row]) -> bool:
    """Return whether the words of one side came right after all those of the other."""
    if min(len(first), len(second)) < 2:
        return False
    one, other = _turns(first), _turns(second)
    return max(one) + 1 == min(other) or max(other) + 1 == min(one)


def _turns(rows: list[Row]) -> list[int]:
    return [number for row in rows for cell in row.cells for number, _ in cell.words]


def _is_told(side: list[Row]) -> bool:
    """Return whether most rows of a side are readable on their own.

    These are rows of words that do not end in a colon.
    """
    ends = [row.cells[0].words[-1][1].text for row in side]
    told = [
        _has_letters(row) and not end.endswith(":") for row, end in zip(side, ends, strict=True)
    ]
    return 2 * sum(told) > len(side)


def _has_letters(row: Row) -> bool:
    tokens = [token for cell in row.cells for _, token in cell.words]
    return _arabic(tokens) + _latin(tokens) > 0


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


def _in_order(row: Row, *, from_right: bool, told: bool) -> list[tuple[int, Token]]:
    """Return the words of a row in reading order, cell by cell."""
    tokens = [token for cell in row.cells for _, token in cell.words]
    arabic, latin = _arabic(tokens), _latin(tokens)
    if bool(arabic) != bool(latin):  # otherwise the page's direction: a row of both is inconclusive
        from_right = arabic > 0
    out: list[tuple[int, Token]] = []
    cells = _whole(row.cells)
    for cell in reversed(cells) if from_right else cells:
        if all(glyphs_of(token) for _, token in cell.words):
            out += in_logical_order(cell.words, from_right=from_right, told=told)
            continue
        placed = sorted(cell.words, key=lambda pair: _place(pair, from_right=from_right))
        out += _with_runs(placed, from_right=from_right)
    return out


def _whole(cells: Sequence[Cell]) -> list[Cell]:
    """Join cells without a space between them: pieces of a word into which its line was cut."""
    out: list[Cell] = []
    for cell in cells:
        if out and cell.box[0] - out[-1].box[2] < _TOUCH * min(cell.height, out[-1].height):
            words = tuple(sorted((*out[-1].words, *cell.words), key=lambda pair: pair[0]))
            out[-1] = Cell(words, around([out[-1].box, cell.box]))
        else:
            out.append(cell)
    return out


def _place(pair: tuple[int, Token], *, from_right: bool) -> float:
    return -pair[1].box[2] if from_right else pair[1].box[0]


def _with_runs(placed: list[tuple[int, Token]], *, from_right: bool) -> list[tuple[int, Token]]:
    """Order words by place, with runs of opposite-direction words, and of numbers, in theirs.

    Numbers with nothing else between them may stand either way round: they keep the order in which
    they came, if the words about them came in theirs.
    """
    own = [pair[0] for pair in placed if _goes(pair[1], from_right=from_right)]
    in_turn = sum(a < b for a, b in pairwise(own)) >= (len(own) - 1) / 2
    out: list[tuple[int, Token]] = []
    run: list[tuple[int, Token]] = []
    for pair in [*placed, None]:
        if pair is not None and not _goes(pair[1], from_right=from_right):
            run.append(pair)
            continue
        out += _settled(run, from_right=from_right, in_turn=in_turn)
        run = []
        if pair is not None:
            out.append(pair)
    return out


def _settled(
    run: list[tuple[int, Token]], *, from_right: bool, in_turn: bool
) -> list[tuple[int, Token]]:
    """Order a run for reading, reversed as far as its last opposite-direction word."""
    turned = [n for n, pair in enumerate(run) if _goes(pair[1], from_right=not from_right)]
    if turned:
        return run[turned[-1] :: -1] + run[turned[-1] + 1 :]
    came = sorted(run, key=lambda pair: pair[0])
    whole = all(b[0] - a[0] == 1 for a, b in pairwise(came))
    return came if whole and in_turn else run


def _goes(token: Token, *, from_right: bool) -> bool:
    """Return whether a word is written in this direction, so that its place gives its order."""
    return bool((ARABIC if from_right else LATIN).search(token.text))


def _arabic(tokens: list[Token]) -> int:
    return sum(len(ARABIC.findall(token.text)) for token in tokens)


def _latin(tokens: list[Token]) -> int:
    return sum(len(LATIN.findall(token.text)) for token in tokens)
