"""Merging of two readings of the same place on a page: which line, word and accent to keep.

Nothing here reads a picture. The rules and numbers come from lines that both readers read of pages
with known text: where they differ, the second reader is right on Latin lines four times of five.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from ocr.engines.contract import PixelBox, SeenLine, SeenWord
from ocr.quality import ARABIC, is_arabic

_SURE_WORD = 0.91  # a word that the first reader is this sure of needs no second reading
_SURE_ACCENT = 0.6
_SURE_DOTS = 0.88  # the first reader sees î and ï in a plain i now and then, and à in a
_SURE_SECOND = 0.75  # a line below this is no line of the second reader's scripts
_ALONE, _ALONE_SHORT = 0.85, 0.97  # a line that only the second reader saw; of a sign or two
_LEAST_ALONE, _BELOW_MEAN = 0.6, 0.1  # the same on a page of which it is nowhere sure
_EXTRA_WORD = 0.85
_SURE_ARABIC, _LEAST_ARABIC = 0.8, 4  # confidence, letters of Arabic on a page in Latin letters
_NO_ARABIC = 0.9  # a Latin reading as sure as that stands in place of Arabic that is not
_CLEAR_CORE = 0.9
_UNSURE_FIGURES = 0.6
_DOUBT = 0.3  # of a number that two readers read differently, as in ocr.pdf.layer_numbers
_NEEDS_CARE = re.compile(r"[\d@]|www|\w['’] ")
_CORE = re.compile(r"\d(?:[\d.,/:-]*\d)?")
_DOUBTFUL = re.compile(r"[îïÎÏ]|^[àÀ]$")
_UPPER_EDGE = 0.6  # text heights of a line's box that its words may leave empty at an end


@dataclass(frozen=True, slots=True)
class Piece:
    """A line, or a part of one, as a detector found it, and the first reader's words in it."""

    box: PixelBox
    first: SeenLine | None

    def needs_second(self, height: float) -> bool:
        """Return whether the first reading may be wrong: unsure words, digits, or missed ink."""
        if self.first is None:
            return True
        if is_arabic(self.first.text):
            return not _is_surely_arabic(self.first)
        if any(word.confidence < _SURE_WORD for word in self.first.words):
            return True
        left, _, right, _ = self.first.box
        spare = (left - self.box[0]) + (self.box[2] - right)
        grown = self.box[3] - self.box[1] - height
        return spare > grown + _UPPER_EDGE * height or bool(_NEEDS_CARE.search(self.first.text))


def _is_surely_arabic(line: SeenLine) -> bool:
    return line.confidence >= _SURE_ARABIC and len(ARABIC.findall(line.text)) >= _LEAST_ARABIC


def pieces_of(lines: Sequence[SeenLine], boxes: Sequence[PixelBox]) -> list[Piece]:
    """Return the boxes with the words that stand in them, and the remaining words line by line."""
    inside: list[list[SeenWord]] = [[] for _ in boxes]
    homes: list[Counter[int]] = [Counter() for _ in boxes]
    left_over: list[Piece] = []
    for number, line in enumerate(lines):
        stray = []
        for word in line.words:
            home = _home(word.box, boxes)
            if home is None:
                stray.append(word)
            else:
                inside[home].append(word)
                homes[home][number] += len(word.text)
        if stray:
            part = replace(line, words=tuple(stray))
            left_over.append(Piece(part.box, part))
    found = []
    for box, words, counts in zip(boxes, inside, homes, strict=True):
        main = lines[counts.most_common(1)[0][0]] if counts else None
        first = replace(main, words=_in_line(words)) if main else None
        found.append(Piece(box, first))
    return found + left_over


def _home(word: PixelBox, boxes: Sequence[PixelBox]) -> int | None:
    """Return the box that holds the middle of the word, the one whose own middle is nearest."""
    x, y = (word[0] + word[2]) / 2, (word[1] + word[3]) / 2
    held = [
        (abs(y - (top + bottom) / 2), number)
        for number, (left, top, right, bottom) in enumerate(boxes)
        if left <= x <= right and top <= y <= bottom
    ]
    return min(held)[1] if held else None


def _in_line(words: list[SeenWord]) -> tuple[SeenWord, ...]:
    """Return Latin words of one line from the left; Arabic ones in the order they were read."""
    if is_arabic(" ".join(word.text for word in words)):
        return tuple(words)
    return tuple(sorted(words, key=lambda word: word.box[0]))


def mean_confidence(lines: Iterable[SeenLine | None]) -> float:
    """Return the mean confidence of all letters of these lines, 0..1."""
    words = tuple(word for line in lines if line for word in line.words)
    return SeenLine(words, 0).confidence


def least_alone(seen: Sequence[SeenLine | None]) -> float:
    """Return the confidence that a line needs which only the second reader saw.

    On worn pages, where it is sure of no line, less is enough than on others.
    """
    return min(_ALONE, max(_LEAST_ALONE, mean_confidence(seen) - _BELOW_MEAN))


