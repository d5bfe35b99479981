"""Fitting the classifier's weights: logistic regression where letters are few and features many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

STRENGTH: Final = 24.0  # inverse of the regularisation; measured by `evaluate`
FURTHER_SHARE: Final = 0.05  # of a letter's weight, for answers that would be accepted too
_BLOCK: Final = 512  # rows
_RIDGE: Final = 1e-5  # added to each letter's own length: two that are alike have one place


@dataclass(frozen=True)
class Fitted:
    """Labels; weights of shape (labels, features) and (labels, 1024); intercepts."""

    labels: tuple[str, ...]
    weights: Any
    vector_weights: Any
    intercept: Any

    def scores(self, rows: Any, vectors: Any) -> Any:
        """Return raw scores of shape (letters, labels)."""
        return rows @ self.weights.T + vectors @ self.vector_weights.T + self.intercept


@dataclass(frozen=True)
class Space:
    """Letters in the coordinates of their own Gram matrix.

    Ridge-penalised logistic regression does not change under a rotation, so fitting in these
    few coordinates (one a letter) gives the same model as fitting in tens of thousands of
    features, many times faster.
    """

    rows: Any
    vectors: Any
    places: Any  # shape (letters, letters), lower triangular

    @classmethod
    def of(cls, rows: Any, vectors: Any) -> Space:
        """Build the space from weighted features, sparse, and vectors of shape (letters, 1024)."""
        from scipy.linalg import cholesky

        gram = (vectors @ vectors.T).astype(float)
        for start in range(0, len(gram), _BLOCK):  # the sparse product is dense: twice the memory
            gram[start : start + _BLOCK] += (rows[start : start + _BLOCK] @ rows.T).toarray()
        gram[np.diag_indices(len(gram))] += _RIDGE
        places = cholesky(gram.T, lower=True, overwrite_a=True, check_finite=False)  # in place
        return cls(rows, vectors, places)

    def fit(
        self,
        answers: Sequence[str],
        weights: Sequence[float],
        further: Sequence[Sequence[str]] | None = None,
    ) -> Fitted:
        """Fit one question; "" is a letter without an answer, which is left out.

        `weights` say how much each letter counts, `further` which answers beside its own would be
        accepted: it is learnt a little for these too. Two labels give two rows.
        """
        from scipy.linalg import solve_triangular
        from sklearn.linear_model import LogisticRegression

        rows, labels, shares = _spread(answers, weights, further)
        model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000, tol=1e-4)
        model.fit(self.places.astype(np.float32)[rows], labels, sample_weight=shares)
        small, intercept = model.coef_, model.intercept_
        if len(small) == 1:
            small, intercept = np.vstack([-small, small]) / 2, np.array([-1, 1]) * intercept / 2
        by_letter = solve_triangular(self.places, small.T.astype(float), lower=True, trans="T")
        parts = (self.rows.T @ by_letter).T, (self.vectors.T @ by_letter).T, intercept
        features, vectors, intercept = (part.astype(np.float32) for part in parts)
        features = features.astype(np.float16).astype(np.float32)  # as a model's file keeps them
        return Fitted(tuple(str(label) for label in model.classes_), features, vectors, intercept)


def _spread(
    answers: Sequence[str], weights: Sequence[float], further: Sequence[Sequence[str]] | None
) -> tuple[list[int], list[str], list[float]]:
    """Return a row for each answer of each letter: its letter, the answer, and what it counts."""
    known = set(answers) - {""}
    rows, labels, shares = [], [], []
    for n, answer in enumerate(answers):
        if not answer:
            continue
        others = sorted(known.intersection(further[n]) - {answer}) if further else []
        for other in others:
            rows.append(n)
            labels.append(other)
            shares.append(weights[n] * FURTHER_SHARE / len(others))
        rows.append(n)
        labels.append(answer)
        shares.append(weights[n] * (1 - FURTHER_SHARE if others else 1))
    return rows, labels, shares
