"""Letters by meaning: lists of vectors and of words, joined by reciprocal rank.

Three lists count: the letters whose vectors are near; those that have words near the question's in
other letters (Arabic for French, and back); those that have the question's own words. A letter of
the last two must be near in meaning as well, the less so the better its words fit.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from search.contract import Hit
from search.meaning_contract import Near

# Chosen on one half of the questions of `./sijill bench meaning`, and on its nonsense.
ASKED_FLOOR: Final = 0.27  # below, most of what vectors find is not meant
WORDS_FLOOR: Final = 0.26  # of likeness and words together, where words are translated
OWN_FLOOR: Final = 0.32  # the same where they are the question's own
OF_WORDS: Final = 0.024  # likeness that one point of BM25 stands for
_JOINED: Final = 20  # added to each rank


class Joined(NamedTuple):
    """A letter of the answer: which vector of it is nearest, and by which words it was found."""

    id: str
    position: int
    translated: bool
    own: bool


class Lists(NamedTuple):
    """What was found in each way, the best first, and every letter's likeness and position."""

    near: list[Near]
    translated: list[Hit]
    own: list[Hit]
    likeness: dict[str, tuple[float, int]]


def joined(lists: Lists) -> list[Joined]:
    """Return the letters of these lists, the best first; a letter's own or other words count."""
    translated = _ranks(_near_enough(lists.translated, lists, WORDS_FLOOR))
    own = _ranks(_near_enough(lists.own, lists, OWN_FLOOR))
    near = _ranks([one.id for one in lists.near])
    worth = {
        key: near.get(key, 0.0) + max(translated.get(key, 0.0), own.get(key, 0.0))
        for key in (*near, *translated, *own)
    }
    return [
        Joined(key, lists.likeness[key][1], key in translated, key in own)
        for key in sorted(worth, key=lambda key: (-worth[key], -lists.likeness[key][0], key))
    ]


def _near_enough(hits: Iterable[Hit], lists: Lists, floor: float) -> list[str]:
    return [
        hit.id
        for hit in hits
        if hit.id in lists.likeness and lists.likeness[hit.id][0] + OF_WORDS * hit.score >= floor
    ]


def _ranks(ids: Sequence[str]) -> dict[str, float]:
    return {key: 1 / (_JOINED + rank) for rank, key in enumerate(ids)}