def better_latin(
    first: SeenLine | None, second: SeenLine | None, least: float = _ALONE
) -> SeenLine | None:
    """Return the better of two readings of a Latin line, or None when neither is one.

    `least` is the confidence that the second needs where the first has nothing.
    """
    if second is None:
        return first
    if first is None:
        return second if stands_alone(second, least) else None
    if is_arabic(first.text):
        return second if stands_alone(second, _NO_ARABIC) else first
    if second.confidence < _SURE_SECOND and first.confidence > second.confidence - 0.1:
        return first
    if len(second.text) < 0.5 * len(first.text) and first.confidence > 0.6:
        return first
    return replace(with_accents(first, second), paragraph=first.paragraph)


def stands_alone(second: SeenLine, least: float = _ALONE) -> bool:
    """Return whether what only the second reader saw is text.

    Of one or two signs it must be very sure.
    """
    solid = sum(char.isalnum() for char in second.text)
    return solid > 0 and second.confidence >= (least if solid > 2 else _ALONE_SHORT)


def with_accents(first: SeenLine, second: SeenLine) -> SeenLine:
    """Return the second reading, with accents and spaces about signs that the first surely saw."""
    ours, theirs = [_bare(w.text) for w in first.words], [_bare(w.text) for w in second.words]
    words: list[SeenWord] = []
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    for kind, start, end, at, to in matcher.get_opcodes():
        seen, read = first.words[start:end], second.words[at:to]
        if kind == "equal":
            words += map(_accented, seen, read)
        elif _same_signs(seen, read) and not (len(seen) > len(read) and _splits_a_word(seen)):
            words += seen
        else:
            words += read
    return replace(second, words=tuple(words))


def _accented(seen: SeenWord, read: SeenWord) -> SeenWord:
    least = _SURE_DOTS if _DOUBTFUL.search(seen.text) else _SURE_ACCENT
    more = _accents(seen.text) > _accents(read.text) and seen.confidence >= least
    return replace(read, text=seen.text) if more else read


def _same_signs(seen: Sequence[SeenWord], read: Sequence[SeenWord]) -> bool:
    """Return whether two readings differ in spaces alone."""
    return "".join(w.text for w in seen) == "".join(w.text for w in read)


def _splits_a_word(seen: Sequence[SeenWord]) -> bool:
    """Return whether a space stands between letters: there the second reader's word is better."""
    return any(
        a.text[-1].isalnum() or (b.text[0].isalnum() and a.text[-1] in "'’-")
        for a, b in pairwise(seen)
        if b.text[0].isalnum()
    )


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _accents(text: str) -> int:
    return sum(unicodedata.combining(c) > 0 for c in unicodedata.normalize("NFD", text))


def surer_words(first: SeenLine, second: SeenLine) -> SeenLine:
    """Merge two readings of a line by the same engine at two sizes.

    Where they differ, the surer words are kept, and so are words that only one has where it is sure
    of them.
    """
    words: list[SeenWord] = []
    ours, theirs = [w.text for w in first.words], [w.text for w in second.words]
    for kind, start, end, at, to in SequenceMatcher(
        None, ours, theirs, autojunk=False
    ).get_opcodes():
        seen, read = first.words[start:end], second.words[at:to]
        if kind == "equal":
            words += seen
        elif kind == "replace":
            words += read if _confidence(read) > _confidence(seen) else seen
        elif _confidence(read or seen) >= (_EXTRA_WORD if read else 1 - _EXTRA_WORD):
            words += read or seen
    return replace(first, words=tuple(words)) if words else first


def same_line(one: PixelBox, other: PixelBox) -> bool:
    """Return whether two boxes are of one line of the page."""
    high = min(one[3], other[3]) - max(one[1], other[1])
    wide = min(one[2], other[2]) - max(one[0], other[0])
    return high > 0.5 * min(one[3] - one[1], other[3] - other[1]) and wide > 0.6 * max(
        one[2] - one[0], other[2] - other[0]
    )


def _confidence(words: Sequence[SeenWord]) -> float:
    return SeenLine(tuple(words), 0).confidence


def has_figures(word: SeenWord) -> bool:
    """Return whether the word holds a digit and no letter."""
    return bool(_CORE.search(word.text)) and not any(c.isalpha() for c in word.text)


def with_figures(word: SeenWord, second: SeenLine | None) -> SeenWord:
    """Return a word of an Arabic line with its digits as the second reader saw them.

    Brackets and signs around them stay, since right-to-left lines mirror them. A sure number of
    which the second reader sees fewer digits stays, and is doubted.
    """
    if second is None or len(second.words) != 1 or second.confidence < _CLEAR_CORE:
        return word
    old, new = _CORE.findall(word.text), _CORE.findall(second.text)
    if len(old) != 1 or len(new) != 1 or any(c.isalpha() for c in second.text):
        return word
    if len(new[0]) < len(old[0]) and word.confidence > _UNSURE_FIGURES:
        return replace(word, confidence=_DOUBT)  # its box may have cut a digit off
    text = word.text.replace(old[0], new[0])
    return replace(word, text=text, confidence=max(word.confidence, second.confidence))
