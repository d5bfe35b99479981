"""Whether two words are one but for a few letters: exchanged, lost, added, swapped or misread.

The distance is that of optimal string alignment (Damerau and Levenshtein, each pair of neighbours
that changed places counted once), as RapidFuzz computes it.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

# What looks alike on paper, so that a scan reads one for the other: "dernande", "modemisation".
_ALIKE: Final = (("m", "rn"), ("rn", "m"), ("d", "cl"), ("cl", "d"))
_MOST_PLACES: Final = 5


@lru_cache(maxsize=4096)
def misread(word: str) -> tuple[str, ...]:
    """Return how a scan may misread a folded word where one letter resembles two.

    In one place or, of one kind, in all. At most six spellings of each kind; () for most words.
    """
    found: list[str] = []
    for one, other in _ALIKE:
        pieces = word.split(one, _MOST_PLACES)
        for place in range(1, len(pieces)):
            found.append(one.join(pieces[:place]) + other + one.join(pieces[place:]))
        if len(pieces) > 2:
            found.append(word.replace(one, other))
    return tuple(dict.fromkeys(found))


def within(one: str, other: str, most: int) -> bool:
    """Return whether at most so many edits make the one from the other."""
    return bool(OSA.distance(one, other, score_cutoff=max(most, 0)) <= most)


def near(wanted: str, words: Collection[str], most: int) -> list[str]:
    """Return those of many words that at most so many edits make of the wanted one."""
    found = extract(wanted, words, scorer=OSA.distance, score_cutoff=max(most, 0), limit=None)
    return [word for word, _, _ in found]


def edits(one: str, other: str, most: int) -> int:
    """Return how many edits make the one from the other; `most` and one where there are more."""
    return int(OSA.distance(one, other, score_cutoff=max(most, 0)))
