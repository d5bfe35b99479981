"""Character and word error rates of a reading, as the benchmarks count them."""

from __future__ import annotations

import re
import unicodedata

import numpy as np

_DROPPED = re.compile(r"[\u064b-\u065f\u0670\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_STRAIGHT = str.maketrans(
    dict.fromkeys("‘’‚‛′", "'") | dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("–—‐‑‒―−", "-")
)


def normal(text: str) -> str:
    """Return the form in which readings are compared.

    NFKC; without harakat, tatweel and direction marks; Arabic-Indic and Persian digits as Latin
    ones; straight quotes and dashes; runs of leader dots collapsed; white space folded.
    """
    text = unicodedata.normalize("NFKC", text)
    text = _DROPPED.sub("", text).translate(_STRAIGHT)
    text = "".join(_digit(c) if "\u0660" <= c <= "\u06f9" else c for c in text)
    text = re.sub(r"(?:[.…·]\s?){3,}", "... ", text)
    return " ".join(text.split())


def _digit(char: str) -> str:
    return str(unicodedata.digit(char, char))


def distance(a: str, b: str) -> int:
    """Return the Levenshtein distance of two texts, in characters."""
    return _distance([ord(char) for char in a], [ord(char) for char in b])


def _distance(a: list[int], b: list[int]) -> int:
    """Compute the Levenshtein distance, a row at a time."""
    if len(a) < len(b):
        a, b = b, a
    points = np.array(b, dtype=np.int64)
    steps = np.arange(len(b) + 1)
    row = steps.copy()
    for n, point in enumerate(a, start=1):
        new = np.empty_like(row)
        new[0] = n
        np.minimum(row[1:] + 1, row[:-1] + (points != point), out=new[1:])
        row = np.minimum.accumulate(new - steps) + steps
    return int(row[-1])


def character_error_rate(truth: str, read: str) -> float:
    """Return wrong, missing and added characters per true character, both in normal form."""
    truth, read = normal(truth), normal(read)
    return distance(truth, read) / max(len(truth), 1)


def word_error_rate(truth: str, read: str) -> float:
    """Return wrong, missing and added words per true word, both in normal form.

    Words are separated at spaces.
    """
    true_words, read_words = normal(truth).split(), normal(read).split()
    numbers = {word: n for n, word in enumerate(dict.fromkeys([*true_words, *read_words]))}
    true_row, read_row = ([numbers[word] for word in words] for words in (true_words, read_words))
    return _distance(true_row, read_row) / max(len(true_words), 1)
