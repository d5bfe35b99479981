"""Glyphs of a line, by their places, into the order in which they were written.

The Unicode bidirectional algorithm turns what was written into what stands on paper; this is the
way back. The glyphs are taken as they stand. In a line from right to left, Arabic words follow each
other to the left, and so do numbers; each number, and each stretch of Latin writing, runs from left
to right. Where a maker draws its lines from the right, the order of drawing tells how a stretch of
Latin letters and numbers was composed; on paper alone, "4471/REC/2025" and "REC/2025/4471" can't be
told apart in such a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from ocr.pdf.groups import begin_telephone, make_number, runs_backwards
from ocr.pdf.pieces import Kind, Piece, begins_with_stop, pieces_of
from ocr.pdf.textrows import Token, around
from ocr.pdf.textwords import Glyph

_WITHIN_NUMBERS = frozenset("./,:٫٬\u00a0")
_IN_ADDRESSES = frozenset("@._")
# Gaps by the height of the line's words: what is a space whether or not the file has one there,
# between words that came apart and within one; what is none though the file has one.
_SPACE, _WIDE_SPACE, _ARABIC_SPACE = 0.14, 0.7, 0.3
_NO_SPACE, _NO_ARABIC_SPACE, _NO_NUMBER_SPACE = 0.1, 0.05, 0.02
_AROUND_SIGN, _IN_ADDRESS = 0.25, 0.2  # beside a sign within a number, within Latin writing
_CUTS = frozenset("/-")  # after which makers break a line


@dataclass(slots=True)
class _Block:
    """Pieces in logical order, each with whether a space precedes it; its outermost pieces."""

    pieces: list[tuple[Piece, bool]]
    leftmost: Piece
    rightmost: Piece


def in_logical_order(
    words: Sequence[tuple[int, Token]], *, from_right: bool, by_drawing: bool
) -> list[tuple[int, Token]]:
    """Return the words of a cell in logical order.

    Each word has its number in the order in which the words came, and its glyphs. `by_drawing`:
    whether the drawing order gives that of the words, as on pages drawn from right to left.
    """
    heights = sorted(token.height for _, token in words)
    high = heights[3 * len(heights) // 4]  # Arabic-Indic figures are lower than letters
    line = _Line(high, from_right, by_drawing)
    return line.words(line.ordered(pieces_of(words, high, from_right=from_right)))


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: the height of its words, its direction, whether it was drawn in logical order."""

    height: float
    from_right: bool
    by_drawing: bool

    def ordered(self, pieces: list[Piece]) -> _Block | None:
        """Return pieces, given from left to right, in logical order."""
        if not pieces:
            return None
        pieces = self._numbers(pieces)
        if self.from_right and begins_with_stop(pieces):
            pieces = [pieces[-1], *pieces[:-1]]
        against: Kind = "latin" if self.from_right else "arabic"
        along: Kind = "arabic" if self.from_right else "latin"
        blocks: list[_Block] = []
        for alone, run in groupby(pieces, key=lambda piece: piece.kind == along):
            stretch = list(run)
            if alone:
                blocks += [_one(piece) for piece in stretch]
                continue
            last = self.from_right and not blocks
            blocks += self._settled(stretch, against, last=last)
        return self._joined(blocks, from_right=self.from_right)

    def _numbers(self, pieces: list[Piece]) -> list[Piece]:
        """Join figures, and the sign between two of them, where no space is between."""
        out: list[Piece] = []
        for n, piece in enumerate(pieces):
            before = out[-1] if out else None
            after = pieces[n + 1] if n + 1 < len(pieces) else None
            if before is not None and self._goes_on(before, piece, after):
                before.glyphs += piece.glyphs
                before.right = max(before.right, piece.right)
            else:
                out.append(piece)
        return out

    def _goes_on(self, number: Piece, piece: Piece, after: Piece | None) -> bool:
        """Return whether a number goes on with a figure, or a sign before another figure."""
        if number.kind != "number" or self._composed(number.glyphs[-1], piece.glyphs[0]):
            return False
        if piece.kind == "number":
            return not self._apart(number, piece) or (
                not number.glyphs[-1].char.isdigit() and self._gap(number, piece) < _AROUND_SIGN
            )
        if piece.text not in _WITHIN_NUMBERS or not number.glyphs[-1].char.isdigit():
            return False
        return (
            after is not None
            and after.kind == "number"
            and all(
                not self._apart(*pair) or self._gap(*pair) < _AROUND_SIGN
                for pair in ((number, piece), (piece, after))
            )
        )

    def _composed(self, left: Glyph, right: Glyph) -> bool:
        """Return whether what stands on the right was drawn before, as a piece of its own."""
        tells = self.by_drawing and self.from_right and left.font == right.font
        return tells and left.drawn > right.drawn >= 0

    def _gap(self, left: Piece, right: Piece) -> float:
        """Return how far apart two pieces are, beyond the blank at their own sides."""
        gap = right.reach[0] - left.reach[1]
        return gap / self.height if self.height > 0 else 0.0

    def _settled(self, stretch: list[Piece], against: Kind, *, last: bool) -> list[_Block]:
        """Return blocks, from left to right, of what stands between words of the line's script.

        `last`: whether the line ends with it.
        """
        solid = [n for n, piece in enumerate(stretch) if piece.kind != "sign"]
        if not solid:
            return [_one(piece) for piece in stretch]
        start, end = solid[0], solid[-1] + 1
        if last and self._is_cut(stretch, end):
            end += 1
        core = stretch[start:end]
        inner = self._drawn(core) if self.by_drawing and self._follows_drawing(core) else None
        if inner is None:
            inner = self._by_place(core, against, last=last)
        ends = stretch[:start], stretch[end:]
        return [*map(_one, ends[0]), *inner, *map(_one, ends[1])]

    def _is_cut(self, stretch: list[Piece], end: int) -> bool:
        """Return whether Latin letters at the end of a line go on in the next one.

        A stroke or hyphen then touches them on the right.
        """
        if end >= len(stretch) or stretch[end].text not in _CUTS or end == 0:
            return False
        return stretch[end - 1].kind == "latin" and not self._apart(stretch[end - 1], stretch[end])

    def _follows_drawing(self, core: list[Piece]) -> bool:
        """Return whether the order of drawing may be the order of a core."""
        if self.from_right:
            return True
        return all("\u0660" <= piece.text[0] <= "\u0669" for piece in core)

    def _drawn(self, core: list[Piece]) -> list[_Block] | None:
        """Return the pieces of one drawing as a block each, None where drawing is no evidence."""
        runs = [list(run) for _, run in groupby(core, key=lambda piece: piece.drawn)]
        turns = [run[0].drawn for run in runs]
        fonts = {glyph.font for piece in core for glyph in piece.glyphs}
        if len(fonts) > 1 or -1 in turns or len(set(turns)) < len(turns):
            return None
        if turns == sorted(turns, reverse=True):
            blocks = [self._joined(list(map(_one, run)), from_right=False) for run in runs]
            return blocks if self.from_right else [self._joined(blocks, from_right=True)]
        if turns == sorted(turns):
            return [self._joined(list(map(_one, core)), from_right=False)]
        return None

    def _by_place(self, core: list[Piece], against: Kind, *, last: bool) -> list[_Block]:
        """Return blocks of a core; what is written against the line is one, in its own order.

        Groups of figures alone that make a number only the other way are read that way.
        """
        found = [n for n, piece in enumerate(core) if self._goes(piece, against)]
        if all(piece.kind == "number" for piece in core):
            texts = [piece.text for piece in core]
            turned = self.from_right or bool(found)
            if runs_backwards(texts[::-1] if turned else texts):
                return [self._joined(list(map(_one, core)), from_right=not turned)]
        if not found:
            return list(map(_one, core))
        if self.from_right:
            start, end = found[0], self._end(core, found[-1], last=last) + 1
        else:
            start, end = self._start(core, found[0]), found[-1] + 1
        run = list(map(_one, core[start:end]))
        block = self._joined(run, from_right=not self.from_right)
        return [*map(_one, core[:start]), block, *map(_one, core[end:])]

    def _goes(self, piece: Piece, against: Kind) -> bool:
        """Return whether a piece runs against the line: Arabic-Indic numbers side by side do."""
        indic = against == "arabic" and "\u0660" <= piece.text[0] <= "\u0669"
        return piece.kind == against or indic

    def _start(self, core: list[Piece], first: int) -> int:
        """Return the first piece of a stretch of Arabic in a line from the left.

        A number of several groups may follow it, which then stands on its left.
        """
        before = first
        while before > 0 and core[before - 1].kind == "number":
            before -= 1
        for start in range(before, first - 1):
            if make_number([piece.text for piece in core[start:first]][::-1]):
                return start
        return first

    def _end(self, core: list[Piece], word_end: int, *, last: bool) -> int:
        """Return the last piece of a stretch of Latin writing: a number may follow its letters.

        `last`: whether the line ends with the stretch, so that its number may go on in the next.
        """
        end = word_end
        while end + 1 < len(core) and not self._apart(core[end], core[end + 1]):
            end += 1
            if [piece.text for piece in core[end : end + 2]] == ["/", "/"]:
                return end  # two strokes meet where a number before Latin letters is cut off
        word = end
        while word > 0 and not self._apart(core[word - 1], core[word]):
            word -= 1
        if any(piece.text == "@" for piece in core[word : end + 1]):
            return end
        after = [n for n in range(end + 1, len(core)) if core[n].kind == "number"]
        groups = [core[n].text for n in after]
        if any(not group.isascii() for group in groups):
            return end
        if len(groups) == 1:
            return after[0]
        for size in range(len(groups), 1, -1):
            if make_number(groups[:size]):
                return after[size - 1]
        if groups and make_number(groups[:0:-1]):
            return after[0]
        return after[-1] if last and begin_telephone(groups) else end

    def _joined(self, blocks: list[_Block], *, from_right: bool) -> _Block:
        """Return one block of several that stand from left to right."""
        leftmost, rightmost = blocks[0].leftmost, blocks[-1].rightmost
        ordered = blocks[::-1] if from_right else blocks
        pieces: list[tuple[Piece, bool]] = []
        before: _Block | None = None
        for block in ordered:
            (head, apart), *rest = block.pieces
            if before is not None and from_right:
                apart = self._apart(block.rightmost, before.leftmost)
            elif before is not None:
                apart = self._apart(before.rightmost, block.leftmost)
            pieces += [(head, apart), *rest]
            before = block
        return _Block(pieces, leftmost, rightmost)

    def _apart(self, left: Piece, right: Piece) -> bool:
        """Return whether a space is between two pieces that stand side by side."""
        gap = self._gap(left, right)
        if right.at != left.at + len(left.glyphs) and left.at != right.at + len(right.glyphs):
            return gap > (_IN_ADDRESS if {left.text, right.text} & _IN_ADDRESSES else _SPACE)
        arabic = left.kind == right.kind == "arabic"
        if left.word == right.word:
            return gap > (_ARABIC_SPACE if left.long else _WIDE_SPACE)
        if {left.text, right.text} & _IN_ADDRESSES and "arabic" not in {left.kind, right.kind}:
            return gap > _IN_ADDRESS
        kinds = {left.kind, right.kind}
        if "sign" not in kinds and not arabic and kinds != {"latin"}:
            return gap > _NO_NUMBER_SPACE
        return gap > (_NO_ARABIC_SPACE if arabic else _NO_SPACE)

    def words(self, block: _Block | None) -> list[tuple[int, Token]]:
        """Return the words of a block."""
        out: list[list[Piece]] = []
        for piece, apart in block.pieces if block else ():
            if apart or not out:
                out.append([])
            out[-1].append(piece)
        return [_word(pieces) for pieces in out]


def _one(piece: Piece) -> _Block:
    return _Block([(piece, False)], piece, piece)


def _word(pieces: Sequence[Piece]) -> tuple[int, Token]:
    glyphs = tuple(glyph for piece in pieces for glyph in piece.glyphs)
    boxes = [glyph.box for glyph in glyphs if glyph.box is not None]
    token = Token("".join(glyph.char for glyph in glyphs), around(boxes), glyphs)
    return min(piece.word for piece in pieces), token
