"""The filter of lists and figures: department, kind, channel and period, read from an address."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone

from figures.lists import BANDS, ListFilter
from figures.scope import Scope
from figures.summing import FiguresFilter
from registry.models.letters import Channel
from web.desk.forms import all_kinds
from web.shared.days import day_of

MOST_MONTHS: Final = 60


@dataclass(frozen=True, slots=True)
class Filter:
    """Codes that this user's form knows, "" for any; `since` and `until` are days."""

    department: str
    kind: str
    channel: str
    since: date | None
    until: date | None

    def address(self, **more: Any) -> str:
        """Return the filter as a query string."""
        pairs = {
            "department": self.department,
            "kind": self.kind,
            "channel": self.channel,
            "since": self.since or "",
            "until": self.until or "",
            **more,
        }
        return urlencode({name: value for name, value in pairs.items() if value not in ("", None)})


def filter_of(given: QueryDict, scope: Scope) -> Filter:
    """Read the filter of an address, ignoring what is unknown or not this user's."""
    kinds = dict(all_kinds())
    return Filter(
        department=_known(given.get("department", ""), scope.departments),
        kind=_known(given.get("kind", ""), kinds),
        channel=_known(given.get("channel", ""), Channel.values),
        since=day_of(given.get("since", "")),
        until=day_of(given.get("until", "")),
    )


def _known(value: str, values: Any) -> str:
    return value if value in values else ""


def month_of(text: str) -> date | None:
    """Return the first day of a month written YYYY-MM; None for anything else."""
    return day_of(f"{text}-01") if len(text) == 7 else None


def months_back(count: int) -> date:
    """Return the first day of the month so many months before this one."""
    today = timezone.localdate()
    number = today.year * 12 + today.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def last_day(month: date) -> date:
    """Return the last day of the month that begins on this day."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def choices_for(scope: Scope) -> dict[str, Any]:
    """Return the choices that the filter form offers."""
    rows = scope.departments.values()
    return {
        "departments": [(row.code, f"{row.code} · {row.name}") for row in rows],
        "kinds": all_kinds(),
        "channels": Channel.choices,
    }


def list_of(name: str, given: QueryDict, scope: Scope) -> ListFilter:
    """Return the list that an address names.

    Outcomes are those of the last twelve months where it names no period.
    """
    asked = filter_of(given, scope)
    since = asked.since
    if name == "outcomes" and not since:  # else every letter ever settled
        since = months_back(11)
    band, person = given.get("band", ""), given.get("person", "")
    number = person.isascii() and person.isdecimal() and len(person) < 10
    return ListFilter(
        name=name,
        department=asked.department,
        kind=asked.kind,
        channel=asked.channel,
        person=int(person) if number else None,
        band=band if band in BANDS[name] else "",
        since=since,
        until=asked.until,
    )


def address_of(asked: ListFilter, **more: Any) -> str:
    """Return the list as a query string, without its name."""
    narrowed = Filter(asked.department, asked.kind, asked.channel, asked.since, asked.until)
    return narrowed.address(**{"band": asked.band, "person": asked.person} | more)


def figures_filter(given: Any, scope: Scope) -> FiguresFilter:
    """Read the filter of figures from an address, within the scope."""
    narrowed = filter_of(given, scope)
    until = month_of(given.get("until", "")) or months_back(0)
    since = month_of(given.get("since", "")) or min(months_back(11), until)
    since, until = min(since, until), max(since, until)
    first = until.year * 12 + until.month - MOST_MONTHS
    if first > 12:
        since = max(since, date(first // 12, first % 12 + 1, 1))
    return FiguresFilter(since, until, narrowed.department, narrowed.kind, narrowed.channel)
