"""Confidence that means something: of words at 0.9, about nine in ten are right.

Each reader counts in its own way: Tesseract's 0.92 is right 98 times of 100 in Arabic, its 0.3
every second time, and its 0.3 in French every fourth. A monotone curve for each reader and
language, fitted by `python -m tools.calibration_fit` on pages with known text, turns the raw figure
into the share of words of that figure that are right. Only what is shown and kept is turned;
thresholds inside the reading are in raw figures.
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
    """What turns a word's raw confidence into one that means something."""

    def __call__(self, figure: float, *, engine: str, language: str) -> float:
        """Both 0..1."""


Curve = tuple[tuple[float, ...], tuple[float, ...]]  # raw figures, rising, and what they mean


def calibrated(figure: float, *, engine: str, language: str) -> float:
    """How likely a word is right that `engine` (`SeenWord.by`) read at the raw confidence
    `figure` on a page in `language`; both 0..1. Without a curve for them the raw figure.
    """
    curve = curves().get(f"{engine}/{language}")
    if curve is None:
        return figure
    return float(np.interp(figure, *curve))


@cache
def curves() -> dict[str, Curve]:
    """The fitted curves by "engine/language"."""
    return {
        name: (tuple(knots["raw"]), tuple(knots["right"]))
        for name, knots in json.loads(TABLE.read_text()).items()
    }


def expected_error(confidences: Sequence[float], right: Sequence[bool], *, bins: int = 10) -> float:
    """The expected calibration error: how far, in the mean over the words, a bin's mean confidence
    is from its share of right words (Guo et al. 2017), 0..1. ValueError without a word.
    """
    if not confidences:
        raise ValueError("no words")
    return sum(
        count * abs(mean - share) for count, mean, share in reliability(confidences, right, bins)
    ) / len(confidences)


def reliability(
    confidences: Sequence[float], right: Sequence[bool], bins: int = 10
) -> list[tuple[int, float, float]]:
    """For each bin of equal width that holds words: their number, mean confidence, share right."""
    values, truth = np.asarray(confidences, dtype=float), np.asarray(right, dtype=float)
    places = np.minimum((values * bins).astype(int), bins - 1)
    return [
        (int(inside.sum()), float(values[inside].mean()), float(truth[inside].mean()))
        for inside in (places == place for place in range(bins))
        if inside.any()
    ]
