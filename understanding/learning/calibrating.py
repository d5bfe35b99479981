"""Calibration of scores: temperature, weight of the rules, and the threshold of a sure answer.

All fitted on answers to letters held back in cross-validation, never on training letters.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from understanding.learning.classification import softmax

LEAST_SURE: Final = 0.5  # a floor: real post varies more than the held-back letters
NEVER: Final = 1.01
CERTAINTY: Final = 1.28  # standard errors: the precision holds in nine offices of ten
_TEMPERATURES: Final = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0, 1.25, 1.5, 2.0)
_RULE_WEIGHTS: Final = (0.0, 0.3, 0.6, 1.0, 1.4)  # no more: the rules knew the letters


def chances_of(scores: Any, votes: Any, *, temperature: float, rule_weight: float) -> Any:
    """Return chances from raw scores and the rules' votes, all of shape (letters, answers)."""
    return np.array([softmax(row) for row in scores / temperature + rule_weight * votes])


def calibrated(scores: Any, votes: Any, right: Sequence[int]) -> tuple[float, float]:
    """Return the temperature and the weight of the rules with the greatest likelihood."""
    lines = range(len(right))

    def loss(setting: tuple[float, float]) -> float:
        chances = chances_of(scores, votes, temperature=setting[0], rule_weight=setting[1])
        return float(-np.log(np.maximum(chances[lines, right], 1e-9)).mean())

    return min(((t, w) for t in _TEMPERATURES for w in _RULE_WEIGHTS), key=loss)


def sure_from(chances: Any, right: Sequence[int], *, wanted: float) -> float:
    """Return the least score from which on `wanted` of the answers are right, else NEVER.

    The lower bound of the share counts (`at_least`), not the share seen: a share of some hundred
    letters is partly chance. `chances` has the shape (letters, answers).
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
    """Return the lower bound of a share of `hits` in `number`, at nine chances in ten.

    It is Wilson's score interval (1927).
    """
    share, z = hits / number, CERTAINTY
    middle = share + z * z / (2 * number)
    spread = z * math.sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    return (middle - spread) / (1 + z * z / number)
