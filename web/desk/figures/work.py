"""The page of figures: workload and delay over some months, each figure with its definition."""

from datetime import date
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render

from figures.comparing import Compared
from figures.lists import UNRECORDED
from figures.scope import Scope, figures_scope
from figures.summing import AskedFigures, Figures
from figures.wording import number, period
from web.desk.figures.citizens import citizen_tiles
from web.desk.figures.filter import (
    Filter,
    choices_for,
    filter_of,
    last_day,
    month_of,
    months_back,
)
from web.desk.figures.lists import OUTCOME_NAMES
from web.desk.figures.tiles import complaint_tiles, tiles_of
from web.desk.guard import StaffRequest, page, sees_figures

MOST_MONTHS: Final = 60


@page(sees_figures)
def show(request: StaffRequest) -> HttpResponse:
    """Show the figures of a year, or of the months that are asked for."""
    scope = figures_scope(request.user)
    asked = asked_by(request.GET, scope)
    found = Compared.of(scope, asked)
    context = {
        "asked": asked,
        "since": f"{asked.since:%Y-%m}",
        "until": f"{asked.until:%Y-%m}",
        "period": period(asked),
        "before": period(found.back) if found.back and found.before else "",
        "sentences": found.sentences(),
        "tiles": tiles_of(found.headlines()),
        "complaints": complaint_tiles(found.report.complaints),
        "outcomes": _outcome_rows(found.report.complaints, asked),
        "citizens": citizen_tiles(scope, asked),
        "pictures": found.pictures(),
        "counted_at": found.report.counted_at,
        "sees_figures": True,
        **choices_for(scope),
    }
    return render(request, "web/figures.html", context)


def asked_by(given: Any, scope: Scope) -> AskedFigures:
    """Read which figures an address asks for, within the scope."""
    narrowed = filter_of(given, scope)
    until = month_of(given.get("until", "")) or months_back(0)
    since = month_of(given.get("since", "")) or min(months_back(11), until)
    since, until = min(since, until), max(since, until)
    first = until.year * 12 + until.month - MOST_MONTHS
    if first > 12:
        since = max(since, date(first // 12, first % 12 + 1, 1))
    return AskedFigures(since, until, narrowed.department, narrowed.kind, narrowed.channel)


def _outcome_rows(found: Figures, asked: AskedFigures) -> list[tuple[Any, str, str]]:
    """Return name, complaints, and the address of their list, for each outcome and for none."""
    narrowed = Filter(
        asked.department, asked.kind, asked.channel, asked.since, last_day(asked.until)
    )
    counted = {**found.numbers, UNRECORDED: found.unrecorded}
    return [
        (name, number(int(counted.get(code, 0))), narrowed.address(band=code))
        for code, name in OUTCOME_NAMES.items()
    ]
