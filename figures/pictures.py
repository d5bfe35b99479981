"""The charts of a report of figures, each with its title, unit, legend and the table behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from figures.counting import NONE, next_month
from figures.drawing import Row, columns, lying, trend
from figures.heat_maps import by_hour, by_week
from figures.models import Target
from figures.picture import Picture
from figures.scope import Scope
from figures.summing import Breakdown, Figures, FiguresFilter, months_before
from figures.targets import Targets
from figures.wording import LEAST, days, number, percent, share, target_words
from org.models import LetterKind
from org.written_days import date_format
from registry.models.letters import Channel

_TICKED: Final = 13  # most months with a label each


def pictures(
    report: Breakdown, before: Breakdown | None, scope: Scope, asked: FiguresFilter, goals: Targets
) -> list[Picture]:
    """Return the charts of a report; what no letter is in is left out."""
    found = [
        _by_month(report, before, asked),
        *_trends(report, asked, goals),
        by_hour(report),
        by_week(report, scope, asked),
        *_by_part(report, before, scope),
    ]
    return [one for one in found if one is not None]


def _series() -> tuple[str, str, str]:
    return _("Came in"), _("Treated"), _("Came in, the period before")


def _legend(earlier: bool) -> list[tuple[str, str]]:
    first, second, before = _series()
    return [("first", first), ("second", second), *([("earlier", before)] if earlier else [])]


def _months(asked: FiguresFilter) -> list[date]:
    months: list[date] = []
    month = asked.since
    while month <= asked.until and len(months) < asked.months:
        months.append(month)
        month = next_month(month)
    return months


def _ticks(months: Sequence[date]) -> list[str]:
    if len(months) <= _TICKED:
        return [date_format(month, "N") for month in months]
    return [str(month.year) if month.month == 1 else "" for month in months]


def _by_month(report: Breakdown, before: Breakdown | None, asked: FiguresFilter) -> Picture | None:
    months = _months(asked)
    earlier = before.months if before else {}
    rows, nothing = [], Figures()
    for month in months:
        found = report.months.get(month, nothing)
        ago = earlier.get(months_before(month, asked.months) or month)
        then = ago.received if ago else None
        rows.append(Row(date_format(month, "F Y"), found.received, found.treated, then))
    chart = columns(
        rows, ticks=_ticks(months), names=_series(), number=number, rtl=get_language_bidi()
    )
    table = [
        _line(name.name, report.months.get(m, nothing))
        for m, name in zip(months, rows, strict=True)
    ]
    return Picture(
        "months", _("By month"), _("letters"), chart, _legend(bool(earlier)),
        _headings(_("Month")), table, wide=len(months) > _TICKED,
    )  # fmt: skip


def _headings(first: str) -> list[str]:
    return [
        first, _("Came in"), _("Treated"), _("Still open"), _("Late"), _("Within the term"),
        _("First decision, median"), _("To the end, median"), _("Nine in ten within"),
    ]  # fmt: skip


def _line(name: str, found: Figures) -> list[str]:
    return [
        name,
        *(number(n) for n in (found.received, found.treated, found.open, found.late)),
        share(found.in_term, found.with_term),
        *(days(n) for n in (found.first_act, found.median, found.ninetieth)),
    ]


def _trends(report: Breakdown, asked: FiguresFilter, goals: Targets) -> list[Picture]:
    months = _months(asked)
    if len(months) < 2 or not report.total.treated:
        return []
    nothing = Figures()
    found = [report.months.get(month, nothing) for month in months]
    shares = [one.percent_in_term if one.with_term >= LEAST else None for one in found]
    measures: list[tuple[str, str, str, list[int | None], int | None]] = [
        ("in_term", _("Treated within the term"), "%", shares, 100),
        ("ninetieth", _("Nine in ten treated within"), _("days"),
         [o.ninetieth for o in found], None),
        ("first_act", _("First decision by a department"), _("days, median"),
         [o.first_act for o in found], None),
    ]  # fmt: skip
    return [
        _trend(measure, months, goals.of(measure[0], asked.department, asked.kind))
        for measure in measures
        if any(value is not None for value in measure[3])
    ]


def _trend(
    measure: tuple[str, str, str, list[int | None], int | None],
    months: Sequence[date],
    goal: int | None,
) -> Picture:
    code, title, unit, values, most = measure
    names = [date_format(month, "F Y") for month in months]
    chart = trend(
        list(zip(names, values, strict=True)), ticks=_ticks(months), target=goal, number=number,
        rtl=get_language_bidi(), most=most,
    )  # fmt: skip
    words = percent if code == Target.Measure.IN_TERM else days
    legend = [("line", title)]
    if goal is not None:
        legend.append(("target", _("Target: %(value)s") % {"value": target_words(code, goal)}))
    rows = [
        [name, "—" if value is None else words(value)]
        for name, value in zip(names, values, strict=True)
    ]
    return Picture(code, title, unit, chart, legend, [_("Month"), title], rows)


def _by_part(report: Breakdown, before: Breakdown | None, scope: Scope) -> list[Picture | None]:
    none = _("None yet")
    departments = {code: f"{code} · {row.name}" for code, row in scope.departments.items()}
    kinds = {row.code: row.name for row in LetterKind.objects.all()} | {NONE: none}
    channels = {str(code): str(name) for code, name in Channel.choices}
    earlier = before or Breakdown(Figures(), {}, {}, {}, {}, Figures(), None)
    return [
        _part("departments", _("By department"), _("Department"), report.departments,
              earlier.departments, departments),
        _part("kinds", _("By kind"), _("Kind"), report.kinds, earlier.kinds, kinds),
        _part("channels", _("By channel"), _("Channel"), report.channels,
              earlier.channels, channels),
    ]  # fmt: skip


def _part(
    code: str, title: str, column: str, found: dict[str, Figures], earlier: dict[str, Figures],
    names: dict[str, Any],
) -> Picture | None:  # fmt: skip
    order = [key for key in names if key in found] + [key for key in found if key not in names]
    if not order:
        return None
    shown = {key: str(names.get(key, _("None yet") if key == NONE else key)) for key in order}
    rows = [
        Row(
            _short(shown[key]), found[key].received, found[key].treated,
            earlier[key].received if key in earlier else None,
        )
        for key in order
    ]  # fmt: skip
    chart = lying(rows, names=_series(), number=number, rtl=get_language_bidi())
    table = [_line(shown[key], found[key]) for key in order]
    return Picture(
        code, title, _("letters"), chart, _legend(bool(earlier)), _headings(column), table
    )


def _short(name: str) -> str:
    """Return the label beside a bar: a department's code, or the beginning of another name."""
    name = name.partition(" · ")[0]
    return name if len(name) <= 17 else f"{name[:16]}…"
