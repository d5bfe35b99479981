"""How good is the understanding? ``python -m routing.evaluate [LETTERS.jsonl]`` prints a table.

Cross-validation over the starting set, split by author; and, where a file is given, letters that
the model has not learnt from. The rules were written by people who knew the starting set, so the
first figures flatter; letters written afterwards tell more.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from routing.classification import FIELDS, Example, Model
from routing.starting_set import read_letters, starting_set
from routing.training import cross_validated, train


def main(arguments: Sequence[str]) -> None:
    """Print the table for the starting set and for each file named."""
    examples = starting_set()
    started = time.perf_counter()
    model = train(examples)
    print(f"{len(examples)} letters, trained in {time.perf_counter() - started:.1f} s\n")
    print(
        f"{'letters':<24}{'question':<12}{'right':>7}{'sure':>7}{'right when sure':>17}{'ECE':>7}"
    )
    held_back = cross_validated(examples)
    for field, (labels, chances) in held_back.items():
        right = [labels.index(str(getattr(one, field))) for one in examples]
        _row("cross-validation", field, chances, right, model)
    for name in arguments:
        letters = read_letters(Path(name))
        for field in FIELDS:
            labels = model.heads[field].labels
            right = [labels.index(str(getattr(one, field))) for one in letters]
            _row(Path(name).stem, field, _asked(model, letters, field), right, model)
    _by_department(examples, *held_back["department"])


def _asked(model: Model, letters: Sequence[Example], field: str) -> Any:
    labels = model.heads[field].labels
    rows = []
    for one in letters:
        scores = {scored.value: scored.score for scored in model.predict(one.text, field=field)}
        rows.append([scores[label] for label in labels])
    return np.array(rows)


def _row(name: str, field: str, chances: Any, right: Sequence[int], model: Model) -> None:
    correct = chances.argmax(axis=1) == np.array(right)
    sure = chances.max(axis=1) >= model.heads[field].threshold
    among = f"{correct[sure].mean():.1%}" if sure.any() else "-"
    error = calibration_error(chances, right)
    print(f"{name:<24}{field:<12}{correct.mean():>7.1%}{sure.mean():>7.1%}{among:>17}{error:>7.3f}")


def calibration_error(chances: Any, right: Sequence[int], bins: int = 10) -> float:
    """Expected calibration error: by how much scores miss the share of right answers, 0..1.

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


def _by_department(examples: Sequence[Example], labels: tuple[str, ...], chances: Any) -> None:
    print("\ndepartment   letters   right   most often taken for (cross-validation)")
    best = [labels[place] for place in chances.argmax(axis=1)]
    for label in labels:
        mine = [given for one, given in zip(examples, best, strict=True) if one.department == label]
        others = Counter(given for given in mine if given != label).most_common(2)
        wrong = ", ".join(f"{other} {number}" for other, number in others)
        print(f"{label:<13}{len(mine):>7}{mine.count(label) / len(mine):>8.0%}   {wrong}")


if __name__ == "__main__":
    main(sys.argv[1:])
