"""Glyphs whose text a PDF does not state, and those that have the text of others as well.

Where a letter is drawn as several glyphs, a maker states its text for one of them. It may be the
letter's body, its hamza or its vowel sign; for the others pdfium returns nothing, or the number of
the glyph as a letter.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from statistics import median

from ocr.pdf.marks import COMPOSED, NEAR, cluster, distance, distance_of, height, is_mark, shared
from ocr.pdf.textrows import around
from ocr.pdf.textwords import Glyph
from ocr.quality import ARABIC, UNTOLD
from ocr.reading import Box

_ALEFS = frozenset("اأإآ")
_BELOW = frozenset("إ\u064d\u0650")
_OVER = 0.6  # share of the narrower one's width that a sign and its letter have in common
_TALLER = 1.2  # than a plain alef is one that is drawn with its hamza
_SMALL = 0.6  # as high as its alef is a hamza at most
_PERCHED = 0.3  # heights of an alef between it and its hamza at most
_HIGH, _WIDE = 1.35, 0.35  # of a letter with its sign, and what is beside the sign, by an alef
_MOST_PAIRS = 2_000_000  # of signs and alefs, or figures on their level; no page has as many
_MOST_UNTOLD = 0.1  # share of a page's glyphs; lam-alefs are a thirtieth
_FLAT = 1.8  # width by height of a madda; a hamza is as high as wide


def without_unnamed(glyphs: list[Glyph]) -> list[Glyph]:
    """Drop glyphs whose text the file does not state, where they are drawn on a letter.

    WeasyPrint, Pango and fpdf2 give the text of several glyphs to one of them: the others are its
    vowel signs or its hamza, and pdfium takes the number of the glyph for a letter.
    """
    unnamed = {n for n, one in enumerate(glyphs) if _has_no_text(one)}
    kinds = {
        (glyphs[n].font, glyphs[n].char)
        for n in unnamed
        if any(_stands_on(glyphs[n], glyphs[m]) for m in _beside(glyphs, n))
    }
    gone = {n for n in unnamed if (glyphs[n].font, glyphs[n].char) in kinds}
    gone |= _apart_from_alefs(glyphs)
    if gone:
        glyphs = _with_hamzas(glyphs, gone)
    gone |= _bodies(glyphs)
    return [glyph for n, glyph in enumerate(glyphs) if n not in gone]


def _apart_from_alefs(glyphs: Sequence[Glyph]) -> set[int]:
    """Return hamzas that came as another sign: each of its kind is close to an alef of its font.

    pdfkit's map has an empty text for them, and pdfium takes the number of the glyph for a sign,
    without telling so: ">", or a tab, which `ocr.pdf.glyphs` takes for a full stop. No full stop
    is above an alef, so that there the others of its kind do not count.
    """
    alefs: defaultdict[tuple[int, int], list[Box]] = defaultdict(list)
    for one in glyphs:
        if one.box and one.char in _ALEFS:
            alefs[one.font, one.drawn].append(one.box)
    apart: set[int] = set()
    others: set[tuple[int, str]] = set()
    left = _MOST_PAIRS
    for n, one in enumerate(glyphs):
        if not one.box or one.char.isalnum() or _named(one):
            continue
        pieces = range(one.drawn - NEAR, one.drawn + NEAR + 1)
        near = [box for at in pieces for box in alefs.get((one.font, at), ())]
        left -= len(near)
        if left < 0:
            return set()
        if any(_is_perched(one, alef) for alef in near):
            apart.add(n)
        elif one.char != ".":
            others.add((one.font, one.char))
    return {n for n in apart if (glyphs[n].font, glyphs[n].char) not in others}


def _is_perched(sign: Glyph, alef: Box) -> bool:
    """Return whether a sign is no larger than a hamza, and wholly above or below an alef."""
    if not sign.box or (sign.char == "." and sign.box[1] > alef[1]):
        return False
    high = alef[3] - alef[1]
    near = distance(sign.box, alef)
    return (
        height(sign) < _SMALL * high
        and 0.0 < near < _PERCHED * high
        and shared(sign.box, alef) >= _OVER
    )


def with_holes(glyphs: list[Glyph]) -> list[Glyph]:
    """Replace letters of Arabic words whose text the file does not state by `UNTOLD`.

    Qt states none of a lam-alef, and pdfium takes the numbers of its glyphs for figures: "ا87مر",
    and "87" where it is a word. Where much of a page is such, its picture is read instead.
    """
    if sum(map(_has_no_text, glyphs)) > _MOST_UNTOLD * len(glyphs):
        return glyphs
    kinds: set[tuple[int, str]] = set()
    for guessed, run in groupby(range(len(glyphs)), key=lambda n: _has_no_text(glyphs[n])):
        own = list(run)
        edges = (n for n in (own[0] - 1, own[-1] + 1) if guessed and 0 <= n < len(glyphs))
        fonts = {glyphs[n].font for n in edges if _named(glyphs[n]) and not glyphs[n].guessed}
        kinds |= {(glyphs[n].font, glyphs[n].char) for n in own if glyphs[n].font in fonts}
    return [
        replace(one, char=UNTOLD) if _has_no_text(one) and (one.font, one.char) in kinds else one
        for one in glyphs
    ]


def _has_no_text(glyph: Glyph) -> bool:
    return glyph.guessed and glyph.box is not None and not _named(glyph)


def _named(glyph: Glyph) -> bool:
    """Return whether a glyph is a letter or vowel sign of Arabic."""
    return bool(ARABIC.match(glyph.char)) or is_mark(glyph)


def _beside(glyphs: Sequence[Glyph], n: int) -> list[int]:
    """Return the glyphs with a place that came before and after one."""
    found = []
    for step in (-1, 1):
        at = n + step
        while 0 <= at < len(glyphs) and glyphs[at].box is None:
            at += step
        if 0 <= at < len(glyphs):
            found.append(at)
    return found


def _stands_on(sign: Glyph, letter: Glyph) -> bool:
    return _named(letter) and not letter.guessed and _covers(sign, letter)


def _covers(one: Glyph, other: Glyph) -> bool:
    """Return whether a glyph is above, below or upon another."""
    return bool(one.box and other.box and shared(one.box, other.box) >= _OVER)


def _with_hamzas(glyphs: Sequence[Glyph], signs: set[int]) -> list[Glyph]:
    """Give alefs the hamza that stands on them, in fonts that draw it apart, and others none.

    There one glyph is every alef, so that its text is that of the first one.
    """
    alefs = [n for n, glyph in enumerate(glyphs) if glyph.char in _ALEFS and glyph.box]
    signed: dict[int, Box] = {}
    if len(signs) * len(alefs) > _MOST_PAIRS:
        return list(glyphs)
    for n in signs:
        near = [
            (distance_of(glyphs[n], glyphs[m]), m)
            for m in alefs
            if glyphs[m].font == glyphs[n].font and _is_hamza_of(n, m, glyphs)
        ]
        if near and (box := glyphs[n].box):
            signed[min(near)[1]] = box
    out = list(glyphs)
    for font in {glyphs[n].font for n in signed}:
        own = [n for n in alefs if glyphs[n].font == font]
        plain = [height(glyphs[n]) for n in own if glyphs[n].char == "ا"]
        others = [height(glyphs[n]) for n in own if glyphs[n].char != "ا"]
        if plain and others and median(others) > _TALLER * median(plain):
            continue
        for n in own:
            out[n] = replace(glyphs[n], char=_alef(glyphs[n], signed.get(n)))
    return out


def _is_hamza_of(sign: int, alef: int, glyphs: Sequence[Glyph]) -> bool:
    """Return whether a small glyph stands on an alef."""
    one, other = glyphs[sign], glyphs[alef]
    small = height(one) < _SMALL * height(other)
    return small and _covers(one, other) and distance_of(one, other) < height(other)


def _alef(letter: Glyph, sign: Box | None) -> str:
    if sign is None or letter.box is None:
        return "ا"
    if sign[1] + sign[3] > letter.box[1] + letter.box[3]:
        return "إ"
    return "آ" if sign[2] - sign[0] > _FLAT * (sign[3] - sign[1]) else "أ"


def _bodies(glyphs: Sequence[Glyph]) -> set[int]:
    """Return alefs that came as another sign, their hamza having their text: ">إ" for "إ"."""
    return {
        m
        for n, hamza in enumerate(glyphs)
        if hamza.box and hamza.char in COMPOSED
        for m in _beside(glyphs, n)
        if not _named(glyphs[m])
        and height(glyphs[m]) > 2 * height(hamza)
        and _covers(hamza, glyphs[m])
    }


def with_seats(glyphs: list[Glyph], aspect: float) -> list[Glyph]:
    """Give signs that have the text of their letter as well the place of both.

    A hamza then has the text of its alef, or a vowel sign that of its letter, as in Cairo's and
    Chromium's. `aspect`: width of the page by its height.
    """
    letters = [one for one in glyphs if one.box and one.char.isalnum() and one.char not in COMPOSED]
    if not letters:
        return glyphs
    plain = [one for one in letters if one.char == "ا"]
    alef = median(map(height, plain or letters))
    pieces: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for n, glyph in enumerate(glyphs):
        if glyph.box is not None:
            pieces[glyph.drawn, n if glyph.drawn < 0 else 0].append(n)
    out = list(glyphs)
    figures = _Levels([box for one in letters if not ARABIC.match(one.char) and (box := one.box)])
    for piece in pieces.values():
        own = [glyphs[n] for n in piece]
        if cluster(own) == len(own) and own[0].box:
            place = around([one.box for one in own if one.box])
            if place[3] - place[1] < _SMALL * alef:
                below = any(one.char in _BELOW for one in own)
                left, top, right, bottom = place
                top = max(bottom - _HIGH * alef, 0.0) if below else top
                bottom = bottom if below else min(top + _HIGH * alef, 1.0)
                wide = _WIDE * alef / aspect
                room = _free((left, top, right, bottom), wide, figures.of((top, bottom)))
                for n in piece:
                    out[n] = replace(glyphs[n], box=(left, top, right, bottom), room=room)
    return out


class _Levels:
    """Boxes by their level on the page, for a bounded number of queries."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._boxes = sorted(boxes, key=lambda one: one[1])
        self._tops = [one[1] for one in self._boxes]
        self._tallest = max((one[3] - one[1] for one in self._boxes), default=0.0)
        self._left = _MOST_PAIRS

    def of(self, level: tuple[float, float]) -> list[Box]:
        """Return the boxes on a level; none once the bound of examined boxes is reached."""
        top, bottom = level
        first = bisect_left(self._tops, top - self._tallest)
        last = bisect_right(self._tops, bottom)
        if last - first > self._left:
            return []
        self._left -= last - first
        return [one for one in self._boxes[first:last] if one[1] < bottom and top < one[3]]


def _free(box: Box, wide: float, level: Sequence[Box]) -> tuple[float, float]:
    """Return the room of a letter, on each side no wider than to the space before a figure."""
    before = [one[2] + wide for one in level if one[2] <= box[0]]
    after = [one[0] - wide for one in level if one[0] >= box[2]]
    left = min(max([box[0] - wide, *before]), box[0])
    return left, max(min([box[2] + wide, *after]), box[2])
