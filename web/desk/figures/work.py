"""The page of figures: workload and delay over some months, each figure with its definition."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from figures.comparing import Compared
from figures.lists import UNRECORDED
from figures.models import ReportOrder
from figures.report_mails import table_of
from figures.scope import figures_scope
from figures.summing import Figures, FiguresFilter
from figures.wording import number, period
from web.desk.figures.by_mail import ordered_by
from web.desk.figures.citizens import citizen_tiles
from web.desk.figures.filter import Filter, choices_for, figures_filter, last_day
from web.desk.figures.lists import OUTCOME_NAMES
from web.desk.figures.tiles import complaint_tiles, tiles_of
from web.shared.guard import StaffRequest, page, sees_figures


@page(sees_figures)
def show(request: StaffRequest) -> HttpResponse:
    """Show the figures of a year, or of the chosen months."""
    scope = figures_scope(request.user)
    asked = figures_filter(request.GET, scope)
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
        "orders": ordered_by(request.user),
        "rhythms": ReportOrder.Every.choices,
        **choices_for(scope),
    }
    return render(request, "web/figures.html", context)


@page(sees_figures)
def as_table(request: StaffRequest) -> HttpResponse:
    """Send the figures of the same months and filter as CSV."""
    scope = figures_scope(request.user)
    asked = figures_filter(request.GET, scope)
    table = "\ufeff" + table_of(Compared.of(scope, asked))
    answer = HttpResponse(table, content_type="text/csv; charset=utf-8")
    name = f"sijill-{asked.since:%Y-%m}-{asked.until:%Y-%m}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _outcome_rows(found: Figures, asked: FiguresFilter) -> list[tuple[Any, str, str]]:
    """Return name, complaints, and the address of their list, for each outcome and for none."""
    narrowed = Filter(
        asked.department, asked.kind, asked.channel, asked.since, last_day(asked.until)
    )
    counted = {**found.numbers, UNRECORDED: found.unrecorded}
    return [
        (name, number(int(counted.get(code, 0))), narrowed.address(band=code))
        for code, name in OUTCOME_NAMES.items()
    ]
