"""Arabic words whose letters came in reverse order, detected by their places on the page.

Chromium's PDFs give some words of a line in writing order and others in the order of drawing, from
left to right; so do old ones that know no writing order at all. Arabic runs from right to left.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby, pairwise

from ocr.pdf.textwords import Glyph, is_space
from ocr.quality import ARABIC, BRACKETS, LTR_RUN, PRESENTATION

_BESIDE = 0.4  # of their width, from the middle of a letter to the next one's


def turn_words(glyphs: list[Glyph]) -> list[Glyph]:
    """Return the same glyphs, reversing words that run from left to right.

    Numbers and Latin letters in them keep their order. Of a word that was drawn in several pieces,
    as those with vowel signs are, some may run so and others not.
    """
    out: list[Glyph] = []
    for _, piece in groupby(glyphs, key=lambda glyph: is_space(glyph.char)):
        word = list(piece)
        if _runs_from_left(word):
            out += _turned(word)
            continue
        for _, part in groupby(word, key=lambda glyph: glyph.drawn):
            run = list(part)
            out += _turned(run) if len(run) < len(word) and _runs_clearly(run) else run
    return out


def _runs_clearly(run: list[Glyph]) -> bool:
    """Return whether a run's Arabic letters stand beside each other from left to right."""
    boxes = [glyph.box for glyph in run if glyph.box and _is_letter(glyph.char)]
    beside = all(
        other[0] + other[2] - one[0] - one[2] > _BESIDE * (other[2] - other[0] + one[2] - one[0])
        for one, other in pairwise(boxes)
    )
    return beside and _runs_from_left(run)


def _runs_from_left(word: list[Glyph]) -> bool:
    """Return whether a word's Arabic letters run from left to right.

    That is, most of them stand to the right of the letter before, and the last one to the right of
    the first.
    """
    middles = [
        glyph.box[0] + glyph.box[2]
        for glyph in word
        if glyph.box and not glyph.aside and _is_letter(glyph.char)
    ]
    if len(middles) < 2 or middles[-1] <= middles[0]:
        return False
    right = sum(after > before for before, after in pairwise(middles))
    left = sum(after < before for before, after in pairwise(middles))
    return right > left


def _is_letter(char: str) -> bool:
    return bool(ARABIC.match(char) or PRESENTATION.match(char))


def _turned(word: list[Glyph]) -> list[Glyph]:
    """Reverse a word as `quality.reverse_line` reverses a text."""
    turned = [replace(one, char=one.char.translate(BRACKETS)) for one in reversed(word)]
    text = "".join(one.char for one in turned)
    for run in LTR_RUN.finditer(text):
        turned[run.start() : run.end()] = turned[run.start() : run.end()][::-1]
    return turned
