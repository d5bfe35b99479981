"""When the letters found were received: a bar for each month, or each year over a longer time."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from org.written_days import date_format
from search.services import SearchRequest

MOST_MONTHS: Final = 36
MOST_YEARS: Final = 60
_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_YEAR: Final = re.compile(r"[1-9][0-9]{3}")
_LABELLED: Final = 13  # most bars with a label each


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `height` is 0 to 100; `tick` the short label under it, "" under most of many."""

    label: str
    tick: str
    count: int
    height: int
    chosen: bool
    address: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """The bars, oldest first; `unit` is month or year, `top` the highest count."""

    unit: str
    bars: list[Bar]
    top: int


def histogram_of(asked: SearchRequest, counts: Mapping[str, Mapping[str, int]]) -> Histogram | None:
    """Return bars from the facets "month" and "year"; None for fewer than two bars."""
    months = _counted(counts.get("month", {}), _MONTH)
    if 1 < len(_months(months)) <= MOST_MONTHS:
        return _bars(asked, "month", _months(months), months)
    years = _counted(counts.get("year", {}), _YEAR)
    if len(_years(years)) > 1:
        return _bars(asked, "year", _years(years), years)
    return None


def _counted(counts: Mapping[str, int], shape: re.Pattern[str]) -> dict[str, int]:
    return {value: count for value, count in counts.items() if count and shape.fullmatch(value)}


def _months(values: Iterable[str]) -> list[str]:
    """Return every month from the first to the last.

    An empty list for none, and at most one month more than can be shown.
    """
    numbers = [int(value[:4]) * 12 + int(value[5:]) - 1 for value in values]
    if not numbers:
        return []
    span = range(min(numbers), max(numbers) + 1)[: MOST_MONTHS + 1]
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in span]


def _years(values: Iterable[str]) -> list[str]:
    """Return every year from the first to the last, the newest ones where they are too many."""
    numbers = [int(value) for value in values]
    if not numbers:
        return []
    return [str(number) for number in range(min(numbers), max(numbers) + 1)[-MOST_YEARS:]]


def _bars(
    asked: SearchRequest, unit: str, values: list[str], counts: Mapping[str, int]
) -> Histogram:
    top = max(counts.get(value, 0) for value in values) or 1
    chosen = asked.filters.get(unit, ())
    bars = [
        Bar(
            label=_label(unit, value),
            tick=_tick(unit, value, place, len(values)),
            count=counts.get(value, 0),
            height=_height(counts.get(value, 0), top),
            chosen=value in chosen,
            address=asked.toggled(unit, value).address(),
        )
        for place, value in enumerate(values)
    ]
    return Histogram(unit, bars, top)


def _height(count: int, top: int) -> int:
    """Scale to hundredths of the highest; a count above zero is always visible."""
    return max(round(100 * count / top), 4) if count else 0


def _label(unit: str, value: str) -> str:
    if unit == "year":
        return value
    return date_format(date(max(int(value[:4]), 1), int(value[5:]), 1), "F Y")


def _tick(unit: str, value: str, place: int, total: int) -> str:
    """Return a bar's label: its year, or its month where there is room, else only each January."""
    if unit == "year":
        return value if total <= _LABELLED or int(value) % 5 == 0 else ""
    day = date(max(int(value[:4]), 1), int(value[5:]), 1)
    if total <= _LABELLED:
        return date_format(day, "N")
    return value[:4] if day.month == 1 or (place == 0 and day.month < 9) else ""
