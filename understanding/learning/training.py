"""Training of the classifier, and calibration of its scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from understanding.learning.calibrating import calibrated, chances_of, sure_from
from understanding.learning.classification import (
    FIELDS,
    Head,
    Model,
    count_features,
    features_by_word,
    matter_of,
)
from understanding.learning.combining import rule_votes
from understanding.learning.cross_validation import Question, held_back_scores, make_folds
from understanding.learning.figures import RIGHT, Figures, figures_of
from understanding.learning.fingerprints import code_version, fingerprint
from understanding.learning.letter_matrix import Counts
from understanding.learning.letter_space import Fitted, Space
from understanding.learning.lexicon import Hit, find_hits
from understanding.learning.vectors_beside import computed_vectors
from understanding.starting_set.examples import Example
from understanding.starting_set.frames import framed, is_asked_framed
from understanding.starting_set.post import kind_weight, leanings, weight_in_post

__all__ = ["Calibration", "accepted_answers", "cross_validated", "fingerprint", "train"]
OFFICE_WEIGHT: Final = 3.0  # weight of an own letter beside a bundled one
PHRASE_WEIGHT: Final = 0.6  # weight of some words for what a department answers for
WEIGHED: Final = ("department",)  # questions whose letters count as often as a post has them
# Wanted of sure answers on the folds. A department's is above what is promised (`figures.RIGHT`):
# letters of strangers hold less than the folds.
WANTED: Final = {"kind": RIGHT["kind"], "department": 0.987}
KNOWN_HANDS: Final = 300  # so many letters whose author is known are enough to set the threshold


@dataclass(frozen=True)
class Calibration:
    """What is fitted on held-back letters, for one question."""

    temperature: float
    rule_weight: float
    threshold: float
    figures: Figures  # of the bundled letters alone, which every model of a version shares


def train(
    examples: Sequence[Example],
    *,
    calibrations: Mapping[str, Calibration] | None = None,
    two_cores: bool = False,
) -> Model:
    """Train on `examples`; takes seconds for some hundreds of letters.

    `calibrations`, by question, are those of these same examples, where they are known: the
    cross-validation, which takes most of the time, is left out then. With `two_cores` letters are
    read by several processes and questions fitted at once: the same model, sooner. Raise ValueError
    where there are fewer than two answers to a question.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    for field in FIELDS:
        if len({getattr(one, field) for one in examples} - {""}) < 2:
            raise ValueError(f"nothing to tell apart: every letter has the same {field}")
    with threadpool_limits(limits=1):  # small matrices: on a busy machine threads only wait
        return _trained(examples, calibrations, two_cores=two_cores)


def cross_validated(examples: Sequence[Example]) -> dict[str, tuple[tuple[str, ...], Any]]:
    """Return labels and chances, of shape (letters, labels), for each question, letters held back.

    What is no letter is left out. Temperature and weight of the rules (two numbers) are fitted on
    these same answers.
    """
    answered = _held_back(_Lesson.of(examples))
    letters = [n for n, one in enumerate(examples) if not one.phrase]
    return {field: (one.labels, one.chances[letters]) for field, one in answered.items()}


@dataclass(frozen=True)
class _Lesson:
    """The inputs read once from the letters: features, rules, vectors.

    A row a letter as it is learnt, then those of letters that are asked about within a frame and
    look otherwise then; `as_asked` has the row of each letter as it is asked about.
    """

    examples: Sequence[Example]
    as_asked: Sequence[int]
    counts: Counts
    hits: Sequence[Sequence[Hit]]
    vectors: Any  # shape (rows, 1024), or (rows, 0) without sentence vectors

    @classmethod
    def of(
        cls, examples: Sequence[Example], *, asked: bool = True, two_cores: bool = False
    ) -> _Lesson:
        """Read the letters; those within a frame only where the letters are `asked` about too."""
        texts = [matter_of(one.text) for one in examples]
        as_asked = list(range(len(texts)))
        for n, one in enumerate(examples if asked else ()):
            if is_asked_framed(one) and (text := matter_of(framed(one))) != texts[n]:
                as_asked[n] = len(texts)
                texts.append(text)
        with computed_vectors(texts, beside=two_cores) as vectors:
            hits = [find_hits(text) for text in texts]
            counts = Counts.of(
                [
                    count_features(features_by_word(text), text, found)
                    for text, found in zip(texts, hits, strict=True)
                ]
            )
            return cls(examples, as_asked, counts, hits, vectors())

    def question(self, field: str) -> Question:
        """Return the question with every letter's answer; a letter may have none to it."""
        answers = [str(getattr(one, field)) for one in self.examples]
        return Question(
            answers,
            tuple(sorted(set(answers) - {""})),
            [_weight(one, field) for one in self.examples],
            [one.acceptable for one in self.examples] if field == "department" else None,
        )


