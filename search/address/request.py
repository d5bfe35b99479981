"""A whole search as a query string: words, filters, dates, order.

Pages, saved searches and exports store exactly that, so that a later search is the same query.
"""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final, Self
from urllib.parse import parse_qsl, urlencode

from django.contrib.auth.models import AnonymousUser

from org.days import TYPED_YEARS, midnight, midnight_after
from org.models import User
from search.contract import FACETS, LONGEST_WORDS, Order
from search.finding import find_letters
from search.hits import FoundLetters

LONGEST: Final = 2000  # characters of an address
MOST_VALUES: Final = 100  # of one filter
LONGEST_VALUE: Final = 80
# Counted and filtered on by a switch of its own.
SWITCH: Final = "overdue"
OFF: Final = frozenset({"", "0", "false", "no", "off"})
FILTERS: Final = tuple(name for name in FACETS if name != SWITCH)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """One search; `after` and `before` are days of the office's clock, both included.

    `wrong` names the dates that were no dates (they narrow nothing).
    """

    words: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    overdue: bool = False
    after: datetime.date | None = None
    before: datetime.date | None = None
    order: Order = "relevance"
    wrong: tuple[str, ...] = ()

    @classmethod
    def of_address(cls, address: str) -> Self:
        """Parse an address's query; unknown parts are ignored, whatever they are."""
        values: dict[str, list[str]] = {}
        for name, value in parse_qsl(address[:LONGEST], max_num_fields=None, errors="replace"):
            values.setdefault(name, []).append(value.replace("\0", ""))
        return cls.of_values(values)

    @classmethod
    def of_values(cls, values: Mapping[str, list[str]]) -> Self:
        """Return the same from names with their values, as a form sends them."""
        days = {name: _day(_last(values, name)) for name in ("after", "before")}
        wrong = tuple(name for name, day in days.items() if day is None and _last(values, name))
        filters = {name: _values(values.get(name, ())) for name in FILTERS}
        return cls(
            words=_last(values, "q")[:LONGEST_WORDS],
            filters={name: chosen for name, chosen in filters.items() if chosen},
            overdue=_last(values, SWITCH).lower() not in OFF,
            order="newest" if _last(values, "order") == "newest" else "relevance",
            wrong=wrong,
            **days,
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything but the words says what is wanted."""
        return bool(self.filters or self.overdue or self.after or self.before)

    @property
    def blank(self) -> bool:
        """Whether it has neither words nor filters."""
        return not (self.words or self.narrowed)

    @property
    def since(self) -> datetime.datetime | None:
        """The moment at which `after` begins."""
        return midnight(self.after) if self.after else None

    @property
    def until(self) -> datetime.datetime | None:
        """The moment at which `before` is over."""
        return midnight_after(self.before) if self.before else None

    def address(self, **extra: str) -> str:
        """Return its canonical spelling as an address's query; `extra` stands at the end."""
        pairs = [("q", self.words)] if self.words else []
        pairs += [(name, value) for name in FILTERS for value in self.filters.get(name, ())]
        pairs += [(SWITCH, "1")] if self.overdue else []
        days = (("after", self.after), ("before", self.before))
        pairs += [(name, day.isoformat()) for name, day in days if day]
        pairs += [("order", self.order)] if self.order != "relevance" else []
        return "&".join(_pair(*pair) for pair in [*pairs, *extra.items()])

    def toggled(self, name: str, value: str) -> Self:
        """Return the search with this value chosen, or no longer chosen."""
        if name == SWITCH:
            return replace(self, overdue=not self.overdue)
        had = self.filters.get(name, ())
        left = tuple(v for v in had if v != value) if value in had else (*had, value)
        return replace(self, filters={**self.filters, name: left})

    def find(self, viewer: User | AnonymousUser, **how: Any) -> FoundLetters:
        """Find by this person's present rights; `how` as in `search.finding.find_letters`."""
        asked: dict[str, Any] = {
            "filters": self.filters,
            "overdue": self.overdue,
            "after": self.since,
            "before": self.until,
            "order": self.order,
        }
        return find_letters(viewer=viewer, words=self.words, **(asked | how))


@lru_cache(maxsize=4_096)
def _pair(name: str, value: str) -> str:
    return urlencode({name: value})


def _last(values: Mapping[str, list[str]], name: str) -> str:
    return (values.get(name) or [""])[-1].strip()


def _values(chosen: Collection[str]) -> tuple[str, ...]:
    kept = (value.strip()[:LONGEST_VALUE] for value in chosen)
    return tuple(dict.fromkeys(value for value in kept if value))[:MOST_VALUES]


def _day(text: str) -> datetime.date | None:
    """Parse YYYY-MM-DD; None for anything else and for years out of any clock's range."""
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in TYPED_YEARS else None
