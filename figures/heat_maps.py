"""Heat maps of a report: when letters arrive, and each department's weeks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from figures.counting import NONE, next_month
from figures.drawing import heat
from figures.picture import Picture
from figures.scope import Scope
from figures.summing import Breakdown, FiguresFilter
from figures.wording import number
from org.signs import colon
from org.written_days import date_format

_WEEKS: Final = 26
_MORNING, _EVENING = 8, 18  # hours that are always shown


def _came(count: int) -> str:
    return ngettext("%(n)s letter", "%(n)s letters", count) % {"n": number(count)}


def by_hour(report: Breakdown) -> Picture | None:
    """Draw when letters arrive, by weekday and hour; None where none came."""
    found = report.total.arrivals
    if not found:
        return None
    hours = [slot % 24 for slot in found]
    first, last = min(_MORNING, *hours, 23), max(_EVENING, *hours, 0)
    span = range(first, last + 1)
    busy = {slot // 24 for slot in found}
    days_shown = [day for day in range(7) if day < 5 or day in busy]
    values = {
        (row, column): found[day * 24 + hour]
        for row, day in enumerate(days_shown)
        for column, hour in enumerate(span)
    }
    long = [str(WEEKDAYS[day]) for day in days_shown]
    ticks = [str(hour) if len(span) < 15 or hour % 3 == 0 else "" for hour in span]
    chart = heat(
        long, ticks, values, number=number, rtl=get_language_bidi(),
        title=lambda row, column, n: f"{long[row]}, {_hour(span[column])}{colon()} {_came(n)}",
    )  # fmt: skip
    rows = [
        [long[row], *(number(values[row, column]) for column in range(len(span)))]
        for row in range(len(days_shown))
    ]
    return Picture(
        "hours", _("When letters arrive"), _("letters by weekday and hour"), chart,
        _heat_legend(values), [_("Day"), *(_hour(hour) for hour in span)], rows,
    )  # fmt: skip


def _hour(hour: int) -> str:
    return f"{hour:02d}:00"


def _heat_legend(values: dict[tuple[int, int], int]) -> list[tuple[str, str]]:
    most = max(values.values(), default=0)
    looks = [("heat0", _("none"))]
    if most > 1:
        looks.append(("heat1", _("few")))
    return [*looks, ("heat6", _("most: %(n)s") % {"n": number(most)})]


def by_week(report: Breakdown, scope: Scope, asked: FiguresFilter) -> Picture | None:
    """Draw the last weeks of the months, for each department that had letters in them."""
    today = timezone.localdate()
    last = min(next_month(asked.until) - timedelta(days=1), today)
    monday = last.toordinal() - last.weekday()
    weeks = [monday - 7 * back for back in reversed(range(min(_WEEKS, 1 + asked.months * 31 // 7)))]
    weeks = [week for week in weeks if week > 6 and date.fromordinal(week + 6) >= asked.since]
    found = {
        code: row.weeks for code, row in report.departments.items()
        if any(row.weeks[week] for week in weeks)
    }  # fmt: skip
    codes = [code for code in scope.departments if code in found]
    codes += [code for code in found if code == NONE]
    if not codes or len(weeks) < 2:
        return None
    values = {
        (row, column): found[code][week]
        for row, code in enumerate(codes)
        for column, week in enumerate(weeks)
    }
    starts = [date.fromordinal(week) for week in weeks]
    names = [_("None yet") if code == NONE else code for code in codes]
    every = max(1, -(-len(weeks) // 5))
    ticks = [date_format(day, "j N") if at % every == 0 else "" for at, day in enumerate(starts)]
    words = [_("Week of %(day)s") % {"day": date_format(day, "j F Y")} for day in starts]
    chart = heat(
        names, ticks, values, number=number, rtl=get_language_bidi(), room=70,
        title=lambda row, column, n: f"{names[row]}, {words[column]}{colon()} {_came(n)}",
    )  # fmt: skip
    rows = [
        [word, *(number(values[row, at]) for row in range(len(codes)))]
        for at, word in enumerate(words)
    ]
    return Picture(
        "weeks", _("Load by department and week"), _("letters that came in"), chart,
        _heat_legend(values), [_("Week"), *names], rows,
    )  # fmt: skip
