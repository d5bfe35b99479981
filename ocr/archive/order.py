"""The order in which a line's words are written into a PDF, so that they are copied correctly.

A PDF holds glyphs from left to right; viewers reconstruct the logical order, each in its own way.
pdfium (Chromium) reverses the segments of a line by a one-level rule, and mirrors brackets; poppler
(pdftotext, Evince) follows the dominant direction of the page and loses the position of a space
between two directions. Both reconstruct correctly what is laid out here; docs/adr/0012 has the
reasons.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

RLM, LRM = "\u200f", "\u200e"
_RIGHT = frozenset({"R", "AL"})
_WEAK = frozenset({"EN", "AN", "NSM", "CS", "ES", "ET", "BN"})
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text written at one position, of word `word`.

    `glyphs` run from left to right; `word` is None for a space or a mark between words. `actual` is
    the text that they stand for where viewers differ, else None.
    """

    glyphs: str
    word: int | None
    actual: str | None = None


@dataclass(frozen=True, slots=True)
class _Atom:
    """A run of one direction, in logical order; `home` is the word it belongs to."""

    text: str
    home: int | None


def is_right_to_left(text: str) -> bool:
    """Return whether most of the letters are written from right to left."""
    kinds = [_kind(char) for char in text]
    return kinds.count("R") > kinds.count("L")


def pieces_of(words: Sequence[str], *, rtl: bool) -> list[Piece]:
    """Return the words of a line (in logical order) as pieces from left to right.

    `rtl` says whether the letters of the page run mostly from right to left.
    """
    kinds = {_kind(char) for word in words for char in word}
    if "R" not in kinds:
        return _visual(_line(words, mark="", end=LRM if rtl else ""), rtl=False)
    if kinds == {"R"}:
        return _visual(_line(words, mark=""), rtl=True)
    if not rtl:  # vowel signs would be separated from letters that are reversed
        words = [_bare(word) for word in words]
    return _visual(_balanced(_line(words, mark=RLM if rtl else LRM), rtl=rtl), rtl=rtl)


def _bare(word: str) -> str:
    return "".join(char for char in word if unicodedata.bidirectional(char) != "NSM")


def _kind(char: str) -> str:
    """Return the class of a character as pdfium sorts it.

    R, L, W (weak: digits, separators, marks) or N.
    """
    found = unicodedata.bidirectional(char)
    if found in _RIGHT:
        return "R"
    return "L" if found == "L" else "W" if found in _WEAK else "N"


def _line(words: Sequence[str], *, mark: str, end: str = "") -> list[_Atom]:
    """Return words and spaces in logical order, with a mark after each opposite-direction run."""
    # A dash that begins an Arabic line stands at its right end: poppler would take it for a hyphen.
    dashed = mark == RLM and "-" in (words[0][0], words[0][-1])
    atoms = [_Atom(RLM, None)] if dashed else []
    for number, word in enumerate(words):
        if number:
            atoms.append(_Atom(" ", None))
        for stretch, foreign in _stretches(word, rtl=mark == RLM):
            atoms.append(_Atom(stretch, number))
            if foreign and mark:
                atoms.append(_Atom(mark, None))
    return [*atoms, _Atom(end, None)] if end else atoms


def _stretches(word: str, *, rtl: bool) -> list[tuple[str, bool]]:
    """Split a word where its direction changes; say whether each run opposes the page's direction.

    Signs between Latin letters or digits ("a@b.ma", "12 %") belong to them, brackets stand alone.
    """
    out: list[tuple[str, bool]] = []
    for right, group in groupby(_joined_marks(word), key=lambda char: char[1]):
        text = "".join(char for char, _ in group)
        if right:
            out.append((text, not rtl))
            continue
        strong = [n for n, char in enumerate(text) if _kind(char) in "LW"]
        first, last = (strong[0], strong[-1] + 1) if strong else (len(text), len(text))
        out += [(char, False) for char in text[:first]]
        out += [(text[first:last], rtl)] if strong else []
        out += [(char, False) for char in text[last:]]
    return out


def _joined_marks(word: str) -> list[tuple[str, bool]]:
    """Return each character and whether it is Arabic; vowel signs follow the letter before them."""
    out: list[tuple[str, bool]] = []
    for char in word:
        mark = unicodedata.bidirectional(char) == "NSM"
        out.append((char, bool(out) and out[-1][1] if mark else _kind(char) == "R"))
    return out


def _balanced(atoms: list[_Atom], *, rtl: bool) -> list[_Atom]:
    """Append as many marks as pdfium needs to take the page's direction for the line's."""
    text = "".join(atom.text for atom in atoms)
    segments = [kind for kind, _ in groupby(text, key=_kind)]
    right, left = segments.count("R"), segments.count("L")
    lacking = (left - right if rtl else right - left) + 1
    mark = RLM if rtl else LRM
    return atoms + [_Atom(" " + mark, None)] * max(lacking, 0)


def _visual(atoms: list[_Atom], *, rtl: bool) -> list[Piece]:
    """Return the atoms from left to right, such that pdfium restores their logical order."""
    text = "".join(atom.text for atom in atoms)
    homes = [n for n, atom in enumerate(atoms) for _ in atom.text]
    out: list[list[tuple[str, int]]] = []
    at, rightward = 0, not rtl
    for kind, group in groupby(text, key=_kind):
        count = len(list(group))
        chars = list(zip(text[at : at + count], homes[at : at + count], strict=True))
        at += count
        rightward = kind == "L" if kind in "LR" else rightward
        if kind == "R" or (kind == "N" and not rightward):
            chars = [(char.translate(_MIRRORED), home) for char, home in reversed(chars)]
        out.append(chars)
    placed = [pair for chars in (reversed(out) if rtl else out) for pair in chars]
    return [
        _piece("".join(char for char, _ in group), atoms[home])
        for home, group in ((h, list(g)) for h, g in groupby(placed, key=lambda pair: pair[1]))
    ]


def _piece(glyphs: str, atom: _Atom) -> Piece:
    agreed = glyphs == atom.text or all(_kind(char) in "RW" for char in glyphs)
    if any(_kind(char) == "L" for char in glyphs):
        agreed = glyphs == atom.text
    return Piece(glyphs, atom.home, None if agreed else atom.text)
