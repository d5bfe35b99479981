"""What a score means: temperature, weight of the rules, and from where on an answer is sure.

All fitted on answers to letters held back in cross-validation, never on letters learnt from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from understanding.learning.classification import softmax

LEAST_SURE: Final = 0.5  # whatever the held-back letters say: real post is stranger than they are
NEVER: Final = 1.01
CERTAINTY: Final = 1.28  # standard errors: in nine offices of ten the promise is kept
_TEMPERATURES: Final = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0, 1.25, 1.5, 2.0)
_RULE_WEIGHTS: Final = (0.0, 0.3, 0.6, 1.0, 1.4)  # no more: the rules knew the letters


def chances_of(scores: Any, votes: Any, *, temperature: float, rule_weight: float) -> Any:
    """Chances from raw scores and the rules' votes, all of shape (letters, answers)."""
    return np.array([softmax(row) for row in scores / temperature + rule_weight * votes])


def calibrated(scores: Any, votes: Any, right: Sequence[int]) -> tuple[float, float]:
    """The temperature and the weight of the rules that make the right answers likeliest."""
    lines = range(len(right))

    def loss(setting: tuple[float, float]) -> float:
        chances = chances_of(scores, votes, temperature=setting[0], rule_weight=setting[1])
        return float(-np.log(np.maximum(chances[lines, right], 1e-9)).mean())

    return min(((t, w) for t in _TEMPERATURES for w in _RULE_WEIGHTS), key=loss)


def sure_from(chances: Any, right: Sequence[int], *, wanted: float) -> float:
    """The least score from which on `wanted` of the answers are right, else NEVER.

    Not the share seen counts, but what it is at least (`at_least`): a share of some hundred
    letters is partly luck. `chances` has the shape (letters, answers).
    """
    best = chances.argmax(axis=1)
    scored = sorted(
        zip(chances.max(axis=1).tolist(), (best == np.array(right)).tolist(), strict=True),
        reverse=True,
    )
    threshold, hits = NEVER, 0
    for number, (score, is_right) in enumerate(scored, start=1):
        hits += is_right
        if at_least(hits, number) >= wanted:
            threshold = score
    return max(LEAST_SURE, float(threshold))


def at_least(hits: int, number: int) -> float:
    """What a share of `hits` in `number` is at least, with nine chances in ten (Wilson, 1927)."""
    share, z = hits / number, CERTAINTY
    middle = share + z * z / (2 * number)
    spread = z * math.sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    return (middle - spread) / (1 + z * z / number)
