"""Calibrated confidence: of words at 0.9, about nine in ten are right.

Each reader scores in its own way: Tesseract's 0.92 is right 98 times of 100 in Arabic, its 0.3
every second time, and its 0.3 in French every fourth. A monotone curve for each reader and
language, fitted by `python -m tools.calibration_fit` on pages with known text, maps the raw score
to the share of words with that score that are right. Only what is shown and stored is calibrated;
thresholds inside the reading are in raw scores.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np

TABLE = Path(__file__).with_name("models") / "confidence.json"


class Calibrate(Protocol):
    """A function mapping a word's raw confidence to a calibrated one."""

    def __call__(self, figure: float, *, engine: str, language: str) -> float:
        """Return the calibrated confidence; both are 0..1."""


Curve = tuple[tuple[float, ...], tuple[float, ...]]  # rising raw scores, calibrated values


def calibrated(figure: float, *, engine: str, language: str) -> float:
    """Return the probability that a word read at the raw confidence `figure` is right.

    The word was read by `engine` (`SeenWord.by`) on a page in `language`; both confidences are
    0..1. Without a curve for them, return the raw confidence.
    """
    curve = curves().get(f"{engine}/{language}")
    if curve is None:
        return figure
    return float(np.interp(figure, *curve))


@cache
def curves() -> dict[str, Curve]:
    """Return the fitted curves by "engine/language"."""
    return {
        name: (tuple(knots["raw"]), tuple(knots["right"]))
        for name, knots in json.loads(TABLE.read_text()).items()
    }


def expected_error(confidences: Sequence[float], right: Sequence[bool], *, bins: int = 10) -> float:
    """Return the expected calibration error, 0..1 (Guo et al. 2017).

    How far, in the mean over the words, a bin's mean confidence is from its share of right words.
    Raise ValueError without a word.
    """
    if not confidences:
        raise ValueError("no words")
    return sum(
        count * abs(mean - share) for count, mean, share in reliability(confidences, right, bins)
    ) / len(confidences)


def reliability(
    confidences: Sequence[float], right: Sequence[bool], bins: int = 10
) -> list[tuple[int, float, float]]:
    """Return number of words, mean confidence and share right of each nonempty equal-width bin."""
    values, truth = np.asarray(confidences, dtype=float), np.asarray(right, dtype=float)
    places = np.minimum((values * bins).astype(int), bins - 1)
    return [
        (int(inside.sum()), float(values[inside].mean()), float(truth[inside].mean()))
        for inside in (places == place for place in range(bins))
        if inside.any()
    ]
