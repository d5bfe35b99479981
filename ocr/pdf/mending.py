"""Repair of text that a PDF producer split or interspersed, by positions on the page.

Signs are drawn apart from their numbers, and strokes (kashida) stretch Arabic words. LibreOffice
draws what a font lacks in another one, after the rest of the line: of "28/12/2025" the strokes come
first, the numbers after them. It stretches Arabic words to the width of the line by strokes that
its map to Unicode calls something else: "العقQدة" for "العقدة".
"""

from __future__ import annotations

import string
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ocr.pdf.pieces import glyphs_of
from ocr.pdf.textrows import Token, around
from ocr.pdf.textwords import Glyph, is_space
from ocr.quality import ARABIC, PRESENTATION

_MOST_PAIRS = 4_000_000  # of strokes and letters; no page has as many
_FLAT = 1.5  # width by height: a full stop is as high as wide
_FALSE_STOPS = frozenset(string.ascii_letters + "\"'")
_DOT, _FOOT = 0.3, 0.1  # of the height of the letter beside it: a dot's height, and how level it is
_SIGNS = frozenset("./:,@_٫٬")
_TOUCH, _OVER = 0.28, -0.4  # heights between adjacent pieces; a space is 0.4 and more
_LEVEL = 0.15  # heights that a sign may stand below the foot of its number
_REACH, _TRIED = 8.0, 500  # where a neighbour is looked for: heights of the sign, words
_LEAST_STROKES, _MOSTLY = 2, 0.8  # of one kind on a page; share of them that stands within words


def without_strokes(glyphs: list[Glyph]) -> list[Glyph]:
    """Drop glyphs found only within Arabic words, though they are no letters of theirs."""
    inside: Counter[str] = Counter()
    everywhere: Counter[str] = Counter(glyph.char for glyph in glyphs)
    for start, end in _strange_runs(glyphs):
        if start > 0 and end < len(glyphs) and _arabic(glyphs[start - 1]) and _arabic(glyphs[end]):
            inside.update(glyph.char for glyph in glyphs[start:end])
    strokes = {
        char
        for char, count in inside.items()
        if count >= _LEAST_STROKES
        and count >= (_MOSTLY if unicodedata.category(char)[0] == "C" else 1) * everywhere[char]
    }
    return [glyph for glyph in glyphs if glyph.char not in strokes]


def without_flat_strokes(glyphs: list[Glyph], aspect: float) -> list[Glyph]:
    """Drop strokes at the foot of an Arabic word, between two letters that they touch.

    The font's map calls them figures or full stops, which are not as flat. The letter on the right
    takes their room. `aspect`: width of the page by its height.
    """
    flat = [n for n, glyph in enumerate(glyphs) if _is_flat(glyph, aspect)]
    letters = [n for n, glyph in enumerate(glyphs) if glyph.box and _arabic(glyph)]
    if len(flat) * len(letters) > _MOST_PAIRS:
        return glyphs
    out = list(glyphs)
    gone: set[int] = set()
    for run in _level_runs(glyphs, flat):
        left, top, right, bottom = around([box for n in run if (box := glyphs[n].box)])
        level = [
            n
            for n in letters
            if (box := glyphs[n].box) and box[1] < (top + bottom) / 2 < box[3] + (bottom - top)
        ]
        rooms = [(n, *glyphs[n].reach) for n in level]
        before = [n for n, start, end in rooms if left < start < right < end]
        after = [n for n, start, end in rooms if start < left < end < right]
        if before and after:
            gone.update(run)
            for n in before:
                out[n] = replace(out[n], room=(left, glyphs[n].reach[1]))
    return [glyph for n, glyph in enumerate(out) if n not in gone]


def _level_runs(glyphs: Sequence[Glyph], flat: list[int]) -> list[list[int]]:
    """Return flat glyphs that touch each other on one level."""
    runs: list[list[int]] = []
    places = [(box[3], box[0], n) for n in flat if (box := glyphs[n].box)]
    for foot, left, n in sorted((round(foot, 3), left, n) for foot, left, n in places):
        last = glyphs[runs[-1][-1]].box if runs else None
        if last and abs(last[3] - foot) < 2e-3 and left < last[2] + (last[3] - last[1]):
            runs[-1].append(n)
        else:
            runs.append([n])
    return runs


def _is_flat(glyph: Glyph, aspect: float) -> bool:
    if glyph.box is None or _arabic(glyph) or unicodedata.category(glyph.char) in {"Pd", "Pc"}:
        return False
    left, top, right, bottom = glyph.box
    return (right - left) * aspect > _FLAT * (bottom - top)


