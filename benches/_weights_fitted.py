"""A conditional logistic regression over candidates: the right one of each letter is chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

PENALTY: Final = 2.0  # of squared weights
_OF_RULES: Final = 0.1  # of it, for the few marks of what the rules propose
_ITERATIONS: Final = 400
_LEAST_SEEN: Final = 3  # candidates: a rarer mark has no weight
_LEAST: Final = 0.005  # of a weight that is written


@dataclass(frozen=True, slots=True)
class Example:
    """The marks of each candidate of a letter, and which of them are right."""

    marks: list[list[str]]
    right: list[bool]


def fitted(examples: Sequence[Example]) -> dict[str, float]:
    """Return mark -> weight of marks seen often enough.

    Letters none of whose candidates is right teach nothing.
    """
    seen = Counter(mark for one in examples for marks in one.marks for mark in marks)
    names = sorted(mark for mark, count in seen.items() if count >= _LEAST_SEEN)
    number = {mark: place for place, mark in enumerate(names)}
    taught = [one for one in examples if any(one.right)]
    rows = [[number[m] for m in marks if m in number] for one in taught for marks in one.marks]
    letters = np.repeat(np.arange(len(taught)), [len(one.right) for one in taught])
    right = np.array([right for one in taught for right in one.right])
    starts = np.flatnonzero(np.r_[True, letters[1:] != letters[:-1]])
    lengths = np.cumsum([0, *map(len, rows)])
    columns = [column for row in rows for column in row]
    matrix = csr_matrix((np.ones(len(columns)), columns, lengths), (len(rows), len(names)))
    penalty = np.array([PENALTY * (_OF_RULES if _is_rule(name) else 1) for name in names])

    def loss(weights: Any) -> tuple[float, Any]:
        sums = matrix @ weights
        every, share = _softmax(sums, letters, starts)
        some, share_right = _softmax(np.where(right, sums, -1e9), letters, starts)
        slope = matrix.T @ (share - np.where(right, share_right, 0.0)) + penalty * weights
        return float((every - some).sum() + (penalty * weights) @ weights / 2), slope

    options = {"maxiter": _ITERATIONS}
    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options=options)
    return dict(zip(names, map(float, best.x), strict=True))


def _is_rule(name: str) -> bool:
    return name.startswith("rule") or (name.startswith("~") and "rule" in name[:6])


def _softmax(sums: Any, letters: Any, starts: Any) -> tuple[Any, Any]:
    """Return the logarithm of each letter's sum of exponentials, and each candidate's share."""
    most = np.maximum.reduceat(sums, starts)
    whole = most + np.log(np.add.reduceat(np.exp(sums - most[letters]), starts))
    return whole, np.exp(sums - whole[letters])


def rows_of(weights: Mapping[str, float]) -> list[str]:
    """Return the rows of a file of weights, the greatest first; the least are left out."""
    by_size = sorted(weights.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
    return [f"{mark}\t{weight:.3f}" for mark, weight in by_size if abs(weight) >= _LEAST]
