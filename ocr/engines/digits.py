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

from ocr.engines.blots import Blots, blots_of, labels_of, log_score, room_of
from ocr.engines.contract import SeenLine, SeenWord
from ocr.engines.digit_model import ARABIC, AROUND, BETWEEN, LATIN, Floats, Glyph
from ocr.quality import ARABIC as ARABIC_LETTER
from ocr.quality import LATIN as LATIN_LETTER

_DIGIT = re.compile(r"\d")
_CORE = re.compile(r"\d(?:.*\d)?", re.DOTALL)
_PARTICLE = re.compile(r"[وفبلك]\d")
_MOST_LETTERS = 1  # in a word that may be a number misread
_LEAST_JOINED = 3  # signs of a number that was read in pieces
_NEAR = 1.6  # heights between the pieces of a number, in which a piece may be missing
_SPACE = 1.9  # times the usual step from sign to sign
_PAGE_SAYS = 1.5  # weight of the page's own kind of digits in a word, in nats
# Least sure sign of a number, to replace: a number, one in Tesseract's weak digits, no number.
_SURE, _SURE_ARABIC, _VERY_SURE = 0.75, 0.45, 0.92
_DOUBTED = 0.6  # a word that holds no digit is doubted below this confidence
_INVISIBLE = "\u200e\u200f"
_MIRRORED = str.maketrans("()[]", ")(][")


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

    A line must hold all its words, as the words beside a number show where its ink ends.
    """
    doubtful = {
        (row, at): blots
        for row, line in enumerate(lines)
        for at, word in enumerate(line.words)
        if _may_be_number(word) and (blots := blots_of(picture, word.box, room_of(line, at)))
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
    kinds = {kind: labels_of(chances, kind) for kind in (LATIN, ARABIC)}
    latin, arabic = (log_score(chances, kinds[kind][0]) for kind in (LATIN, ARABIC))
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
    blots = blots_of(
        picture, whole.box, room_of(replace(line, words=(*others, whole)), len(others))
    )
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


def _kind_of_page(words: Iterable[Blots]) -> float:
    """Return which kind of digits the page's numbers suggest, as a leaning of `read_number`."""
    total = 0.0
    for word in words:
        latin, arabic = (
            log_score(word.chances, labels_of(word.chances, kind)[0]) for kind in (LATIN, ARABIC)
        )
        total += float(np.clip(arabic - latin, -3, 3))
    return float(np.clip(total, -_PAGE_SAYS, _PAGE_SAYS))