def _strange_runs(glyphs: list[Glyph]) -> list[tuple[int, int]]:
    """Return runs of one and the same character that may be a stroke, as (start, end)."""
    edges = [0, *(n for n, (a, b) in enumerate(pairwise(glyphs), 1) if a.char != b.char)]
    runs = zip(edges, [*edges[1:], len(glyphs)], strict=True)
    return [(start, end) for start, end in runs if end > start and _is_strange(glyphs[start].char)]


def _is_strange(char: str) -> bool:
    """Return whether a character is neither Arabic nor any sign, mark, digit or space."""
    category = unicodedata.category(char)
    if is_space(char) or category[0] not in "LC" or category == "Cf":
        return False
    return not "\u0600" <= char <= "\u08ff" and not PRESENTATION.match(char)


def _arabic(glyph: Glyph) -> bool:
    return bool(ARABIC.match(glyph.char) or PRESENTATION.match(glyph.char))


def with_stops(glyphs: list[Glyph]) -> list[Glyph]:
    """Call a letter that is a mere dot on the line, beside letters or figures, a full stop.

    Qt's maps to Unicode have letters or quotes in its place: "radeejAma" for "radeej.ma".
    """
    out = list(glyphs)
    for n, glyph in enumerate(glyphs):
        if glyph.char in _FALSE_STOPS and any(
            0 <= m < len(glyphs) and _is_dot(glyph, glyphs[m]) for m in (n - 1, n + 1)
        ):
            out[n] = replace(glyph, char=".", guessed=False)
    return out


def _is_dot(glyph: Glyph, beside: Glyph) -> bool:
    """Return whether a glyph is a dot at the foot of the one beside it."""
    if glyph.box is None or beside.box is None or not beside.char.isalnum():
        return False
    high = beside.box[3] - beside.box[1]
    small = glyph.box[3] - glyph.box[1] < _DOT * high
    return small and abs(glyph.box[3] - beside.box[3]) < _FOOT * high


def with_signs(lines: list[list[Token]]) -> list[list[Token]]:
    """Join each sign with the digits or Latin letters that it touches on both sides.

    Return the lines of the page; two words without a sign between them are not joined.
    """
    tokens = [token for line in lines for token in line]
    groups = _touching(tokens)
    if not groups:
        return lines
    out: list[list[Token]] = []
    at = 0
    for line in lines:
        numbers = range(at, at + len(line))
        at += len(line)
        out.append(
            [
                _together([tokens[n] for n in groups.get(m, [m])])
                for m in numbers
                if groups.get(m, [m])
            ]
        )
    return [line for line in out if line]


def _touching(tokens: list[Token]) -> dict[int, list[int]]:
    """Return groups of touching tokens, from left to right, keyed by the first of each to come.

    The other tokens of a group map to an empty list.
    """
    by_height = sorted(range(len(tokens)), key=lambda n: _middle(tokens[n]))
    middles = [_middle(tokens[n]) for n in by_height]
    follows: dict[int, int] = {}
    for sign in (n for n, token in enumerate(tokens) if token.text in _SIGNS):
        middle, reach = _middle(tokens[sign]), _REACH * tokens[sign].height
        first, last = bisect_left(middles, middle - reach), bisect_right(middles, middle + reach)
        near = by_height[first : min(last, first + _TRIED)]
        left = next((n for n in near if _ends(tokens[n], tokens[sign])), None)
        right = next((n for n in near if _begins(tokens[sign], tokens[n])), None)
        if left is not None and right is not None:
            follows[left], follows[sign] = sign, right
    return _chains(follows)


def _chains(follows: dict[int, int]) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = {}
    for first in set(follows) - set(follows.values()):
        chain = [first]
        while chain[-1] in follows:
            chain.append(follows[chain[-1]])
        groups.update((number, []) for number in chain)
        groups[min(chain)] = chain
    return groups


def _middle(token: Token) -> float:
    return (token.box[1] + token.box[3]) / 2


def _ends(word: Token, sign: Token) -> bool:
    return word is not sign and _is_plain(word.text[-1]) and _touch(word, sign)


def _begins(sign: Token, word: Token) -> bool:
    return word is not sign and _is_plain(word.text[0]) and _touch(sign, word)


def _touch(left: Token, right: Token) -> bool:
    """Return whether two words are on one level, one directly beside the other."""
    high = max(left.height, right.height)
    level = min(left.box[3], right.box[3]) > max(left.box[1], right.box[1]) - _LEVEL * high
    return level and _OVER * high < right.box[0] - left.box[2] < _TOUCH * high


def _is_plain(char: str) -> bool:
    return char.isdigit() or (char.isascii() and char.isalnum())


def _together(tokens: list[Token]) -> Token:
    if len(tokens) == 1:
        return tokens[0]
    text = "".join(token.text for token in tokens)
    glyphs = tuple(glyph for token in tokens for glyph in glyphs_of(token))
    return replace(
        tokens[0], text=text, box=around([token.box for token in tokens]), source=glyphs or None
    )
