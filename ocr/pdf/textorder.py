"""Reading order of positioned words: rows, columns side by side, tables row by row.

A PDF holds its words in the order in which a program drew them: the footer first, a text box last,
the two sides of a letterhead row by row. Here the place on the page decides, and the drawing order
(logical order within a word) only where place can't tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ocr.pdf.bidi import in_logical_order
from ocr.pdf.columns import arabic_letters, in_reading_order, latin_letters
from ocr.pdf.pieces import drawn_from_right, glyphs_of, is_arabic
from ocr.pdf.textrows import Cell, Row, Token, around, cells_of, rows_of
from ocr.quality import ARABIC, LATIN, lacks_arabic

_MANY_CELLS = 3000
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
    lacking = lacks_arabic(" ".join(token.text for token in tokens))
    from_right = lacking or arabic_letters(tokens) > latin_letters(tokens)
    by_drawing = drawn_from_right([cell.words for cell in cells])
    return [
        [token for _, token in _in_order(row, from_right, by_drawing, alike=lacking)]
        for row in in_reading_order(rows_of(cells), from_right=from_right)
    ]


def _in_order(
    row: Row, from_right: bool, by_drawing: bool, *, alike: bool
) -> list[tuple[int, Token]]:
    """Return the words of a row in reading order, cell by cell.

    `alike`: whether all rows have the page's direction.
    """
    tokens = [token for cell in row.cells for _, token in cell.words]
    arabic, latin = arabic_letters(tokens), latin_letters(tokens)
    one_script = bool(arabic) != bool(latin)
    if one_script and not alike:  # otherwise the page's: a row of both is inconclusive
        from_right = arabic > 0
    out: list[tuple[int, Token]] = []
    cells = _whole(row.cells)
    for cell in reversed(cells) if from_right else cells:
        if all(glyphs_of(token) for _, token in cell.words):
            out += in_logical_order(cell.words, from_right=from_right, by_drawing=by_drawing)
            continue
        placed = sorted(cell.words, key=lambda pair: _place(pair, from_right=from_right))
        out += _with_runs(placed, from_right=from_right)
    return out


def _whole(cells: Sequence[Cell]) -> list[Cell]:
    """Join cells without a space between them: pieces of a word into which its line was cut."""
    out: list[Cell] = []
    for cell in cells:
        high = min(cell.height, out[-1].height) if out else 0.0
        if out and _reach(cell)[0] - _reach(out[-1])[1] < _TOUCH * high and _meet(out[-1], cell):
            words = tuple(sorted((*out[-1].words, *cell.words), key=lambda pair: pair[0]))
            out[-1] = Cell(words, around([out[-1].box, cell.box]))
        else:
            out.append(cell)
    return out


def _meet(left: Cell, right: Cell) -> bool:
    """Return whether Arabic letters of two cells stand beside each other."""
    sides = [[g for _, token in cell.words for g in glyphs_of(token)] for cell in (left, right)]
    if not all(sides):
        return False
    beside = max(sides[0], key=lambda g: g.reach[1]), min(sides[1], key=lambda g: g.reach[0])
    return all(is_arabic(glyph.char) for glyph in beside)


def _reach(cell: Cell) -> tuple[float, float]:
    """Return from where to where the glyphs of a cell reach."""
    rooms = [glyph.reach for _, token in cell.words for glyph in glyphs_of(token)]
    lefts, rights = [left for left, _ in rooms], [right for _, right in rooms]
    return min([cell.box[0], *lefts]), max([cell.box[2], *rights])


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
