"""Vowel signs, which makers draw apart from their letters, put back by their places.

pdfium and `ocr.pdf.textorder` find lines, words and the order of letters by the places of glyphs. A
sign above or below a letter breaks them.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import Final

from ocr.pdf.textrows import around
from ocr.pdf.textwords import Glyph
from ocr.quality import ARABIC
from ocr.reading import Box

COMPOSED: Final = frozenset("أإآؤئ")  # letters that some fonts draw as two glyphs
NEAR: Final = 2  # pieces of drawing between the glyphs of a letter and of its signs
_MOST_NEAR = 2000  # letters on a sign's level; no line has as many
_MOST_PAIRS = 2_000_000  # of signs and letters on their level; no page has as many
_MOST_SIGNS = 32  # letters and signs of one letter's text
_REACH = 1.5  # usual heights of letters between a sign and its letter


def without_twins(glyphs: list[Glyph]) -> list[Glyph]:
    """Drop letters that came once for themselves and once more for their signs.

    Typst gives each glyph of a letter with its signs the text of all: "مٌ" twice for "مٌ".
    """
    pieces: defaultdict[int, list[int]] = defaultdict(list)
    for n, glyph in enumerate(glyphs):
        if glyph.box is not None and glyph.drawn >= 0:
            pieces[glyph.drawn].append(n)
    gone: set[int] = set()
    out = list(glyphs)
    for turn, own in pieces.items():
        size = cluster([glyphs[n] for n in own])
        size = size if size <= _MOST_SIGNS else 0
        near = [pieces.get(turn + by, []) for by in range(-NEAR, NEAR + 1) if by]
        twins = (_twin(glyphs, own, other, size) for other in near if size)
        twin = next((one for one in twins if one and not gone.intersection([*own, *one])), None)
        if not twin:
            continue
        kept, lost = twin, own
        if len(own) == size == len(pieces[glyphs[twin[0]].drawn]) and _area(glyphs, own) > _area(
            glyphs, twin
        ):
            kept, lost = own, twin
        gone.update(lost)
        whole = around([box for n in kept if (box := glyphs[n].box)])
        for n in kept:
            out[n] = replace(glyphs[n], box=whole, room=_room([glyphs[n] for n in kept]))
    return [glyph for n, glyph in enumerate(out) if n not in gone]


def cluster(piece: Sequence[Glyph]) -> int:
    """Return the length of a text that is one letter with its signs, 0 where it is another.

    The text may come several times: for each of its signs.
    """
    letters = [glyph.char for glyph in piece if not is_mark(glyph)]
    marks = len(piece) - len(letters)
    if len(set(letters)) != 1 or not ARABIC.match(letters[0]) or marks % len(letters):
        return 0
    return len(piece) // len(letters) if marks or letters[0] in COMPOSED else 0


def _twin(glyphs: Sequence[Glyph], own: list[int], other: list[int], size: int) -> list[int]:
    """Return the glyphs of another piece that have the same text, above or below one's own."""
    text = Counter(glyphs[n].char for n in own[:size])
    mine = around([box for n in own if (box := glyphs[n].box)])
    for at in range(len(other) - size + 1):
        found = other[at : at + size]
        if Counter(glyphs[n].char for n in found) != text:
            continue
        box = around([box for n in found if (box := glyphs[n].box)])
        if shared(mine, box) >= 0.5 and distance(mine, box) < max(
            mine[3] - mine[1], box[3] - box[1]
        ):
            return found
    return []


def _area(glyphs: Sequence[Glyph], numbers: Sequence[int]) -> float:
    left, top, right, bottom = around([box for n in numbers if (box := glyphs[n].box)])
    return (right - left) * (bottom - top)


def _room(glyphs: Sequence[Glyph]) -> tuple[float, float]:
    reach = [glyph.reach for glyph in glyphs]
    return min(left for left, _ in reach), max(right for _, right in reach)


