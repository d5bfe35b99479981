"""Names of persons and bodies, in any script: keys that their spellings share, and similarity.

Pure and without state; texts may be written or folded (`language.fold`), the answers are the same.
"""

from functools import lru_cache
from itertools import combinations, permutations
from typing import Final

from language.fold import fold
from language.name_parts import Word, words_of
from language.name_sounds import sound_likeness, sound_of

SAME: Final = 0.85  # from this likeness on, two names are taken for one
MOST_WORDS: Final = 8


def name_keys(name: str) -> frozenset[str]:
    """Return the keys of all words of a name: short ASCII texts that both scripts' spellings share.

    Made for one word as much as for several; titles, articles and legal forms have none.
    """
    return frozenset(key for word in words_of(name) for key in word.keys)


def pair_keys(name: str) -> frozenset[str]:
    """Return a key for every two words of a name, in either order.

    Such keys are far rarer than those of one word.
    """
    return frozenset(
        "+".join(sorted((a, b)))
        for one, other in combinations(_heavy(words_of(name)), 2)
        for a in one.keys
        for b in other.keys
    )


def neighbour_keys(name: str) -> frozenset[str]:
    """Return each word's key with the first sound of another word.

    These match where one word was misread.
    """
    return frozenset(
        f"{a}~{b[:1]}"
        for one, other in permutations(_heavy(words_of(name)), 2)
        for a in one.keys
        for b in other.keys
    )


def name_likeness(one: str, other: str) -> float:
    """Return how alike two names of persons or bodies are, 0..1; SAME and above is one name.

    Symmetric, 1.0 for a name and itself. Order, titles, particles, legal forms and script do not
    matter; a missing middle name costs little; a name without any word is like nothing.
    """
    first, second = sorted((fold(one).strip(), fold(other).strip()))
    if first == second:
        return 1.0 if first else 0.0
    return _likeness(first, second)


def _heavy(words: tuple[Word, ...]) -> tuple[Word, ...]:
    heavy = tuple(word for word in words if not word.light)
    return (heavy if len(heavy) > 1 else words)[:MOST_WORDS]


@lru_cache(maxsize=32_768)
def _likeness(first: str, second: str) -> float:
    one, other = words_of(first), words_of(second)
    if not one or not other:
        return 0.0
    best = _by_words(one, other)
    if abs(len(one) - len(other)) == 1 and not any(w.concept for w in (*one, *other)):
        best = max(best, _glued(one, other))
    return round(min(best, 1.0), 4)


def _by_words(one: tuple[Word, ...], other: tuple[Word, ...]) -> float:
    """Score the best pairs of words; unmatched words cost by what they are."""
    pairs = sorted(
        (
            (_word_likeness(a, b), i, j)
            for i, a in enumerate(one[:MOST_WORDS])
            for j, b in enumerate(other[:MOST_WORDS])
        ),
        key=lambda pair: (-pair[0], abs(pair[1] - pair[2]), pair[1:]),
    )
    left, right = set(range(len(one))), set(range(len(other)))
    met: list[tuple[float, float]] = []
    for score, i, j in pairs:
        if i in left and j in right and (score > 0.5 or (len(left) == 1 and len(right) == 1)):
            left.discard(i)
            right.discard(j)
            met.append((score, 0.4 if one[i].light else 1.0))
    if not met:
        return 0.0
    # Words without a partner on both sides contradict each other.
    clash = min(sum(not one[i].light for i in left), sum(not other[j].light for j in right))
    met += [(0.0, 1.0)] * clash
    mean = sum(score * weight for score, weight in met) / sum(weight for _score, weight in met)
    least = min(score for score, _weight in met)
    over = [one[i] for i in left] + [other[j] for j in right]
    return (0.5 * mean + 0.5 * least) * _completeness(met, over, clash)


def _completeness(met: list[tuple[float, float]], over: list[Word], clash: int) -> float:
    """Return the factor for words of one name alone.

    Little is taken off for a middle name, much beside a single word.
    """
    heavy = [word for word in over if not word.light][2 * clash :]
    if not heavy:
        return 0.98 if over and not clash else 1.0
    full = sum(1 for score, weight in met if score > 0.5 and weight == 1.0)
    if full < 2 or any(word.concept.startswith("=") for word in heavy):
        return 0.72 if full else 0.5
    return max(0.7, 1.0 - 0.05 * len(heavy))


def _word_likeness(one: Word, other: Word) -> float:
    if one.concept or other.concept:
        return float(one.concept == other.concept)
    best = max(sound_likeness(a, b) for a in one.sounds for b in other.sounds)
    return best if one.servant == other.servant else best * 0.6


def _glued(one: tuple[Word, ...], other: tuple[Word, ...]) -> float:
    """Return the words of both names written together, for names that differ by a space."""
    a, b = (sound_of("".join(word.whole for word in words)) for words in (one, other))
    return sound_likeness(a, b) - 0.05 if min(len(a.consonants), len(b.consonants)) >= 4 else 0.0