@dataclass(frozen=True)
class _HeldBack:
    """One question answered letter by letter by models that have not seen the letter."""

    labels: tuple[str, ...]
    chances: Any
    calibration: Calibration


def _trained(
    examples: Sequence[Example],
    calibrations: Mapping[str, Calibration] | None,
    *,
    two_cores: bool,
) -> Model:
    lesson = _Lesson.of(examples, asked=calibrations is None, two_cores=two_cores)
    if calibrations is None:
        calibrations = {field: one.calibration for field, one in _held_back(lesson).items()}
    everybody = range(len(examples))
    vocabulary = lesson.counts.vocabulary(everybody)
    space = Space.of(vocabulary.rows(everybody), lesson.vectors[: len(examples)])
    with ThreadPoolExecutor(len(FIELDS) if two_cores else 1) as threads:
        fits = threads.map(lambda field: _fitted(space, lesson.question(field)), FIELDS)
        heads = {
            field: _head(fitted, calibrations[field])
            for field, fitted in zip(FIELDS, fits, strict=True)
        }
    figures = {field: calibrations[field].figures for field in FIELDS}
    return Model(
        fingerprint(examples), vocabulary.places(), vocabulary.idf, heads, code_version(), figures
    )


def _fitted(space: Space, question: Question) -> Fitted:
    return space.fit(question.answers, question.weights, question.further)


def _head(fitted: Fitted, one: Calibration) -> Head:
    return Head(
        fitted.labels, fitted.weights, _leaning(fitted, one.temperature),
        one.temperature, one.rule_weight, one.threshold, fitted.vector_weights,
    )  # fmt: skip


def _held_back(lesson: _Lesson) -> dict[str, _HeldBack]:
    questions = [lesson.question(field) for field in FIELDS]
    folds = make_folds(lesson.examples, lesson.counts, lesson.vectors, as_asked=lesson.as_asked)
    scores = held_back_scores(questions, folds)
    return {
        field: _answered(lesson, field, question, table)
        for field, question, table in zip(FIELDS, questions, scores, strict=True)
    }


def _answered(lesson: _Lesson, field: str, question: Question, scores: Any) -> _HeldBack:
    answers, labels = question.answers, tuple(question.labels)
    hits = [lesson.hits[row] for row in lesson.as_asked]
    votes = np.array([rule_votes(found, field=field, labels=labels) for found in hits])
    letters = [n for n, one in enumerate(lesson.examples) if not one.phrase]
    known = np.array([n for n in letters if answers[n]])
    right = np.array([labels.index(answer) if answer else -1 for answer in answers])
    in_post = np.array(
        [weight_in_post(one) if field in WEIGHED else kind_weight(one) for one in lesson.examples]
    )
    leaning = np.array(leanings(labels))
    setting = calibrated(
        scores[known], votes[known], right[known], leaning=leaning, weights=in_post[known]
    )
    chances = chances_of(
        scores, votes, temperature=setting[0], rule_weight=setting[1], leaning=leaning
    )
    accepted = accepted_answers(chances, right, lesson.examples, labels, field=field)
    judged = _judged(lesson.examples, known)
    threshold = sure_from(
        chances[judged], accepted[judged], wanted=WANTED[field], weights=in_post[judged]
    )
    bundled = [n for n in known if not lesson.examples[n].office]
    figures = figures_of(chances[bundled], accepted[bundled], threshold=threshold)
    return _HeldBack(labels, chances, Calibration(*setting, threshold, figures))


def _weight(letter: Example, field: str) -> float:
    """Return how much a letter counts when it is learnt from."""
    weight = OFFICE_WEIGHT if letter.office else PHRASE_WEIGHT if letter.phrase else 1.0
    return weight * (kind_weight(letter) if field == "kind" else 1.0)


def _leaning(fitted: Fitted, temperature: float) -> Any:
    """Return the intercept that gives each answer its leaning, once divided by the temperature."""
    leaning = np.array(leanings(fitted.labels))
    return (fitted.intercept + temperature * leaning).astype(np.float32)


def accepted_answers(
    chances: Any,
    right: Any,
    examples: Sequence[Example],
    labels: Sequence[str],
    *,
    field: str,
) -> Any:
    """Return `right`, a number a letter, but the likeliest answer where a clerk would accept it.

    `chances` has the shape (letters, labels).
    """
    accepted = np.array(right)
    if field == "department":
        for n, best in enumerate(chances.argmax(axis=1)):
            if labels[best] in examples[n].acceptable:
                accepted[n] = best
    return accepted


def _judged(examples: Sequence[Example], known: Any) -> Any:
    """Return the letters that set the threshold: those of known authors, if there are enough.

    For the others a letter of the same author may be in the training set, which flatters.
    """
    named = np.array([n for n in known if examples[n].author], dtype=int)
    return named if len(named) >= KNOWN_HANDS else known
