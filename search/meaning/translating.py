"""The words of a question as stems to look for: its own, and those near them in other letters."""

from typing import Final, NamedTuple

import numpy as np

from language.stems import indexed_forms
from language.vectors import sentence_vectors
from search.meaning.contract import SIZE
from search.meaning.near_words import Words
from search.meaning.text import as_bytes
from search.meaning.vocabulary import Told, asked_words, is_arabic

_MOST_WORDS: Final = 10
_NEAREST: Final = 4
_LEAST: Final = 0.45  # likeness from which a word is a translation


class AskedStems(NamedTuple):
    """For each word of a question its stems by weight: its own, and of words of the other script.

    Weights are likenesses, 1 for the word itself.
    """

    own: list[dict[str, float]]
    translated: list[dict[str, float]]


def stems_of(prose: str, known: Words | None) -> AskedStems:
    """Return what to look for; no translations before the office has its list of words."""
    asked = asked_words(prose, _MOST_WORDS)
    own = [dict.fromkeys(indexed_forms(one.folded), 1.0) for one in asked]
    return AskedStems(own, _translated(asked, known))


def _translated(asked: list[Told], known: Words | None) -> list[dict[str, float]]:
    if known is None:
        return []
    found = []
    for arabic in (False, True):
        mine = [one.spelt for one in asked if is_arabic(one.folded) != arabic]
        vectors = sentence_vectors(mine) if mine else None
        if vectors is None:
            continue
        rows = np.frombuffer(as_bytes(vectors), dtype=np.int8).reshape(-1, SIZE)
        for near in known.nearest(rows, arabic=arabic, most=_NEAREST):
            found.append(_best_stems(near))
    return [stems for stems in found if stems]


def _best_stems(near: list[tuple[str, float]]) -> dict[str, float]:
    stems: dict[str, float] = {}
    for word, likeness in near:
        if likeness >= _LEAST:
            stem = indexed_forms(word)[0]
            stems[stem] = max(likeness, stems.get(stem, 0.0))
    return stems
