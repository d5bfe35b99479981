"""Figures of the centre over some days, in a constant number of queries; complaints beside."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from eservices.relations.models import CallbackTask, CallbackTry, ContactMoment
from figures.scope import Scope
from figures.summing import Figures, FiguresFilter, breakdown_of, quantile
from org.days import days_before, midnight, midnight_after
from routing.models.closing import Reopening, Satisfaction

MOST_DAYS: Final = 366
SOLVED_WITHIN: Final = timedelta(days=7)  # without another call: solved at the first contact
_PLEASED: Final = 4  # of five
Result = ContactMoment.Result


@dataclass(slots=True)
class CentreFigures:
    """What the centre did from a day to a day, both included; times in seconds."""

    since: date
    until: date
    days: dict[date, tuple[int, int]] = field(default_factory=dict)
    channels: Counter[str] = field(default_factory=Counter)
    results: Counter[str] = field(default_factory=Counter)
    incoming: int = 0
    outgoing: int = 0
    solved: int = 0
    waited: Counter[int] = field(default_factory=Counter)
    talk: float | None = None
    promised: int = 0
    kept: int = 0
    scores: Counter[int] = field(default_factory=Counter)
    reopened: int = 0
    complaints: Figures = field(default_factory=Figures)

    @property
    def calls(self) -> int:
        """All contacts, in and out."""
        return self.incoming + self.outgoing

    @property
    def median_wait(self) -> int | None:
        """The seconds within which half of the callers were answered."""
        return quantile(self.waited, 0.5)

    @property
    def ninetieth_wait(self) -> int | None:
        """The seconds within which nine of ten callers were answered."""
        return quantile(self.waited, 0.9)

    @property
    def rated(self) -> int:
        """How many answers were rated."""
        return self.scores.total()

    @property
    def pleased(self) -> int:
        """How many rated four or five of five."""
        return sum(count for score, count in self.scores.items() if score >= _PLEASED)


def period_of(since: date | None, until: date | None) -> tuple[date, date]:
    """Return the chosen days, in order and bounded; else the last thirty."""
    until = until or timezone.localdate()
    since = since or days_before(until, 29)
    since, until = min(since, until), max(since, until)
    return max(since, days_before(until, MOST_DAYS - 1)), until


def centre_figures(*, since: date, until: date) -> CentreFigures:
    """Count the centre's figures of these days."""
    found = CentreFigures(since, until)
    first, last = midnight(since), midnight_after(until)
    rows = ContactMoment.objects.filter(at__gte=first, at__lt=last)
    _count_contacts(found, rows)
    _count_callbacks(found, first, last)
    _count_opinions(found, first, last)
    found.complaints = _complaints(since, until)
    return found


def _count_contacts(found: CentreFigures, rows: QuerySet[ContactMoment]) -> None:
    counted = rows.order_by().annotate(day=TruncDate("at"))
    groups = counted.values_list("day", "channel", "result", "incoming").annotate(n=Count("pk"))
    for day, channel, result, incoming, n in groups:
        came, went = found.days.get(day, (0, 0))
        found.days[day] = (came + n, went) if incoming else (came, went + n)
        found.channels[channel] += n
        found.results[result] += n
        found.incoming += n if incoming else 0
        found.outgoing += 0 if incoming else n
    again = ContactMoment.objects.filter(
        phone_key=OuterRef("phone_key"), incoming=True, at__gt=OuterRef("at"),
        at__lte=OuterRef("at") + SOLVED_WITHIN,
    )  # fmt: skip
    answered = rows.filter(incoming=True, result=Result.ANSWERED)
    found.solved = answered.filter(Q(phone_key="") | ~Exists(again)).count()
    waits = rows.filter(incoming=True).exclude(waited=None).order_by()
    found.waited = Counter(dict(waits.values_list("waited").annotate(n=Count("pk"))))
    found.talk = rows.exclude(seconds=None).aggregate(mean=Avg("seconds"))["mean"]


def _count_callbacks(found: CentreFigures, first: datetime, last: datetime) -> None:
    """Count what was promised for these days and is due, and where a try came in time."""
    due = min(last, timezone.now())
    rows = CallbackTask.objects.filter(promised_at__gte=first, promised_at__lt=due)
    tries = CallbackTry.objects.filter(task=OuterRef("pk"), at__lte=OuterRef("promised_at"))
    early = CallbackTask.objects.filter(
        promised_at__gte=due, promised_at__lt=last, tries__at__lte=F("promised_at")
    )
    ahead = early.distinct().count()
    found.promised = rows.count() + ahead
    found.kept = rows.filter(Exists(tries)).count() + ahead


def _count_opinions(found: CentreFigures, first: datetime, last: datetime) -> None:
    rated = Satisfaction.objects.filter(
        given_at__gte=first, given_at__lt=last, letter__request__isnull=False
    )
    found.scores = Counter(dict(rated.order_by().values_list("score").annotate(n=Count("pk"))))
    found.reopened = Reopening.objects.filter(
        at__gte=first, at__lt=last, letter__request__isnull=False
    ).count()


def _complaints(since: date, until: date) -> Figures:
    """Return the figures of complaints of these months, as chikaya.ma prints them."""
    whole = Scope(departments={}, levels={}, everything=True, clearance=0)
    return breakdown_of(whole, FiguresFilter(since.replace(day=1), until.replace(day=1))).complaints


def table(found: CentreFigures) -> list[list[Any]]:
    """Return the figures as rows: part, name, number; "" where there is none."""
    complaints = found.complaints.plain()
    rows: list[tuple[str, str, Any]] = [
        ("contacts", "incoming", found.incoming),
        ("contacts", "outgoing", found.outgoing),
        ("contacts", "solved_at_first_contact", found.solved),
        ("waiting_seconds", "median", found.median_wait),
        ("waiting_seconds", "ninetieth_percentile", found.ninetieth_wait),
        ("talking_seconds", "mean", None if found.talk is None else round(found.talk)),
        ("callbacks", "promised", found.promised),
        ("callbacks", "kept_in_time", found.kept),
        ("satisfaction", "rated", found.rated),
        ("satisfaction", "four_or_five", found.pleased),
        ("requests", "reopened", found.reopened),
        *(("complaints", name, complaints[name]) for name in _COMPLAINTS),
        *(("channel", name, found.channels[name]) for name in ContactMoment.Channel.values),
        *(("result", name, found.results[name]) for name in Result.values),
        *(("day_in", day.isoformat(), n[0]) for day, n in sorted(found.days.items())),
        *(("day_out", day.isoformat(), n[1]) for day, n in sorted(found.days.items())),
    ]
    return [[part, name, "" if value is None else value] for part, name, value in rows]


_COMPLAINTS: Final = ("received", "treated", "positive", "reopened", "mean_days")
