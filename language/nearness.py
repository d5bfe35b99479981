"""Whether two words are one but for a few letters: exchanged, lost, added or swapped.

The distance is that of optimal string alignment (Damerau and Levenshtein, each pair of neighbours
that changed places counted once), as RapidFuzz reckons it.
"""

from rapidfuzz.distance import OSA


def within(one: str, other: str, most: int) -> bool:
    """Whether at most so many edits make the one from the other."""
    return edits(one, other, most) <= most


def edits(one: str, other: str, most: int) -> int:
    """How many edits make the one from the other; `most` and one where there are more."""
    return int(OSA.distance(one, other, score_cutoff=max(most, 0)))
