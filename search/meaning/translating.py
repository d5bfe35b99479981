"""The words of a query as stems to search for: its own, and those near them in the other script."""

from typing import Final, NamedTuple

from language.stems import indexed_forms
from search.meaning.near_words import Words, vectors_of
from search.meaning.vocabulary import ContentWord, is_arabic, question_words

_MOST_WORDS: Final = 10
_NEAREST: Final = 4
_LEAST: Final = 0.45  # likeness from which a word is a translation


class WeightedStems(NamedTuple):
    """For each word of a question its stems by weight: its own, and of words of the other script.

    Weights are likenesses, 1 for the word itself.
    """

    own: list[dict[str, float]]
    translated: list[dict[str, float]]


def stems_of(prose: str, known: Words | None) -> WeightedStems:
    """Return the stems to search for; none before the office has its list of words."""
    asked = question_words(prose, _MOST_WORDS) if known else []
    if not known or not asked:
        return WeightedStems([], [])
    own = [dict.fromkeys(indexed_forms(one.folded), 1.0) for one in asked]
    return WeightedStems(_informative(own, known), _informative(_translated(asked, known), known))


def _informative(asked: list[dict[str, float]], known: Words) -> list[dict[str, float]]:
    """Return these stems without those that too many letters have."""
    rare = ({s: w for s, w in stems.items() if s not in known.common} for stems in asked)
    return [stems for stems in rare if stems]


def _translated(asked: list[ContentWord], known: Words) -> list[dict[str, float]]:
    found = []
    for arabic in (False, True):
        mine = [one.spelt for one in asked if is_arabic(one.folded) != arabic]
        if not mine:
            continue
        rows = vectors_of(mine, known.latin if arabic else known.arabic)
        for near in known.nearest(rows, arabic=arabic, most=_NEAREST):
            found.append(_best_stems(near))
    return found


def _best_stems(near: list[tuple[str, float]]) -> dict[str, float]:
    stems: dict[str, float] = {}
    for word, likeness in near:
        if likeness >= _LEAST:
            stem = indexed_forms(word)[0]
            stems[stem] = max(likeness, stems.get(stem, 0.0))
    return stems
