"""A report of figures beside the period before, the year before, and the targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from figures.headline import Earlier, Headline, headlines
from figures.picture import Picture
from figures.pictures import pictures
from figures.scope import Scope
from figures.summing import Breakdown, FiguresFilter, breakdown_of, total_of
from figures.targets import Targets, targets
from figures.wording import sentences

YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Compared:
    """A report beside those of the period before and of a year ago, and the targets."""

    scope: Scope
    asked: FiguresFilter
    report: Breakdown
    back: FiguresFilter | None
    before: Breakdown | None
    earlier: Earlier
    goals: Targets

    @classmethod
    def of(cls, scope: Scope, asked: FiguresFilter) -> Compared:
        """Return all of them; None for what has no counted month."""
        back = asked.back(asked.months)
        before = breakdown_of(scope, back) if back else None
        before = before if before and before.months else None
        year_ago = total_of(scope, asked.back(YEAR)) if asked.months != YEAR else None
        earlier = Earlier(before.total if before else None, year_ago)
        return cls(scope, asked, breakdown_of(scope, asked), back, before, earlier, targets())

    def sentences(self) -> list[str]:
        """Return the figures in sentences."""
        total, today = self.report.total, timezone.localdate()
        return sentences(total, self.earlier.before, self.asked, self.goals, today)

    def pictures(self) -> list[Picture]:
        """Return the charts."""
        return pictures(self.report, self.before, self.scope, self.asked, self.goals)

    def headlines(self) -> list[Headline]:
        """Return the figures in large."""
        return headlines(self.report.total, self.earlier, self.asked, self.goals)
