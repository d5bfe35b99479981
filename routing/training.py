"""Train the classifier, and set honestly what its scores mean.

Temperature, weight of the rules and threshold are fitted on answers that the model gave to
letters held back in cross-validation, never on letters that it has learnt from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from language.vectors import vectors_version
from routing.classification import (
    FIELDS,
    READ_CHARACTERS,
    Example,
    Head,
    Model,
    count_features,
    features_by_word,
    softmax,
    vector_of,
)
from routing.combining import rule_votes
from routing.letter_matrix import Counts
from routing.lexicon import Hit, find_hits

_HOUSE: Final = Path(__file__).resolve().parents[1]
# What a letter's features, and so a model's weights, hang on.
_SEEN_BY: Final = (
    *("language/fold.py", "language/stems.py", "language/arabic.py", "language/arabic_words.py"),
    *("language/words.py", "language/vectors.py", "routing/classification.py"),
    *("routing/combining.py", "routing/lexicon.py", "routing/lexicon_rules.py"),
    "routing/lexicon_topics.py",
)
_LEARNT_BY: Final = ("routing/training.py", "routing/letter_matrix.py")
FOLDS: Final = 5
UNSEEN: Final = -8.0  # the score of an answer that a fold has never seen
STRENGTH: Final = 12.0  # inverse of the regularisation; measured by `python -m routing.evaluate`
RIGHT: Final = {"kind": 0.9, "department": 0.98}  # wanted among the answers called sure: a
# department called sure may be given the letter without a person
LEAST_SURE: Final = 0.5  # whatever the held-back letters say: real post is stranger than they are
NEVER: Final = 1.01
_TEMPERATURES: Final = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0, 1.25, 1.5, 2.0)
_RULE_WEIGHTS: Final = (0.0, 0.3, 0.6, 1.0, 1.4)  # no more: the rules knew the letters


def fingerprint(examples: Sequence[Example]) -> str:
    """What a model was made of: these letters with these answers, learnt by this very code.

    A model learnt with sentence vectors is of no use without them, and the reverse.
    """
    digest = hashlib.sha256(vectors_version().encode())
    for name in (*_SEEN_BY, *_LEARNT_BY):
        digest.update((_HOUSE / name).read_bytes())
    rows = sorted((o.ident, o.text, o.kind, o.department, o.author) for o in examples)
    digest.update(json.dumps(rows).encode())
    return digest.hexdigest()[:16]


def train(examples: Sequence[Example]) -> Model:
    """Learn from `examples`; seconds for some hundreds of letters.

    Raises ValueError when there are fewer than two answers to a question.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    for field in FIELDS:
        if len({getattr(one, field) for one in examples}) < 2:
            raise ValueError(f"nothing to tell apart: every letter has the same {field}")
    with threadpool_limits(limits=1):  # small matrices: on a busy machine threads only wait
        return _trained(examples)


def _trained(examples: Sequence[Example]) -> Model:
    counted, hits = _read(examples)
    vectors = _vectors(examples)
    everybody = range(len(examples))
    vocabulary = counted.vocabulary(everybody)
    space = _Space.of(vocabulary.rows(everybody), vectors)
    folds = list(_folds(examples, counted, vectors))
    heads = {}
    for field in FIELDS:
        answers = [str(getattr(one, field)) for one in examples]
        labels, weights, vector_weights, intercept = space.fit(answers)
        held_back = _held_back(answers, folds, _votes(hits, field, labels))
        temperature, rule_weight = _calibrated(held_back, answers, labels)
        chances = _chances(held_back, temperature, rule_weight)
        right = [labels.index(answer) for answer in answers]
        threshold = sure_from(chances, right, wanted=RIGHT[field])
        heads[field] = Head(
            labels, weights, intercept, temperature, rule_weight, threshold, vector_weights
        )
    return Model(fingerprint(examples), vocabulary.places(), vocabulary.idf, heads)


def cross_validated(examples: Sequence[Example]) -> dict[str, tuple[tuple[str, ...], Any]]:
    """For each question its labels and the chances of shape (letters, labels), letters held back.

    Temperature and weight of the rules (two numbers) are fitted on these same answers.
    """
    counted, hits = _read(examples)
    folds = list(_folds(examples, counted, _vectors(examples)))
    out = {}
    for field in FIELDS:
        answers = [str(getattr(one, field)) for one in examples]
        labels = tuple(sorted(set(answers)))
        held_back = _held_back(answers, folds, _votes(hits, field, labels))
        out[field] = labels, _chances(held_back, *_calibrated(held_back, answers, labels))
    return out


def _read(examples: Sequence[Example]) -> tuple[Counts, list[list[Hit]]]:
    """Features and rules of each letter, found once."""
    texts = [one.text[:READ_CHARACTERS] for one in examples]
    hits = [find_hits(text) for text in texts]
    counted = [
        count_features(features_by_word(text), text, found)
        for text, found in zip(texts, hits, strict=True)
    ]
    return Counts.of(counted), hits


def _vectors(examples: Sequence[Example]) -> Any:
    """Shape (letters, 1024), or (letters, 0) without sentence vectors."""
    return np.array([vector_of(one.text) for one in examples])


