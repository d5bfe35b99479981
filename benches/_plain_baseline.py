"""The plainest classifier of letters, as scikit-learn gives it: TF-IDF and logistic regression.

No rules, no sentence vectors, no calibration; asked about the same letters in the same folds, and
called sure from a threshold that is set on the folds as the office's is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from understanding.learning.calibrating import sure_from
from understanding.learning.classification import FIELDS
from understanding.learning.cross_validation import folds_of
from understanding.learning.evaluate import Row, row_of
from understanding.learning.figures import RIGHT
from understanding.learning.training import accepted_answers
from understanding.starting_set.examples import Example


def plain_rows(examples: Sequence[Example], asked: Mapping[str, Sequence[Example]]) -> list[Row]:
    """Learn from `examples`; return the rows of their folds and of each named set of `asked`."""
    rows = []
    for field in FIELDS:
        labels, chances = _folds(examples, field)
        right = [labels.index(str(getattr(one, field))) for one in examples]
        accepted = accepted_answers(chances, right, examples, labels, field=field)
        threshold = sure_from(chances, accepted, wanted=RIGHT[field])
        rows.append(row_of("plain: cross-validation", field, examples, labels, chances, threshold))
        model = _learnt(examples, field)
        for name, letters in asked.items():
            given = model.predict_proba([one.text for one in letters])
            rows.append(row_of(f"plain: {name}", field, letters, labels, given, threshold))
    return rows


def _learnt(examples: Sequence[Example], field: str) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=1000))
    return model.fit([one.text for one in examples], [getattr(one, field) for one in examples])


def _folds(examples: Sequence[Example], field: str) -> tuple[tuple[str, ...], Any]:
    """Return all answers, and the chances of each letter by a model that has not seen its hand."""
    labels = tuple(sorted({str(getattr(one, field)) for one in examples}))
    fold_of = np.array(folds_of(examples))
    chances = np.zeros((len(examples), len(labels)))
    for fold in np.unique(fold_of):
        known = [one for one, of in zip(examples, fold_of, strict=True) if of != fold]
        asked = np.flatnonzero(fold_of == fold)
        model = _learnt(known, field)
        columns = np.array([labels.index(str(label)) for label in model.classes_])
        texts = [one.text for one, of in zip(examples, fold_of, strict=True) if of == fold]
        chances[np.ix_(asked, columns)] = model.predict_proba(texts)
    return labels, chances
