"""Glyphs of a line into words: which spaces are false, and on which side of a word signs are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from ocr.pdf.textrows import Token
from ocr.quality import ARABIC, UNTOLD
from ocr.reading import Box

# Gaps inside words, by the height of the line's words. Measured on Word-made Arabic: gaps that are
# no space at most 0.06, spaces at least 0.23; of narrow fonts set tight, 0.10.
_BRACKETS = "()[]{}«»"
_NO_GAP, _NO_LATIN_GAP, _OVERLAP = 0.08, 0.05, -0.5


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and its box (fractions of the upright page); None for white space.

    `aside` where it is written at a slant: a watermark, or a note along the margin. `drawn`: the
    number of its piece of text in the order of drawing, -1 where that is not known; `font`:
    identifies its font on the page. `room`: its extent in its line, the blank at its sides
    included; `guessed` where the file does not state its text.
    """

    char: str
    box: Box | None
    aside: bool = False
    drawn: int = -1
    font: int = 0
    room: tuple[float, float] | None = None
    guessed: bool = False

    @property
    def reach(self) -> tuple[float, float]:
        """Its room in the line, its ink alone where that is not known."""
        if self.room:
            return self.room
        return (self.box[0], self.box[2]) if self.box else (0.0, 0.0)


def is_space(char: str) -> bool:
    r"""Return whether a character is white space; U+001C to U+001F are strokes in LibreOffice's."""
    return char.isspace() and not "\x1c" <= char <= "\x1f"


def words_of(line: list[Glyph], aspect: float) -> list[Token]:
    """Return a line's words in the order of its glyphs; `aspect`: page width by its height."""
    pieces: list[list[Glyph]] = [[]]
    for glyph in _mend_addresses(line):
        if not is_space(glyph.char):
            pieces[-1].append(glyph)
        elif pieces[-1]:
            pieces.append([])
    pieces = _joined(_with_brackets([piece for piece in pieces if piece]), aspect)
    return [_token(_rehung(piece), aspect) for piece in pieces]


def _with_brackets(pieces: list[list[Glyph]]) -> list[list[Glyph]]:
    """Attach a bracket that stands closer to the next word than to its own to the next."""
    for before, after in pairwise(pieces):
        if len(before) < 2 or before[-1].char not in _BRACKETS or not after:
            continue
        if _distance(before[-1], after) < _distance(before[-1], before[:-1]):
            after.insert(0, before.pop())
    return pieces


def _distance(sign: Glyph, word: list[Glyph]) -> float:
    """Return the gap between a sign and a word's nearest glyph, a share of the page's width."""
    if sign.box is None:
        return 0.0
    left, right = sign.box[0], sign.box[2]
    return min(
        (max(left - g.box[2], g.box[0] - right, 0.0) for g in word if g.box is not None),
        default=0.0,
    )


def _joined(pieces: list[list[Glyph]], aspect: float) -> list[list[Glyph]]:
    """Join pieces between which there is a space in the file but none on the page."""
    if not pieces:
        return []
    heights = sorted(_token(piece, aspect).height for piece in pieces)
    usual = heights[len(heights) // 2]
    out = [pieces[0]]
    for before, after in pairwise(pieces):
        gap = _gap(before[-1], after[0], aspect)
        if gap is not None and _OVERLAP * usual < gap[0] < gap[1] * usual:
            out[-1] = out[-1] + after
        else:
            out.append(after)
    return out


def _gap(last: Glyph, first: Glyph, aspect: float) -> tuple[float, float] | None:
    """Return the gap between two glyphs in writing direction, and how much of it is no space.

    Return None where one is no letter or digit, or they are of different kinds.
    """
    if last.box is None or first.box is None:
        return None
    if all(ARABIC.match(char) or char == UNTOLD for char in (last.char, first.char)):
        return (last.reach[0] - first.reach[1]) * aspect, _NO_GAP
    both = last.char + first.char
    if both.isascii() and (both.isalpha() or both.isdigit()):
        return (first.reach[0] - last.reach[1]) * aspect, _NO_LATIN_GAP
    return None


def _rehung(word: list[Glyph]) -> list[Glyph]:
    """Move signs at the ends of an Arabic word by place: what is left of it comes after it."""
    core = [n for n, glyph in enumerate(word) if ARABIC.match(glyph.char)]
    if not core or any(glyph.char.isalnum() for glyph in word[: core[0]] + word[core[-1] + 1 :]):
        return word
    inner = word[core[0] : core[-1] + 1]
    boxes = [glyph.box for glyph in inner if glyph.box is not None]
    if not boxes:
        return word
    middle = (min(box[0] for box in boxes) + max(box[2] for box in boxes)) / 2
    before, after = word[: core[0]], word[core[-1] + 1 :]
    stray = [glyph for glyph in before if glyph.box and glyph.box[2] < middle]
    early = [glyph for glyph in after if glyph.box and glyph.box[0] > middle]
    if not stray and not early:
        return word
    before = early + [glyph for glyph in before if glyph not in stray]
    after = [glyph for glyph in after if glyph not in early] + stray
    return before + inner + after


def _token(glyphs: list[Glyph], aspect: float) -> Token:
    boxes = [glyph.box for glyph in glyphs if glyph.box is not None]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True) if boxes else ((0,), (0,), (0,), (0,))
    box = (min(lefts) * aspect, min(tops), max(rights) * aspect, max(bottoms))
    placed = tuple(
        replace(
            glyph,
            box=(edge[0] * aspect, edge[1], edge[2] * aspect, edge[3]),
            room=(glyph.reach[0] * aspect, glyph.reach[1] * aspect),
        )
        for glyph in glyphs
        if (edge := glyph.box) is not None
    )
    return Token("".join(glyph.char for glyph in glyphs), box, placed)


def _mend_addresses(line: list[Glyph]) -> list[Glyph]:
    """Restore the left-to-right order of addresses in lines with Arabic.

    pdfium reverses their parts ("ma.radeej@contact"): put tokens of Latin letters, digits and signs
    back from left to right.
    """
    if not any(ARABIC.match(glyph.char) for glyph in line):
        return line
    out: list[Glyph] = []
    token: list[Glyph] = []
    for glyph in line:
        if is_space(glyph.char):
            out += [*_left_to_right(token), glyph]
            token = []
        else:
            token.append(glyph)
    return out + _left_to_right(token)


def _left_to_right(token: list[Glyph]) -> list[Glyph]:
    """Sort by place the part of a token from its first to its last Latin letter or digit."""
    plain = [n for n, glyph in enumerate(token) if glyph.char.isascii() and glyph.char.isalnum()]
    if not plain:
        return token
    core = token[plain[0] : plain[-1] + 1]
    signs = any(not glyph.char.isalnum() for glyph in core)
    latin = any(glyph.char.isalpha() for glyph in core)
    if not (signs and latin) or any(not g.char.isascii() or g.box is None for g in core):
        return token
    core = sorted(core, key=lambda glyph: glyph.box[0] if glyph.box else 0.0)
    return token[: plain[0]] + core + token[plain[-1] + 1 :]
