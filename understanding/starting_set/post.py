"""How an office's ordinary post differs from the starting set, which has as many letters of each.

The shares are an estimate of a distributor's post, not a count; an office's own letters need none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from understanding.starting_set.examples import Example

SHARES: Final = {
    "COM": 0.17, "EAU": 0.12, "ELEC": 0.11, "BRT": 0.10, "REC": 0.09, "CPT": 0.08, "ASS": 0.06,
    "TRX": 0.05, "FIN": 0.05, "ACH": 0.04, "JUR": 0.04, "DG": 0.03, "RH": 0.03, "SI": 0.015,
    "BO": 0.015,
}  # fmt: skip
# The hands of letters that are made to be hard.
MADE_HARD: Final = frozenset(f"s{hand}" for hand in (*range(56, 83), *range(128, 143)))
HARD_SHARE: Final = 0.25  # of such letters a post has far fewer than the set
# The hands whose letters' kinds were given roughly, by judges of unlike habits.
ROUGH_KINDS: Final = frozenset(f"s{hand}" for hand in range(83, 218))
ROUGH_SHARE: Final = 0.3  # what the kind of such a letter counts
LEANING: Final = 0.5  # of the log-odds of the shares: offices differ, and the rare must be found


def leanings(labels: Sequence[str]) -> list[float]:
    """Return for each department how much likelier than the mean it is, as part of log-odds.

    It is 0.0 for an answer of which no share is known: another office's department, a kind.
    """
    return [LEANING * math.log(_times_mean(label)) for label in labels]


def weight_in_post(letter: Example) -> float:
    """Return how often letters like this one come in a post, beside the mean of the set, 1.0."""
    if letter.office:
        return 1.0
    return _times_mean(letter.department) * (HARD_SHARE if letter.author in MADE_HARD else 1.0)


def kind_weight(letter: Example) -> float:
    """Return how much a letter's kind counts, when it is learnt from and when it is judged by."""
    return ROUGH_SHARE if letter.author in ROUGH_KINDS else 1.0


def _times_mean(department: str) -> float:
    mean = 1 / len(SHARES)
    return SHARES.get(department, mean) / mean
