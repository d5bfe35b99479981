"""Numbers in Arabic lines, read again component by component.

Tesseract's Arabic model knows words, not digits: it reads ٤٠٦ as "3", and of 1436 it may keep the
6. Its boxes are right, so a number's box is read again by `digit_model`, and the better reading is
kept. Latin pages are left alone: there Tesseract reads digits well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from ocr.engines.contract import PixelBox, SeenLine, SeenWord
from ocr.engines.digit_model import (
    ARABIC,
    AROUND,
    BETWEEN,
    CLASSES,
    HEIGHT,
    LATIN,
    Floats,
    Glyph,
    glyphs_of,
    ink_of,
    probabilities,
)
from ocr.quality import ARABIC as ARABIC_LETTER
from ocr.quality import LATIN as LATIN_LETTER

_DIGIT = re.compile(r"\d")
_CORE = re.compile(r"\d(?:.*\d)?", re.DOTALL)
_PARTICLE = re.compile(r"[وفبلك]\d")
_MOST_LETTERS = 1  # in a word that may be a number misread
_REACH = 1.3  # heights beyond its box that the ink of a word may reach
_LEAST_JOINED = 3  # signs of a number that was read in pieces
_NEAR = 1.6  # heights between the pieces of a number, in which a piece may be missing
_SPACE = 1.9  # times the usual step from sign to sign
_MOST_SIGNS = 24  # longer is no number
_PAGE_SAYS = 1.5  # weight of the page's own kind of digits in a word, in nats
# Least sure sign of a number, to replace: a number, one in Tesseract's weak digits, no number.
_SURE, _SURE_ARABIC, _VERY_SURE = 0.75, 0.45, 0.92
_DOT_IN_ARABIC = 0.5  # a dot among ٠ to ٩ is more likely a zero than its shape suggests
_DOUBTED = 0.6  # a word that holds no digit is doubted below this confidence
_INVISIBLE = "\u200e\u200f"
_MIRRORED = str.maketrans("()[]", ")(][")


@dataclass(frozen=True, slots=True, eq=False)
class _Blots:
    """The components of one word and the probabilities of CLASSES for each."""

    glyphs: list[Glyph]
    chances: Floats


@dataclass(frozen=True, slots=True)
class Number:
    """A number as its components give it: `core` from its first digit to its last.

    `before`, `after`: signs to its left and right ("x" for no sign of a number); `confidence` of
    its least sure sign, 0..1.
    """

    before: str
    core: str
    after: str
    confidence: float


def mend_digits(picture: Image.Image, lines: list[SeenLine]) -> list[SeenLine]:
    """Replace numbers of an Arabic page's lines where their components clearly differ.

    `picture` is grey, boxes are its pixels.
    """
    return reread_numbers(picture, [_with_joined(picture, line) for line in lines])


def reread_numbers(picture: Image.Image, lines: list[SeenLine]) -> list[SeenLine]:
    """Replace numbers as `mend_digits` does, without joining any word with another.

    A line must hold all its words, as what stands beside a number tells where its ink ends.
    """
    doubtful = {
        (row, at): blots
        for row, line in enumerate(lines)
        for at, word in enumerate(line.words)
        if _may_be_number(word) and (blots := _blots(picture, word, _room(line, at)))
    }
    kind = _kind_of_page(doubtful.values())
    out = [list(line.words) for line in lines]
    for (row, at), blots in doubtful.items():
        # A particle before the number stands to its right.
        glued = _PARTICLE.match(out[row][at].text) is not None
        chances = blots.chances[:-1] if glued else blots.chances
        number = read_number(chances, leaning=kind) if len(chances) else None
        if number:
            out[row][at] = better(out[row][at], number)
    return [replace(line, words=tuple(words)) for line, words in zip(lines, out, strict=True)]


def read_number(chances: Floats, *, leaning: float = 0.0) -> Number | None:
    """Return the number that components from left to right make in an Arabic line, or None.

    All digits are of one kind. `leaning` (nats): > 0 favours Arabic-Indic digits, < 0 Latin ones.
    """
    kinds = {kind: _labels(chances, kind) for kind in (LATIN, ARABIC)}
    latin, arabic = (_log_score(chances, kinds[kind][0]) for kind in (LATIN, ARABIC))
    labels, sure = kinds[ARABIC if arabic + leaning > latin else LATIN]
    digits = [at for at, label in enumerate(labels) if _DIGIT.match(label)]
    if not digits:
        return None
    first, last = digits[0], digits[-1] + 1
    core = labels[first:last]
    if not all(_DIGIT.match(c) or c in BETWEEN for c in core):
        return None
    before, after = "".join(labels[:first]), "".join(labels[last:])
    # Between dashes, parts of a number stand from right to left (Unicode's bidi, after letters).
    parts = "".join(core).split("-")[::-1]
    return Number(before, "-".join(parts), after, float(sure[first:last].min()))


def better(word: SeenWord, number: Number) -> SeenWord:
    """Return the word with the number in it, where that is surer; else the word as it was."""
    old = _CORE.search(word.text)
    if old:
        if not _replaces(old.group(), word, number):
            return word
        text = word.text[: old.start()] + number.core + word.text[old.end() :]
        alone = not number.before + number.after and not _PARTICLE.match(word.text)
        if alone and number.confidence > _VERY_SURE:
            text = number.core  # no ink for what else was read
    else:
        whole = all(sign in AROUND + BETWEEN for sign in number.before + number.after)
        if not whole or len(number.core) < 2 or number.confidence < _VERY_SURE:
            return word
        # Right to left: what stands to the right of the number comes before it.
        before, after = number.after[::-1], number.before[::-1]
        text = before.translate(_MIRRORED) + number.core + after.translate(_MIRRORED)
    return replace(word, text=text, confidence=number.confidence, by="digits")


def _replaces(old: str, word: SeenWord, number: Number) -> bool:
    """Return whether the components replace the engine's number.

    It drops digits where it is confident but rarely invents one; other components must be signs of
    it.
    """
    besides = len(word.text.strip(_INVISIBLE)) - len(old)
    arabic = bool(set(number.core) & set(ARABIC))
    sure = _SURE_ARABIC if arabic else _SURE
    if number.confidence < sure or len(number.before + number.after) > besides:
        return False
    if same_number(old, number.core):
        return False
    # Of digits ٠ to ٩ it knows so little that it may see more of them than there are.
    trusted = word.confidence >= _DOUBTED and not arabic
    return len(number.core) >= len(old) or not trusted


def same_number(old: str, new: str) -> bool:
    """Return whether two readings differ only in the right-to-left order of dashed parts."""
    return old == new or re.split(r"(\D)", old)[::-1] == re.split(r"(\D)", new)


def _may_be_number(word: SeenWord) -> bool:
    letters = len(ARABIC_LETTER.findall(word.text)) + len(LATIN_LETTER.findall(word.text))
    if _DIGIT.search(word.text):
        return letters <= _MOST_LETTERS
    return word.confidence < _DOUBTED and letters <= 3


def _with_joined(picture: Image.Image, line: SeenLine) -> SeenLine:
    """Join words that are pieces of one number: the engine takes each ٠ for a word of its own."""
    words = list(line.words)
    for group in _neighbours(line.words):
        number = _joined(picture, line, group)
        if number:
            first = min(words.index(word) for word in group)
            words[first] = number
            words = [word for word in words if word not in group]
    return replace(line, words=tuple(words))


def _neighbours(words: Sequence[SeenWord]) -> list[list[SeenWord]]:
    """Return groups of adjacent words that may all be numbers, one of them doubted."""
    groups: list[list[SeenWord]] = []
    for word in sorted(words, key=lambda word: -word.box[2]):
        if not _may_be_number(word):
            groups.append([])
        elif groups and groups[-1] and _is_near(groups[-1][-1], word):
            groups[-1].append(word)
        else:
            groups.append([word])
    return [
        group
        for group in groups
        if len(group) > 1 and min(word.confidence for word in group) < _DOUBTED
    ]


def _is_near(word: SeenWord, other: SeenWord) -> bool:
    height = max(word.box[3] - word.box[1], other.box[3] - other.box[1])
    return word.box[0] - other.box[2] < _NEAR * height


def _joined(picture: Image.Image, line: SeenLine, group: list[SeenWord]) -> SeenWord | None:
    """Return the one number that the words of a group surely are."""
    whole = SeenWord("", SeenLine(tuple(group), 0).box, 0.0)
    others = [word for word in line.words if word not in group]
    blots = _blots(picture, whole, _room(replace(line, words=(*others, whole)), len(others)))
    if blots is None or not _is_evenly_spaced(blots.glyphs):
        return None
    number = read_number(blots.chances)
    if number is None or len(number.core) < _LEAST_JOINED:
        return None
    joined = better(whole, number)
    return None if joined is whole else joined


def _is_evenly_spaced(glyphs: list[Glyph]) -> bool:
    """Return whether no space separates the components, as one does between two numbers."""
    middles = np.array([(glyph.box[0] + glyph.box[2]) / 2 for glyph in glyphs])
    steps = np.diff(middles)
    return bool(len(steps) > 1 and steps.max() < _SPACE * np.median(steps))


def _room(line: SeenLine, at: int) -> tuple[float, float]:
    """Return how far a word's ink may reach: to the words beside it, or a sign's width or so."""
    left, top, right, bottom = line.words[at].box
    reach = _REACH * (bottom - top)
    others = [word.box for n, word in enumerate(line.words) if n != at]
    return (
        max([left - reach, *(box[2] for box in others if box[2] <= left)]),
        min([right + reach, *(box[0] for box in others if box[0] >= right)]),
    )


def _blots(picture: Image.Image, word: SeenWord, room: tuple[float, float]) -> _Blots | None:
    place = (room[0], word.box[1], room[1], word.box[3])
    scale = HEIGHT / max(place[3] - place[1], 1.0)
    glyphs = _cut(picture, place, scale)
    if glyphs:
        frame = max(g.box[3] for g in glyphs) - min(g.box[1] for g in glyphs)
        if not 0.85 * HEIGHT < frame < 1.2 * HEIGHT:
            glyphs = _cut(picture, place, scale * HEIGHT / max(frame, 8))
    if not glyphs or len(glyphs) > _MOST_SIGNS:
        return None
    return _Blots(glyphs, probabilities([glyph.seen for glyph in glyphs]))


def _cut(picture: Image.Image, place: PixelBox, scale: float) -> list[Glyph]:
    """Return the components in a place of the page, scaled, without those cut by its sides."""
    margin = 0.12 * (place[3] - place[1])
    place = _clipped((place[0], place[1] - margin, place[2], place[3] + margin), picture)
    wide, high = (max(1, round((place[n + 2] - place[n]) * scale)) for n in (0, 1))
    if max(wide, high) > _MOST_SIGNS * 2 * HEIGHT:
        return []
    inside = picture.resize((wide, high), Image.Resampling.BICUBIC, place)
    found = glyphs_of(ink_of(inside), (margin * scale, high - margin * scale))
    return [glyph for glyph in found if glyph.box[0] > 0 and glyph.box[2] < wide]


def _clipped(box: PixelBox, picture: Image.Image) -> PixelBox:
    return (
        max(box[0], 0.0),
        max(box[1], 0.0),
        min(box[2], float(picture.width)),
        min(box[3], float(picture.height)),
    )


def _labels(chances: Floats, kind: str) -> tuple[list[str], Floats]:
    """Return each component's likeliest sign and its probability, all digits of one kind."""
    allowed = [n for n, sign in enumerate(CLASSES) if not _DIGIT.match(sign) or sign in kind]
    among = chances[:, allowed]
    if kind == ARABIC:
        among[:, [CLASSES[n] for n in allowed].index(".")] *= _DOT_IN_ARABIC
    best = among.argmax(axis=1)
    sure: Floats = among.max(axis=1) / among.sum(axis=1).clip(1e-6)
    return [CLASSES[allowed[n]] for n in best], sure


def _log_score(chances: Floats, labels: list[str]) -> float:
    picked = chances[np.arange(len(labels)), [CLASSES.index(label) for label in labels]]
    return float(np.log(picked.clip(1e-4)).sum())


def _kind_of_page(words: Iterable[_Blots]) -> float:
    """Return which kind of digits the page's numbers suggest, as a leaning of `read_number`."""
    total = 0.0
    for word in words:
        latin, arabic = (
            _log_score(word.chances, _labels(word.chances, kind)[0]) for kind in (LATIN, ARABIC)
        )
        total += float(np.clip(arabic - latin, -3, 3))
    return float(np.clip(total, -_PAGE_SAYS, _PAGE_SAYS))
