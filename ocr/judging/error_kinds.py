"""The errors of a reading by kind: digits, spaces, punctuation, dots of Arabic letters, letters."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator

import numpy as np

from ocr.judging.scoring import normal

KINDS = ("letters", "dots", "hamza", "digits", "punctuation", "spaces")
# Letters of one row differ in their dots alone, at least within a word.
_SAME_SHAPE = ("بتثنيىئ", "جحخ", "دذ", "رز", "سش", "صض", "طظ", "عغ", "فق", "هة")
_HAMZA = ("اأإآٱ", "وؤ", "يىئ")


def error_kinds(truth: str, read: str) -> dict[str, int]:
    """Return the wrong, missing and added characters of a reading by kind, in normal form."""
    found = Counter(_kind(*pair) for pair in _errors(normal(truth), normal(read)))
    return {kind: found[kind] for kind in KINDS}


def _kind(true: str, seen: str) -> str:
    """Return the kind of one error; "" stands for a character that is missing or was added."""
    char = true or seen
    if char == " " or seen == " ":
        return "spaces"
    if char.isdigit():
        return "digits"
    if unicodedata.category(char)[0] in "PS":
        return "punctuation"
    if true and seen:
        if any(true in row and seen in row for row in _HAMZA):
            return "hamza"
        if any(true in row and seen in row for row in _SAME_SHAPE):
            return "dots"
    return "letters"


def _errors(truth: str, read: str) -> Iterator[tuple[str, str]]:
    """Yield what differs along one shortest way from the truth to the reading."""
    table = _distances(truth, read)
    at, to = len(truth), len(read)
    while at or to:
        here = table[at, to]
        if at and to and here == table[at - 1, to - 1] + (truth[at - 1] != read[to - 1]):
            at, to = at - 1, to - 1
            if truth[at] != read[to]:
                yield truth[at], read[to]
        elif at and here == table[at - 1, to] + 1:
            at -= 1
            yield truth[at], ""
        else:
            to -= 1
            yield "", read[to]


def _distances(truth: str, read: str) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    """Return the Levenshtein distance of every beginning of one text to every one of the other."""
    steps = np.arange(len(read) + 1, dtype=np.int32)
    table = np.empty((len(truth) + 1, len(read) + 1), dtype=np.int32)
    table[0] = steps
    points = np.array([ord(char) for char in read], dtype=np.int64)
    for n, char in enumerate(truth, start=1):
        row = table[n]
        row[0] = n
        above = table[n - 1]
        np.minimum(above[1:] + 1, above[:-1] + (points != ord(char)), out=row[1:])
        np.minimum.accumulate(row - steps, out=row)
        row += steps
    return table
