"""Rows of a page in reading order: columns side by side one after another, tables row by row."""

from __future__ import annotations

import math
from itertools import pairwise

from ocr.pdf.textrows import Row, Token, around
from ocr.quality import ARABIC, LATIN
from ocr.reading import Box

_LEAST_ROWS, _RUNNING_WORDS = 3, 4.0  # of columns of running text
_FILLED = 0.6  # share of its column that a line of running text covers
_LEAST_LETTERS = 4
_CLOSE, _FAR, _WIDER = 0.8, 2.5, 1.8  # heights between two lines of a column, see _line_gap
_SAMPLE, _LONGEST = 7, 200  # rows of a column
_GUTTER = 2.0  # heights of a row that are enough between columns


def in_reading_order(rows: list[Row], *, from_right: bool) -> list[Row]:
    """Put rows in reading order: where a gutter separates columns, one column after another."""
    out: list[Row] = []
    at = done = 0  # rows from `done` on may still prove to be the heads of columns
    while at < len(rows):
        end, gutter = _longest_gutter(rows, at)
        start = _heads(rows, done, at, gutter) if end > at else at
        first, second = _sides(rows[start:end], gutter, from_right=from_right)
        if end > at and _are_columns(first, second, rows[start:end]):
            del out[len(out) - (at - start) :]
            out += in_reading_order(first, from_right=from_right) + in_reading_order(
                second, from_right=from_right
            )
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
        least = min(0.5 * (right - left), _GUTTER * (rows[at].box[3] - rows[at].box[1]))
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
            cell
            for row in rows[max(both - 3, 0) : both]
            for cell in row.cells
            if _same_side(cell.box, box, middle)
        ]
        if not above or _turns_to_other_script(rows[number], Row(above)):
            return number
        column = around([cell.box for cell in above])
        if box[0] < column[0] - _slack(box) or box[2] > column[2] + _slack(box):
            return number
    return end


def _turns_to_other_script(row: Row, column: Row) -> bool:
    """Return whether a row of one side is not in the script of its column."""
    tokens = [token for cell in row.cells for _, token in cell.words]
    arabic, latin = arabic_letters(tokens), latin_letters(tokens)
    script = _script([column])
    return (script == "latin" and arabic > latin) or (script == "ar" and latin > arabic)


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
    if _differ(first, second):
        return len(first) > 1 or len(second) > 1
    if all(_is_running(side) for side in (first, second)):
        return not (_are_parted(first) or _are_parted(second)) or not _came_in_turn(rows)
    return _came_apart(first, second) and _is_readable_alone(first) and _is_readable_alone(second)


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


def _is_readable_alone(side: list[Row]) -> bool:
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
    return arabic_letters(tokens) + latin_letters(tokens) > 0


def _is_running(side: list[Row]) -> bool:
    if len(side) < _LEAST_ROWS:
        return False
    boxes = [row.box for row in side]
    whole = around(boxes)
    words = sum(len(cell.words) for row in side for cell in row.cells)
    widths = sorted(box[2] - box[0] for box in boxes)
    usual = widths[len(widths) // 2]
    return words >= _RUNNING_WORDS * len(side) and usual >= _FILLED * (whole[2] - whole[0])


def _differ(first: list[Row], second: list[Row]) -> bool:
    """Return whether one side is Arabic and the other Latin writing."""
    scripts = {_script(first), _script(second)}
    return "" not in scripts and len(scripts) > 1


def _script(side: list[Row]) -> str:
    tokens = [token for row in side for cell in row.cells for _, token in cell.words]
    arabic, latin = arabic_letters(tokens), latin_letters(tokens)
    if max(arabic, latin) < _LEAST_LETTERS:
        return ""
    if arabic > 3 * latin:
        return "ar"
    return "latin" if latin > 3 * arabic else ""


def arabic_letters(tokens: list[Token]) -> int:
    """Return how many Arabic letters words have."""
    return sum(len(ARABIC.findall(token.text)) for token in tokens)


def latin_letters(tokens: list[Token]) -> int:
    """Return how many Latin letters words have."""
    return sum(len(LATIN.findall(token.text)) for token in tokens)