def _votes(hits: Sequence[Sequence[Hit]], field: str, labels: Sequence[str]) -> Any:
    return np.array([rule_votes(found, field=field, labels=labels) for found in hits])


@dataclass(frozen=True)
class _Space:
    """Letters in the coordinates of their own Gram matrix.

    Ridge-penalised logistic regression does not change under a rotation, so fitting in these
    few coordinates (one a letter) gives the same model as fitting in tens of thousands of
    features, many times faster.
    """

    rows: Any
    vectors: Any
    places: Any  # shape (letters, at most as many)
    back: Any  # the same shape: from a weight in these coordinates to one a letter

    @classmethod
    def of(cls, rows: Any, vectors: Any) -> _Space:
        values, axes = np.linalg.eigh((rows @ rows.T).toarray() + vectors @ vectors.T)
        kept = values > 1e-9
        lengths = np.sqrt(values[kept])
        return cls(rows, vectors, axes[:, kept] * lengths, axes[:, kept] / lengths)

    def fit(self, answers: Sequence[str]) -> tuple[tuple[str, ...], Any, Any, Any]:
        """Labels; weights of shape (labels, features) and (labels, 1024); intercepts.

        Two answers give two rows.
        """
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=300, tol=1e-3)
        model.fit(self.places, list(answers))
        small, intercept = model.coef_, model.intercept_
        if len(small) == 1:
            small, intercept = np.vstack([-small, small]) / 2, np.array([-1, 1]) * intercept / 2
        by_letter = self.back @ small.T
        parts = (self.rows.T @ by_letter).T, (self.vectors.T @ by_letter).T, intercept
        weights, vector_weights, intercept = (part.astype(np.float32) for part in parts)
        return tuple(str(label) for label in model.classes_), weights, vector_weights, intercept


@dataclass(frozen=True)
class _Fold:
    """One part of the cross-validation: letters learnt from, letters asked about."""

    known: list[int]
    asked: list[int]
    space: _Space
    new: Any  # the asked letters in the features of the known ones
    new_vectors: Any


def folds_of(examples: Sequence[Example], folds: int = FOLDS) -> list[int]:
    """A fold for each letter, always the same.

    Letters of one author lie in one fold, so that no style is recognised; the others are spread by
    department and kind.
    """
    order = sorted(range(len(examples)), key=lambda n: (
        examples[n].department, examples[n].kind, examples[n].ident))  # fmt: skip
    authors = sorted({one.author for one in examples if one.author})
    out = [authors.index(one.author) % folds if one.author else 0 for one in examples]
    for place, number in enumerate(n for n in order if not examples[n].author):
        out[number] = place % folds
    return out


def _folds(examples: Sequence[Example], counted: Counts, vectors: Any) -> Iterator[_Fold]:
    fold_of = folds_of(examples)
    for fold in sorted(set(fold_of)):
        known = [n for n, other in enumerate(fold_of) if other != fold]
        asked = [n for n, other in enumerate(fold_of) if other == fold]
        vocabulary = counted.vocabulary(known)
        space = _Space.of(vocabulary.rows(known), vectors[known])
        yield _Fold(known, asked, space, vocabulary.rows(asked), vectors[asked])


def _held_back(answers: Sequence[str], folds: Sequence[_Fold], votes: Any) -> tuple[Any, Any]:
    """For each letter: scores by a model that has not seen it, and the votes of the rules."""
    labels = sorted(set(answers))
    scores = np.full((len(answers), len(labels)), UNSEEN)
    for fold in folds:
        known = [answers[n] for n in fold.known]
        if len(set(known)) > 1:
            seen, weights, vector_weights, intercept = fold.space.fit(known)
            places = [labels.index(label) for label in seen]
            from_vectors = fold.new_vectors @ vector_weights.T
            scores[np.ix_(fold.asked, places)] = fold.new @ weights.T + from_vectors + intercept
    return scores, votes


def _chances(held_back: tuple[Any, Any], temperature: float, rule_weight: float) -> Any:
    scores, votes = held_back
    return np.array([softmax(row) for row in scores / temperature + rule_weight * votes])


def _calibrated(
    held_back: tuple[Any, Any], answers: Sequence[str], labels: tuple[str, ...]
) -> tuple[float, float]:
    """The temperature and the weight of the rules that make the right answers likeliest."""
    places = [labels.index(answer) for answer in answers]
    lines = range(len(places))

    def loss(setting: tuple[float, float]) -> float:
        chances = _chances(held_back, *setting)[lines, places]
        return float(-np.log(np.maximum(chances, 1e-9)).mean())

    return min(((t, w) for t in _TEMPERATURES for w in _RULE_WEIGHTS), key=loss)


def sure_from(chances: Any, right: Sequence[int], wanted: float = 0.9) -> float:
    """The least score from which at least `wanted` of the answers above it are right, else NEVER.

    `chances` has the shape (letters, answers); `right` gives each letter's right answer.
    """
    best = chances.argmax(axis=1)
    scored = sorted(
        zip(chances.max(axis=1).tolist(), (best == np.array(right)).tolist(), strict=True),
        reverse=True,
    )
    threshold, hits = NEVER, 0
    for number, (score, is_right) in enumerate(scored, start=1):
        hits += is_right
        if hits / number >= wanted and number >= 10:
            threshold = score
    return max(LEAST_SURE, float(threshold))
