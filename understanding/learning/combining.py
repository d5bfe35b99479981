"""Combination of rules and classifier: each rule votes with its log-odds, with a fitted weight."""

from __future__ import annotations

import math
from collections.abc import Sequence

from understanding.learning.lexicon import Hit


def rule_votes(hits: Sequence[Hit], *, field: str, labels: Sequence[str]) -> list[float]:
    """Return the support of the rules for each label, as log-odds; 0.0 where none supports it.

    Several rules for one answer count as the surest of them: they mostly see the same words.
    """
    votes = dict.fromkeys(labels, 0.0)
    for hit in hits:
        if hit.field == field and hit.value in votes:
            votes[hit.value] = max(votes[hit.value], math.log(hit.score / (1 - hit.score)))
    return list(votes.values())
