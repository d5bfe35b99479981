"""Accuracy of a model on held-back letters, and which of two models is not worse."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

RIGHT: Final = {"kind": 0.9, "department": 0.985}  # wanted among the answers called sure: a
# department called sure may be given the letter without a person
LEAST_COVER: Final = 0.75  # of the sure answers of the other model, a new one must reach so many


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts: of `letters` answers so many right, so many called sure, so many of these right."""

    letters: int = 0
    right: int = 0
    sure: int = 0
    sure_right: int = 0

    @property
    def share_right(self) -> float:
        """The share right of all letters, 0..1; 1.0 where there were none."""
        return self.right / self.letters if self.letters else 1.0

    @property
    def share_sure(self) -> float:
        """The share called sure of all letters, 0..1."""
        return self.sure / self.letters if self.letters else 0.0

    @property
    def precision(self) -> float:
        """The share right of the answers called sure, 0..1; 1.0 where none was."""
        return self.sure_right / self.sure if self.sure else 1.0

    def plain(self) -> dict[str, int]:
        """Return the figures as JSON stores them; `Figures(**plain)` reads it."""
        return asdict(self)


Report = Mapping[str, Figures]  # by question: "kind", "department"


def figures_of(chances: Any, right: Any, *, threshold: float) -> Figures:
    """Count over `chances` of shape (letters, answers); `right` is each letter's right answer."""
    if not len(right):
        return Figures()
    is_right = chances.argmax(axis=1) == right
    is_sure = chances.max(axis=1) >= threshold
    return Figures(
        len(right), int(is_right.sum()), int(is_sure.sum()), int((is_right & is_sure).sum())
    )


def why_worse(
    new: Report, *, old: Report, office_new: Report, office_old: Report
) -> tuple[str, str] | None:
    """Return why `new` must not replace the old model: (reason, question); None where it may.

    On the starting set (`new`, `old`; the old ones are the first model's, so that small losses do
    not add up over the years) a share may be smaller by one standard error. On the office's own
    letters (`office_…`) no answer fewer may be right. Where the wanted precision is missed, that
    of the sure answers must not be smaller. Three quarters as many answers must be sure.
    """
    for question in old:
        a, b = new[question], old[question]
        if a.share_right < b.share_right - _error(b.share_right, a.letters):
            return "fewer_right", question
        wanted = min(RIGHT[question], b.precision)
        if a.precision < wanted - _error(wanted, a.sure):
            return "less_sure_right", question
        if a.share_sure < LEAST_COVER * b.share_sure:
            return "fewer_sure", question
        a, b = office_new[question], office_old[question]
        if a.right < b.right:
            return "fewer_right_here", question
        if a.precision < min(RIGHT[question], b.precision):
            return "less_sure_right_here", question
    return None


def _error(share: float, number: int) -> float:
    """Return the standard error of a share measured on so many."""
    return math.sqrt(share * (1 - share) / number) if number else 0.0
