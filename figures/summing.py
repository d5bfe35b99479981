"""Figures of some months for a person: in all, by month, department, kind and channel.

Only rows that were counted ahead are read, some four hundred for a year, however many letters.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Min, Q

from figures.counted_rows import Row, read_rows
from figures.counting import NUMBERS, OUTCOMES, SPREADS
from figures.models import CountedMonth, MonthFigures
from figures.scope import Scope, figures_scope
from org.models import User
from routing.closing.outcomes import COMPLAINT

POSITIVE: Final = ("favourable", "partly")  # outcomes


@dataclass(slots=True)
class Figures:
    """Numbers of letters and how they are spread over days and hours (see MonthFigures).

    A spread is made of its texts when it is first asked for: most are not.
    """

    numbers: Counter[str] = field(default_factory=Counter)
    _spreads: dict[str, Counter[int]] = field(default_factory=dict)
    _texts: dict[str, list[str]] = field(default_factory=dict)

    def __getattr__(self, name: str) -> int:
        """Return one of NUMBERS as an attribute, for templates."""
        if name in NUMBERS:
            return int(self.numbers[name])
        raise AttributeError(name)

    def add(self, row: Row) -> None:
        """Add a counted row."""
        for name, letters in zip(NUMBERS, row.numbers, strict=True):
            if letters:
                self.numbers[name] += letters
        for name, text in zip(SPREADS, row.spreads, strict=True):
            if text != "[]":
                self._texts.setdefault(name, []).append(text)

    @property
    def delays(self) -> Counter[int]:
        """How many were treated within so many days."""
        return self._spread("delays")

    @property
    def arrivals(self) -> Counter[int]:
        """How many came in which hour of the week."""
        return self._spread("arrivals")

    @property
    def weeks(self) -> Counter[int]:
        """How many came in which week."""
        return self._spread("weeks")

    @property
    def first_acts(self) -> Counter[int]:
        """How many had their first decision within so many days."""
        return self._spread("first_acts")

    def _spread(self, name: str) -> Counter[int]:
        found = self._spreads.setdefault(name, Counter())
        if texts := self._texts.pop(name, None):
            for pairs in json.loads(f"[{','.join(texts)}]"):
                for place, letters in pairs:
                    found[place] += letters
        return found

    @property
    def median(self) -> int | None:
        """The days within which half of those treated were."""
        return self.within(0.5)

    @property
    def ninetieth(self) -> int | None:
        """The days within which nine of ten of those treated were."""
        return self.within(0.9)

    @property
    def first_act(self) -> int | None:
        """The days within which half had their first decision by a department."""
        return quantile(self.first_acts, 0.5)

    def within(self, share: float) -> int | None:
        """Return the least whole days in which that share was treated; None where nothing was."""
        return quantile(self.delays, share)

    @property
    def mean(self) -> float | None:
        """The mean delay in days."""
        total = self.delays.total()
        return sum(days * n for days, n in self.delays.items()) / total if total else None

    @property
    def percent_in_term(self) -> int | None:
        """The percentage treated by the due day, of those treated that had one."""
        known = self.numbers["with_term"]
        return round(100 * self.numbers["in_term"] / known) if known else None

    @property
    def positive(self) -> int:
        """The number treated that were decided in favour of the sender, or partly."""
        return sum(self.numbers[name] for name in POSITIVE)

    @property
    def unrecorded(self) -> int:
        """The number treated for which no outcome is recorded."""
        return max(int(self.numbers["treated"]) - self._recorded, 0)

    @property
    def percent_positive(self) -> int | None:
        """The percentage of positive outcomes, of those treated with a recorded outcome."""
        return round(100 * self.positive / self._recorded) if self._recorded else None

    @property
    def _recorded(self) -> int:
        return sum(self.numbers[name] for name in OUTCOMES)

    def plain(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        mean = self.mean
        return {name: int(self.numbers[name]) for name in NUMBERS} | {
            "median_days": self.median,
            "ninetieth_percentile_days": self.ninetieth,
            "first_act_median_days": self.first_act,
            "mean_days": None if mean is None else round(mean, 1),
            "percent_in_term": self.percent_in_term,
            "positive": self.positive,
            "percent_positive": self.percent_positive,
            "outcome_not_recorded": self.unrecorded,
        }


def quantile(spread: Counter[int], share: float) -> int | None:
    """Return the least value that this share (0..1) of the counted ones does not exceed.

    `spread` maps a value to its count. None where nothing was counted.
    """
    wanted, reached = share * spread.total(), 0
    for value in sorted(spread):
        reached += spread[value]
        if reached >= wanted:
            return value
    return None


@dataclass(frozen=True, slots=True)
class FiguresFilter:
    """First days of the first and last month; codes of department, kind, channel ("" for all)."""

    since: date
    until: date
    department: str = ""
    kind: str = ""
    channel: str = ""

    @property
    def months(self) -> int:
        """How many months these are."""
        return (self.until.year - self.since.year) * 12 + self.until.month - self.since.month + 1

    def back(self, months: int) -> FiguresFilter | None:
        """Return the same so many months before; None before the first year there is."""
        since, until = months_before(self.since, months), months_before(self.until, months)
        if since is None or until is None:
            return None
        return replace(self, since=since, until=until)


def months_before(month: date, count: int) -> date | None:
    """Return the first day of the month so many months before one; None before the year 1."""
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1) if number >= 12 else None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Figures in all, and by first day of month, and by code ("-" for none).

    `counted_at`: how old the oldest of them are; None where a month was not counted yet.
    """

    total: Figures
    months: dict[date, Figures]
    departments: dict[str, Figures]
    kinds: dict[str, Figures]
    channels: dict[str, Figures]
    complaints: Figures
    counted_at: datetime | None


