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


def chances_of(
    scores: Any, votes: Any, *, temperature: float, rule_weight: float, leaning: Any = 0.0
) -> Any:
    """Return chances from raw scores and the rules' votes, all of shape (letters, answers).

    `leaning` is added to each answer's log-odds: a number an answer.
    """
    odds = scores / temperature + rule_weight * votes + leaning
    return np.array([softmax(row) for row in odds])


def calibrated(
    scores: Any, votes: Any, right: Sequence[int], *, leaning: Any = 0.0, weights: Any = None
) -> tuple[float, float]:
    """Return the temperature and the weight of the rules with the greatest likelihood.

    `weights` say how much each letter counts; all the same where there are none.
    """
    lines = range(len(right))

    def loss(setting: tuple[float, float]) -> float:
        chances = chances_of(
            scores, votes, temperature=setting[0], rule_weight=setting[1], leaning=leaning
        )
        losses = -np.log(np.maximum(chances[lines, right], 1e-9))
        return float(np.average(losses, weights=weights))

    return min(((t, w) for t in _TEMPERATURES for w in _RULE_WEIGHTS), key=loss)


def sure_from(chances: Any, right: Sequence[int], *, wanted: float, weights: Any = None) -> float:
    """Return the least score from which on `wanted` of the answers are right, else NEVER.

    The lower bound of the share counts (`at_least`), not the share seen: a share of some hundred
    letters is partly chance. `chances` has the shape (letters, answers). Letters of unlike
    `weights` count as fewer than they are: as Kish's effective number (1965).
    """
    best = chances.argmax(axis=1)
    weights = np.ones(len(chances)) if weights is None else weights
    scored = sorted(
        zip(
            chances.max(axis=1).tolist(),
            (best == np.array(right)).tolist(),
            weights.tolist(),
            strict=True,
        ),
        reverse=True,
    )
    threshold, hits, total, squares = NEVER, 0.0, 0.0, 0.0
    for score, is_right, weight in scored:
        hits, total, squares = hits + is_right * weight, total + weight, squares + weight**2
        if at_least(hits * total / squares, total**2 / squares) >= wanted:
            threshold = score
    return max(LEAST_SURE, float(threshold))


def at_least(hits: float, number: float) -> float:
    """Return the lower bound of a share of `hits` in `number`, at nine chances in ten.

    It is Wilson's score interval (1927).
    """
    share, z = hits / number, CERTAINTY
    middle = share + z * z / (2 * number)
    spread = z * math.sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    return (middle - spread) / (1 + z * z / number)
