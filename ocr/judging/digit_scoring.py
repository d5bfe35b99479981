"""Accuracy of a reading's digits, apart from its letters: runs found, runs true, digits."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from ocr.judging.scoring import distance, normal

_RUN = re.compile(r"\d+(?:[.,/:-]\d+)*")


@dataclass(frozen=True, slots=True)
class DigitScore:
    """Counts of digits and runs; scores of pages add up by `+`.

    `runs` of the truth, `read` runs of the reading, `shared` by both; `digits` of the truth and
    `wrong` ones (wrong, missing and added, Levenshtein).
    """

    runs: int = 0
    read: int = 0
    shared: int = 0
    digits: int = 0
    wrong: int = 0

    def __add__(self, other: DigitScore) -> DigitScore:
        return DigitScore(
            self.runs + other.runs,
            self.read + other.read,
            self.shared + other.shared,
            self.digits + other.digits,
            self.wrong + other.wrong,
        )

    @property
    def recall(self) -> float:
        """The share of the true runs read exactly; 1.0 where there are none."""
        return self.shared / self.runs if self.runs else 1.0

    @property
    def precision(self) -> float:
        """The share of the read runs that are true; 1.0 where there are none."""
        return self.shared / self.read if self.read else 1.0

    @property
    def accuracy(self) -> float:
        """Digits right of those on the page, never below 0; 1.0 where there are none."""
        return max(0.0, 1 - self.wrong / self.digits) if self.digits else 1.0


def digit_runs(text: str) -> list[str]:
    """Return the numbers of a text: digits with single `. , / : -` between them.

    In `scoring.normal`'s form with the Arabic separators as Latin ones. A space ends a run: "12
    345" is two.
    """
    plain = normal(text).translate(str.maketrans("٫٬،", ",.,"))
    return _RUN.findall(plain)


def digit_accuracy(truth: str, read: str) -> DigitScore:
    """Compare the digits of a reading with the true text.

    Runs are compared as a multiset, so that the order of blocks doesn't count while the order
    inside a date does; single digits by the edit distance between all runs in reading order.
    """
    true, seen = digit_runs(truth), digit_runs(read)
    shared = sum((Counter(true) & Counter(seen)).values())
    true_digits, seen_digits = (re.sub(r"\D", "", "".join(runs)) for runs in (true, seen))
    wrong = distance(true_digits, seen_digits)
    return DigitScore(len(true), len(seen), shared, len(true_digits), wrong)
