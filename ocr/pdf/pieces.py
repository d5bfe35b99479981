"""The glyphs of a line as pieces that keep their order, from left to right."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from ocr.pdf.textrows import Token, around
from ocr.pdf.textwords import Glyph
from ocr.quality import ARABIC, PRESENTATION, UNTOLD

Kind = Literal["arabic", "latin", "number", "sign"]

_MOSTLY = 0.9  # of a page's Arabic pieces, drawn one to the left of the other
_LONGEST_WORD, _LONGEST_TOKEN = 20, 32  # Arabic letters; glyphs
_FOREIGN = "\u0900", "\u1cff"  # from the scripts of India to the last before phonetic letters
_WORD_GAP = 0.3  # between words without a space in the file, by the height of the line's words


@dataclass(slots=True)
class Piece:
    """Glyphs that keep their order: a word's Arabic letters, a number, any other single sign.

    `word` and `at`: number of the word it came in, and place of its first glyph among the line's;
    `long` where that is too long for one word: the file has no spaces, as TeX's.
    """

    kind: Kind
    glyphs: list[Glyph]
    word: int
    at: int
    left: float
    right: float
    long: bool = False

    @property
    def text(self) -> str:
        """Its characters."""
        return "".join(glyph.char for glyph in self.glyphs)

    @property
    def reach(self) -> tuple[float, float]:
        """Its room in the line, the blank at its sides included."""
        edges = [glyph.reach for glyph in self.glyphs if glyph.box is not None]
        if not edges:
            return self.left, self.right
        return min(left for left, _ in edges), max(right for _, right in edges)

    @property
    def drawn(self) -> int:
        """When it was drawn, by the number of its piece of text in the file; -1 if unknown."""
        return self.glyphs[0].drawn


def drawn_from_right(cells: Sequence[Sequence[tuple[int, Token]]]) -> bool:
    """Return whether a page's Arabic was drawn from right to left, word by word.

    Where vowel signs are pieces of their own, as Cairo's, the order of pieces is no evidence.
    """
    if any(_has_signs_apart(token) for words in cells for _, token in words):
        return False
    left = right = 0
    for words in cells:
        places = [
            (token.box[0], glyphs[0].drawn)
            for _, token in words
            if (glyphs := glyphs_of(token)) and any(map(is_arabic, token.text))
        ]
        for (_, one), (_, other) in pairwise(sorted(places)):
            left += other < one
            right += other > one
    return left > 0 and left >= _MOSTLY * (left + right)


def _has_signs_apart(token: Token) -> bool:
    return any(
        unicodedata.category(sign.char) == "Mn" and sign.drawn != letter.drawn
        for letter, sign in pairwise(glyphs_of(token))
    )


def glyphs_of(token: Token) -> tuple[Glyph, ...]:
    """Return the glyphs that a word was made of, none where it came otherwise."""
    return token.source if isinstance(token.source, tuple) else ()


def is_arabic(char: str) -> bool:
    """Return whether a character is a letter or vowel sign of Arabic."""
    if ARABIC.match(char) or PRESENTATION.match(char) or char in {"\u0640", UNTOLD}:
        return True
    return "\u0600" <= char <= "\u08ff" and unicodedata.category(char) in {"Mn", "Lo", "Lm"}


def _kind(char: str, *, from_right: bool) -> Kind:
    """Return the kind of a character.

    In a line from the right, a letter of a script that is none of ours stands for an Arabic one,
    whose map to Unicode is wrong.
    """
    if is_arabic(char) or (from_right and _is_foreign(char)):
        return "arabic"
    if char.isdigit():
        return "number"
    return "latin" if char.isalpha() else "sign"


def _is_foreign(char: str) -> bool:
    return _FOREIGN[0] <= char <= _FOREIGN[1] and unicodedata.category(char)[0] in "LMN"


def pieces_of(words: Sequence[tuple[int, Token]], high: float, *, from_right: bool) -> list[Piece]:
    """Return the pieces of a line from left to right."""
    pieces: list[Piece] = []
    marks: list[Glyph] = []
    at = 0
    for number, token in words:
        edge, long = token.box[0], len(glyphs_of(token)) > _LONGEST_TOKEN
        for kind, run in groupby(
            glyphs_of(token), key=lambda glyph: _kind(glyph.char, from_right=from_right)
        ):
            same = list(run)
            if kind == "arabic" and all(unicodedata.category(g.char) == "Mn" for g in same):
                marks += same
                continue
            for glyphs in _words(same, high) if kind == "arabic" else [[glyph] for glyph in same]:
                boxes = [glyph.box for glyph in glyphs if glyph.box is not None]
                left, _, right, _ = around(boxes) if boxes else (edge, 0.0, edge, 0.0)
                pieces.append(Piece(kind, glyphs, number, at, left, right, long=long))
                at, edge = at + len(glyphs), right
    for mark in marks:
        _put(mark, pieces)
    return sorted(pieces, key=lambda piece: piece.left + piece.right)


def _words(letters: list[Glyph], high: float) -> list[list[Glyph]]:
    """Return Arabic letters as words, from right to left.

    Where the file has no spaces, as TeX's, paper parts them.
    """
    letters = _from_right(letters)
    if len(letters) <= _LONGEST_WORD:
        return [letters]
    out = [[letters[0]]]
    edge = letters[0].box[0] if letters[0].box else 0.0
    for glyph in letters[1:]:
        if glyph.box is None or unicodedata.category(glyph.char) == "Mn":
            out[-1].append(glyph)
            continue
        if edge - glyph.box[2] > _WORD_GAP * high > 0:
            out.append([])
            edge = glyph.box[0]
        out[-1].append(glyph)
        edge = min(edge, glyph.box[0])
    return out


def _from_right(letters: list[Glyph]) -> list[Glyph]:
    """Put letters that were drawn apart, and stand clearly elsewhere than they came, in place."""
    if not any(
        one.drawn != other.drawn and one.box and other.box and other.box[0] >= one.box[2]
        for one, other in pairwise(letters)
    ):
        return letters
    clusters: list[list[Glyph]] = []
    for glyph in letters:
        if clusters and (glyph.box is None or _within(glyph, clusters[-1][0])):
            clusters[-1].append(glyph)
        else:
            clusters.append([glyph])
    clusters.sort(key=lambda cluster: -sum(cluster[0].box[::2]) if cluster[0].box else 0.0)
    return [glyph for cluster in clusters for glyph in cluster]


def _within(glyph: Glyph, letter: Glyph) -> bool:
    """Return whether a sign belongs to a letter: a vowel sign, or a part of the same glyph."""
    if glyph.box is None or letter.box is None:
        return True
    if glyph.box == letter.box:
        return True
    middle = (glyph.box[0] + glyph.box[2]) / 2
    over = letter.box[0] <= middle <= letter.box[2]
    return unicodedata.category(glyph.char) == "Mn" and over


def _put(mark: Glyph, pieces: Sequence[Piece]) -> None:
    """Put a vowel sign that came by itself on the letter above or below which it stands."""
    if mark.box is None:
        return
    middle = (mark.box[0] + mark.box[2]) / 2
    for piece in pieces:
        if piece.kind != "arabic" or not piece.left <= middle <= piece.right:
            continue
        for n, glyph in reversed(list(enumerate(piece.glyphs))):
            if glyph.box is not None and glyph.box[0] <= middle <= glyph.box[2]:
                piece.glyphs.insert(n + 1, mark)
                return


def begins_with_stop(pieces: Sequence[Piece]) -> bool:
    """Return whether a full stop is on the right of a number alone, which it therefore ends.

    TCPDF sets a line without letters from the left: ".828,58" for "828,58.". ".50" may be a sum.
    """
    if len(pieces) < 2 or pieces[-1].text != "." or pieces[-2].kind != "number":
        return False
    others = all(piece.kind in {"number", "sign"} for piece in pieces)
    return others and any(not char.isdigit() for char in pieces[-2].text)
