"""Evaluation of the understanding: kinds and departments of letters held back from training.

``python -m understanding.learning.evaluate [LETTERS.jsonl]`` prints a table: cross-validation over
the starting set, split by author, and a row for each file named. Words of the lexicon were written
by people who knew the starting set, so its figures are optimistic; letters written without sight
of it tell more.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from understanding.learning.classification import FIELDS, Model
from understanding.learning.training import accepted_answers, cross_validated, train
from understanding.starting_set import learning_set, read_letters
from understanding.starting_set.examples import Example

_TOP: Final = 3


@dataclass(frozen=True, slots=True)
class Row:
    """How one question was answered for one set of letters; shares 0..1.

    `acceptable` also counts departments that a clerk would accept; `sure` the share of letters
    whose answer reaches the threshold of automatic routing, `right_when_sure` among those (None
    where there is none); `calibration` see `calibration_error`.
    """

    letters: str
    question: str
    count: int
    right: float
    acceptable: float
    among_three: float
    sure: float
    right_when_sure: float | None
    acceptable_when_sure: float | None
    calibration: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


HEADINGS: Final = (
    f"{'letters':<34}{'question':<12}{'count':>6}{'top-1':>8}{'accept.':>9}{'top-3':>8}"
    f"{'sure':>8}{'right when sure':>17}{'accept.':>9}{'ECE':>7}"
)


def line_of(row: Row) -> str:
    """Return the row under `HEADINGS`."""
    among = "-" if row.right_when_sure is None else f"{row.right_when_sure:.1%}"
    accepted = "-" if row.acceptable_when_sure is None else f"{row.acceptable_when_sure:.1%}"
    return (
        f"{row.letters:<34}{row.question:<12}{row.count:>6}{row.right:>8.1%}{row.acceptable:>9.1%}"
        f"{row.among_three:>8.1%}{row.sure:>8.1%}{among:>17}{accepted:>9}{row.calibration:>7.3f}"
    )


def asked(model: Model, letters: Sequence[Example], name: str) -> list[Row]:
    """Return the model's answers to both questions about each of `letters`.

    Letters whose right answer the model does not know, such as another office's department or a
    kind of other words, are left out of that question.
    """
    rows = []
    for field in FIELDS:
        head = model.heads[field]
        known = [one for one in letters if getattr(one, field) in head.labels]
        if known:
            chances = _chances(model, known, field)
            rows.append(row_of(name, field, known, head.labels, chances, head.threshold))
    return rows


def cross_validation(model: Model, examples: Sequence[Example]) -> tuple[list[Row], list[str]]:
    """Return the rows of the starting set, every letter held back, and those of its departments.

    The second are lines of a table: right answers and commonest mistakes by department.
    """
    held_back = cross_validated(examples)
    examples = [one for one in examples if not one.phrase]
    rows = [
        row_of("cross-validation", field, examples, labels, chances, model.heads[field].threshold)
        for field, (labels, chances) in held_back.items()
    ]
    return rows, _by_department(examples, *held_back["department"])


def _chances(model: Model, letters: Sequence[Example], field: str) -> Any:
    labels = model.heads[field].labels
    rows = []
    for one in letters:
        scores = {scored.value: scored.score for scored in model.predict(one.text, field=field)}
        rows.append([scores[label] for label in labels])
    return np.array(rows)


def row_of(
    name: str,
    field: str,
    letters: Sequence[Example],
    labels: Sequence[str],
    chances: Any,
    threshold: float,
) -> Row:
    """Judge `chances` of shape (letters, labels); `threshold` is the least of a sure answer."""
    right = [labels.index(str(getattr(one, field))) for one in letters]
    best = chances.argmax(axis=1)
    correct = best == np.array(right)
    accepted = best == accepted_answers(chances, right, letters, labels, field=field)
    first = np.argsort(-chances, axis=1)[:, :_TOP]
    sure = chances.max(axis=1) >= threshold
    return Row(
        letters=name,
        question=field,
        count=len(letters),
        right=float(correct.mean()),
        acceptable=float(accepted.mean()),
        among_three=float((first == np.array(right)[:, None]).any(axis=1).mean()),
        sure=float(sure.mean()),
        right_when_sure=float(correct[sure].mean()) if sure.any() else None,
        acceptable_when_sure=float(accepted[sure].mean()) if sure.any() else None,
        calibration=calibration_error(chances, right),
    )


def calibration_error(chances: Any, right: Sequence[int], bins: int = 10) -> float:
    """Return the expected calibration error, 0..1: how far scores are from the share right.

    `chances` has the shape (letters, answers); bins of equal width, weighted by their letters.
    """
    best = chances.max(axis=1)
    correct = chances.argmax(axis=1) == np.array(right)
    place = np.minimum((best * bins).astype(int), bins - 1)
    gaps = [
        (place == n).sum() * abs(correct[place == n].mean() - best[place == n].mean())
        for n in np.unique(place)
    ]
    return float(sum(gaps) / len(best))


def _by_department(examples: Sequence[Example], labels: tuple[str, ...], chances: Any) -> list[str]:
    lines = ["department   letters   right   most often taken for (cross-validation)"]
    best = [labels[place] for place in chances.argmax(axis=1)]
    for label in labels:
        mine = [given for one, given in zip(examples, best, strict=True) if one.department == label]
        others = Counter(given for given in mine if given != label).most_common(2)
        wrong = ", ".join(f"{other} {number}" for other, number in others)
        lines.append(f"{label:<13}{len(mine):>7}{mine.count(label) / len(mine):>8.0%}   {wrong}")
    return lines


def main(arguments: Sequence[str]) -> None:
    """Print the table for the starting set and for each file named."""
    examples = learning_set()
    model = train(examples)
    rows, departments = cross_validation(model, examples)
    for name in arguments:
        path = Path(name)
        rows += asked(model, read_letters(path), path.stem)
    print("\n".join([HEADINGS, *map(line_of, rows), "", *departments]))


if __name__ == "__main__":
    main(sys.argv[1:])