def figures_of(viewer: User, asked: FiguresFilter) -> Breakdown:
    """Return the figures that this person may see; zeros where there is no such right."""
    return breakdown_of(figures_scope(viewer), asked)


def breakdown_of(scope: Scope, asked: FiguresFilter) -> Breakdown:
    """Return the requested figures, of the departments that the scope holds."""
    rows = list(_rows(scope, asked))
    chosen = _chosen(scope, asked.department)
    kind, channel = asked.kind, asked.channel

    def some(fits: Callable[[Row], bool]) -> list[Row]:
        return [row for row in rows if fits(row)]

    whole = some(lambda r: (r.department in chosen, r.kind, r.channel) == (True, kind, channel))
    units = some(lambda r: r.department != "" and (r.kind, r.channel) == (kind, channel))
    kinds = some(lambda r: r.department in chosen and r.kind != "" and r.channel == channel)
    channels = some(lambda r: r.department in chosen and r.channel != "" and r.kind == kind)
    complaints = [row for row in kinds if row.kind.startswith(COMPLAINT)]
    return Breakdown(
        total=_sum(whole),
        months=_by(whole, "month"),
        departments=_by(units, "department"),
        kinds=_by(kinds, "kind"),
        channels=_by(channels, "channel"),
        complaints=_sum(complaints),
        counted_at=_counted_at(asked),
    )


def total_of(scope: Scope, asked: FiguresFilter | None) -> Figures | None:
    """Return the figures in all; None where no month of the time was counted with letters."""
    if asked is None:
        return None
    rows = MonthFigures.objects.filter(
        department__in=_chosen(scope, asked.department),
        kind=asked.kind,
        channel=asked.channel,
        month__gte=asked.since,
        month__lte=asked.until,
    )
    found = list(read_rows(rows))
    return _sum(found) if found else None


def _chosen(scope: Scope, department: str) -> list[str]:
    """Return whose rows make up the whole: that of all departments, or those of some."""
    return [""] if scope.everything and not department else scope.codes(department)


def _rows(scope: Scope, asked: FiguresFilter) -> Iterator[Row]:
    chosen = Q(department__in=_chosen(scope, asked.department))
    units = ~Q(department="")
    if asked.department or not scope.everything:
        units = Q(department__in=scope.codes(asked.department))
    one_kind, one_channel = Q(kind=asked.kind), Q(channel=asked.channel)
    each_kind = Q(kind=asked.kind) if asked.kind else ~Q(kind="")
    each_channel = Q(channel=asked.channel) if asked.channel else ~Q(channel="")
    rows = MonthFigures.objects.filter(
        chosen & one_kind & one_channel
        | units & one_kind & one_channel
        | chosen & each_kind & one_channel
        | chosen & one_kind & each_channel,
        month__gte=asked.since,
        month__lte=asked.until,
    )
    return read_rows(rows.order_by("month"))


def _sum(rows: Iterable[Row]) -> Figures:
    figures = Figures()
    for row in rows:
        figures.add(row)
    return figures


def _by(rows: Iterable[Row], name: str) -> dict[Any, Figures]:
    found: dict[Any, Figures] = {}
    for row in rows:
        found.setdefault(getattr(row, name), Figures()).add(row)
    return found


def _counted_at(asked: FiguresFilter) -> datetime | None:
    rows = CountedMonth.objects.filter(month__gte=asked.since, month__lte=asked.until)
    oldest: datetime | None = rows.aggregate(at=Min("counted_at"))["at"]
    return oldest
