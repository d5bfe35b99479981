"""Cross-validation: each letter is answered by a model that has seen no letter of its author."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from understanding.learning.letter_matrix import Counts
from understanding.learning.letter_space import Space
from understanding.starting_set.examples import Example

FOLDS: Final = 5
ALWAYS: Final = -1  # in place of a fold: never asked, every fold learns from it
UNSEEN: Final = -8.0  # the score of an answer that a fold has never seen


@dataclass(frozen=True)
class Fold:
    """One part of the cross-validation: training letters and test letters."""

    known: list[int]
    asked: list[int]
    space: Space
    new: Any  # the asked letters in the features of the known ones
    new_vectors: Any


def folds_of(examples: Sequence[Example], folds: int = FOLDS) -> list[int]:
    """Return a fold for each letter, always the same, whatever letters the office adds.

    Letters of one author are in one fold, so that no style is recognised; the others are spread by
    department and kind. An office's letters are spread by their senders. What is no letter is in
    none (ALWAYS).
    """
    out = [0] * len(examples)
    bundled = [n for n, one in enumerate(examples) if not (one.office or one.phrase)]
    authors = sorted({examples[n].author for n in bundled if examples[n].author})
    nameless = sorted((n for n in bundled if not examples[n].author), key=lambda n: (
        examples[n].department, examples[n].kind, examples[n].ident))  # fmt: skip
    for n, one in enumerate(examples):
        if one.phrase:
            out[n] = ALWAYS
        elif one.office:
            out[n] = zlib.crc32((one.author or one.ident).encode()) % folds
        elif one.author:
            out[n] = authors.index(one.author) % folds
    for place, n in enumerate(nameless):
        out[n] = place % folds
    return out


def make_folds(
    examples: Sequence[Example], counts: Counts, vectors: Any, *, as_asked: Sequence[int]
) -> Iterator[Fold]:
    """Yield the folds of these letters, each with the vocabulary of its known letters.

    `counts` and `vectors` have a row a letter, and more: `as_asked` says which one each letter is
    asked by.
    """
    fold_of = folds_of(examples)
    for fold in sorted(set(fold_of) - {ALWAYS}):
        known = [n for n, other in enumerate(fold_of) if other != fold]
        asked = [n for n, other in enumerate(fold_of) if other == fold]
        vocabulary = counts.vocabulary(known)
        space = Space.of(vocabulary.rows(known), vectors[known])
        rows = [as_asked[n] for n in asked]
        yield Fold(known, asked, space, vocabulary.rows(rows), vectors[rows])


@dataclass(frozen=True)
class Question:
    """A question asked of each letter: right answers ("" where unknown), and all possible ones.

    `weights` say how much each letter counts when it is learnt from, `further` which answers would
    be accepted beside the right one, where any are known.
    """

    answers: Sequence[str]
    labels: Sequence[str]
    weights: Sequence[float]
    further: Sequence[Sequence[str]] | None = None


def held_back_scores(questions: Sequence[Question], folds: Iterable[Fold]) -> list[Any]:
    """Return, for each question, raw scores by models that have not seen the letter.

    Their shape is (letters, labels). The folds are taken one after the other: all at once would
    fill the memory.
    """
    scores = [np.full((len(one.answers), len(one.labels)), UNSEEN) for one in questions]
    for fold in folds:
        for question, table in zip(questions, scores, strict=True):
            _ask(question, fold, table)
    return scores


def _ask(question: Question, fold: Fold, table: Any) -> None:
    known = [question.answers[n] for n in fold.known]
    if len({answer for answer in known if answer}) < 2:
        return
    further = question.further and [question.further[n] for n in fold.known]
    fitted = fold.space.fit(known, [question.weights[n] for n in fold.known], further)
    places = [question.labels.index(label) for label in fitted.labels]
    table[np.ix_(fold.asked, places)] = fitted.scores(fold.new, fold.new_vectors)
