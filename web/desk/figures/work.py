"""The page of figures: workload and delay over some months, each figure with its definition."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from figures.counting import NONE
from figures.lists import UNRECORDED
from figures.scope import Scope, figures_scope
from figures.summing import AskedFigures, Figures, Report, report_of
from language.bidi import isolate
from registry.models.letters import Channel
from web.desk.figures.charts import Chart, Tile, columns, lines
from web.desk.figures.citizens import citizen_tiles
from web.desk.figures.filter import (
    Filter,
    choices_for,
    filter_of,
    kinds_of,
    last_day,
    month_of,
    months_back,
)
from web.desk.figures.lists import OUTCOME_NAMES
from web.desk.guard import StaffRequest, page, sees_figures

MOST_MONTHS: Final = 60
_TICKED: Final = 13  # most months with a label each
DEFINITIONS: Final = {
    "received": gettext_lazy(
        "Incoming letters registered in these months, without those that were voided."
    ),
    "treated": gettext_lazy(
        "Incoming letters that the last department for action signed off in these months, whenever "
        "they came. They count with the department that is responsible now."
    ),
    "open": gettext_lazy("Of the letters registered in these months: those not signed off yet."),
    "late": gettext_lazy("Of the open letters: those not answered, whose due day is past."),
    "median": gettext_lazy(
        "Calendar days from the receipt of the letter to the last sign-off, of the letters treated "
        "in these months: half of them took no longer."
    ),
    "ninetieth": gettext_lazy("The same days: nine letters of ten took no longer."),
    "mean": gettext_lazy(
        "The mean of the calendar days from the receipt to the last sign-off, of those treated."
    ),
    "in_term": gettext_lazy(
        "Of the letters treated in these months that had a due day: the share signed off on that "
        "day or before, extensions and stopped clocks counted."
    ),
    "answered": gettext_lazy(
        "Of the complaints treated: those signed off with an answer by letter, e-mail or phone, "
        "not only noted or left without follow-up."
    ),
    "positive": gettext_lazy(
        "Of the complaints treated: those decided in favour of the sender or partly so, as the "
        "person said who closed them. The share is of those whose outcome is recorded."
    ),
    "unrecorded": gettext_lazy(
        "Of the complaints treated: those of which nobody said in whose favour they were decided, "
        "since they were closed before outcomes were recorded, or without an answer. They count "
        "neither as positive nor as negative."
    ),
    "reopened": gettext_lazy("Complaints that were opened again in these months."),
}


@dataclass(frozen=True, slots=True)
class Table:
    """Figures row by row, with the chart that shows the same."""

    code: str
    heading: str
    column: str
    rows: list[tuple[str, Figures]]
    chart: Chart


@page(sees_figures)
def show(request: StaffRequest) -> HttpResponse:
    """Show the figures of a year, or of the months that are asked for."""
    scope = figures_scope(request.user)
    asked = _asked(request, scope)
    report = report_of(scope, asked)
    context = {
        "asked": asked,
        "since": f"{asked.since:%Y-%m}",
        "until": f"{asked.until:%Y-%m}",
        "tiles": _tiles(report.total),
        "complaints": _complaint_tiles(report.complaints),
        "outcomes": _outcome_rows(report.complaints, asked),
        "citizens": citizen_tiles(scope, asked),
        "tables": _tables(report, scope),
        "counted_at": report.counted_at,
        "sees_figures": True,
        **choices_for(scope),
    }
    return render(request, "web/figures.html", context)


def _asked(request: StaffRequest, scope: Scope) -> AskedFigures:
    narrowed = filter_of(request.GET, scope)
    until = month_of(request.GET.get("until", "")) or months_back(0)
    since = month_of(request.GET.get("since", "")) or min(months_back(11), until)
    since, until = min(since, until), max(since, until)
    number = until.year * 12 + until.month - MOST_MONTHS
    if number > 12:
        since = max(since, date(number // 12, number % 12 + 1, 1))
    return AskedFigures(since, until, narrowed.department, narrowed.kind, narrowed.channel)


def _days(days: float | None) -> str:
    if days is None:
        return "—"
    return f"{days:.1f}" if isinstance(days, float) else str(days)


def _percent(value: int | None) -> str:
    return "—" if value is None else f"{value} %"


def _tiles(total: Figures) -> list[Tile]:
    wanted = [
        (_("Came in"), str(total.received), "received", False),
        (_("Treated"), str(total.treated), "treated", False),
        (_("Still open"), str(total.open), "open", False),
        (_("Late"), str(total.late), "late", bool(total.late)),
        (_("Median delay, days"), _days(total.median), "median", False),
        (_("Nine of ten within, days"), _days(total.ninetieth), "ninetieth", False),
        (_("Within the term"), _percent(total.percent_in_term), "in_term", False),
    ]
    return [Tile(name, value, DEFINITIONS[code], bad) for name, value, code, bad in wanted]


def _complaint_tiles(found: Figures) -> list[Tile]:
    wanted = [
        (_("Came in"), str(found.received), "received"),
        (_("Treated"), str(found.treated), "treated"),
        (_("With an answer"), str(found.answered), "answered"),
        (_("Positive"), _positive(found), "positive"),
        (_("Not recorded"), str(found.unrecorded), "unrecorded"),
        (_("Opened again"), str(found.reopened), "reopened"),
        (_("Mean delay, days"), _days(found.mean), "mean"),
    ]
    return [Tile(name, value, DEFINITIONS[code]) for name, value, code in wanted]


def _positive(found: Figures) -> str:
    if found.percent_positive is None:
        return "—"
    share = f"{found.percent_positive}\u00a0%"
    return f"{found.positive} · {isolate(share)}"


def _outcome_rows(found: Figures, asked: AskedFigures) -> list[tuple[Any, int, str]]:
    """Return name, complaints, and the address of their list, for each outcome and for none."""
    narrowed = Filter(
        asked.department, asked.kind, asked.channel, asked.since, last_day(asked.until)
    )
    counted = {**found.numbers, UNRECORDED: found.unrecorded}
    return [
        (name, int(counted.get(code, 0)), narrowed.address(band=code))
        for code, name in OUTCOME_NAMES.items()
    ]


def _tables(report: Report, scope: Scope) -> list[Table]:
    none = _("None yet")
    departments = {code: f"{code} · {row.name}" for code, row in scope.departments.items()}
    kinds, channels = dict(kinds_of()), dict(Channel.choices)
    months = sorted(report.months.items())
    named = [(date_format(month, "F Y"), found) for month, found in months]
    ticks = [_tick(month, len(months)) for month, _found in months]
    rtl = get_language_bidi()
    chart = columns([_pair(row) for row in named], ticks=ticks, rtl=rtl)
    by_month = Table("months", _("By month"), _("Month"), named, chart)
    return [
        by_month,
        _table("departments", _("By department"), _("Department"), report.departments, departments),
        _table("kinds", _("By kind"), _("Kind"), report.kinds, kinds | {NONE: none}),
        _table("channels", _("By channel"), _("Channel"), report.channels, channels),
    ]


def _table(
    code: str, heading: str, column: str, found: dict[str, Figures], names: dict[str, Any]
) -> Table:
    known = [(str(names[key]), key) for key in names if key in found]
    rest = [(_("None yet") if key == NONE else key, key) for key in found if key not in names]
    rows = [(name, found[key]) for name, key in (*known, *rest)]
    short = [(_short(name), figures) for name, figures in rows]
    chart = lines([_pair(row) for row in short], rtl=get_language_bidi())
    return Table(code, heading, column, rows, chart)


def _pair(row: tuple[str, Figures]) -> tuple[str, int, int]:
    name, figures = row
    return name, figures.received, figures.treated


def _short(name: str) -> str:
    """Return the label beside a bar: a department's code, or the beginning of another name."""
    name = name.partition(" · ")[0]
    return name if len(name) <= 24 else f"{name[:23]}…"


def _tick(month: date, total: int) -> str:
    if total <= _TICKED:
        return date_format(month, "N")
    return str(month.year) if month.month == 1 else ""