def with_marks_in_place(glyphs: list[Glyph]) -> list[Glyph]:
    """Put each vowel sign after the letter on which it stands, and in its place.

    So a sign high above its line makes no word higher.
    """
    marks = [n for n, glyph in enumerate(glyphs) if glyph.box is not None and is_mark(glyph)]
    letters = [n for n, one in enumerate(glyphs) if one.box is not None and ARABIC.match(one.char)]
    if not marks or not letters:
        return glyphs
    letters.sort(key=lambda n: _middle(glyphs[n]))
    middles = [_middle(glyphs[n]) for n in letters]
    reach = _REACH * median(height(glyphs[n]) for n in letters)
    moved: defaultdict[int, list[int]] = defaultdict(list)
    followed = _followed(glyphs)
    left = _MOST_PAIRS
    for mark in marks:
        letter = _letter_before(glyphs, mark, followed[mark], reach)
        if letter is None:
            here = _middle(glyphs[mark])
            first, last = bisect_left(middles, here - reach), bisect_right(middles, here + reach)
            if last - first <= min(_MOST_NEAR, left):
                left -= last - first
                letter = _nearest(glyphs, mark, letters[first:last])
        if letter is not None:
            moved[letter].append(mark)
    gone = {mark for own in moved.values() for mark in own}
    out: list[Glyph] = []
    for n, glyph in enumerate(glyphs):
        if n not in gone:
            out.append(glyph)
            own = (glyphs[m] for m in sorted(moved.get(n, ())))
            out += [replace(mark, box=glyph.box, room=glyph.room) for mark in own]
    return out


def _followed(glyphs: Sequence[Glyph]) -> dict[int, int]:
    """Return the glyph that each vowel sign follows, others of its kind aside; -1 for none."""
    found: dict[int, int] = {}
    before = -1
    for n, glyph in enumerate(glyphs):
        if is_mark(glyph):
            found[n] = before
        else:
            before = n
    return found


def _letter_before(glyphs: Sequence[Glyph], mark: int, before: int, reach: float) -> int | None:
    """Return the letter that a sign follows, where the sign stands on it."""
    if before < 0 or not ARABIC.match(glyphs[before].char):
        return None
    level = distance_of(glyphs[mark], glyphs[before]) < reach
    return before if level and _is_over(glyphs[mark], glyphs[before]) else None


def _nearest(glyphs: Sequence[Glyph], mark: int, near: Sequence[int]) -> int | None:
    """Return the nearest letter above or below which a sign stands."""
    boxed = [n for n in near if _is_over(glyphs[mark], glyphs[n])]
    return min(boxed, key=lambda n: distance_of(glyphs[mark], glyphs[n]), default=None)


def is_mark(glyph: Glyph) -> bool:
    """Return whether a glyph is a vowel sign."""
    return unicodedata.category(glyph.char) == "Mn"


def _is_over(mark: Glyph, letter: Glyph) -> bool:
    """Return whether a mark is above, below or in a letter."""
    if mark.box is None or letter.box is None:
        return False
    return letter.box[0] <= (mark.box[0] + mark.box[2]) / 2 <= letter.box[2]


def distance_of(mark: Glyph, letter: Glyph) -> float:
    return distance(mark.box, letter.box) if mark.box and letter.box else 1.0


def distance(one: Box, other: Box) -> float:
    """Return how far one box is above or below another."""
    return max(one[1] - other[3], other[1] - one[3], 0.0)


def shared(one: Box, other: Box) -> float:
    """Return the part of the narrower box's width that both have in common."""
    width = min(one[2] - one[0], other[2] - other[0])
    return (min(one[2], other[2]) - max(one[0], other[0])) / width if width > 0 else 0.0


def _middle(glyph: Glyph) -> float:
    return (glyph.box[1] + glyph.box[3]) / 2 if glyph.box else 0.0


def height(glyph: Glyph) -> float:
    return glyph.box[3] - glyph.box[1] if glyph.box else 0.0
