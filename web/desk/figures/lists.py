"""Backlog, due list, refusals, outcomes: counts by department, the rows below, files of them."""

from dataclasses import replace
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from figures import list_counts, lists
from figures.lists import ListFilter
from figures.scope import Scope, work_scope
from routing.models.closing import Outcome
from web.context import permissions_for
from web.desk.figures.filter import address_of, choices_for, list_of
from web.desk.figures.lines import lines_of
from web.shared.guard import StaffRequest, page, reads_letters, sees_figures
from web.shared.paging import page_of_parts

ROWS: Final = 30
TITLES: Final = {
    "backlog": _("Backlog"),
    "due": _("Due list"),
    "refusals": _("Refusals"),
    "outcomes": _("Outcomes of complaints"),
}
LEDES: Final = {
    "backlog": _("Letters that lie with departments for action and are not settled, oldest first."),
    "due": _("Letters with a due day that are not settled, the most urgent first."),
    "refusals": _("Letters that a department gave back to the office, with its reason."),
    "outcomes": _("Complaints that are closed, and in whose favour each was decided."),
}
DEFINITIONS: Final = {
    "backlog": _(
        "Counted are assignments for action that are not signed off, by the days since the "
        "department got them. Late: the due day is past. Letters that you may not read are not "
        "counted."
    ),
    "due": _(
        "Counted are assignments for action that are not signed off and have a due day. "
        "This week ends on Sunday, and today is in it. Letters that you may not read are not "
        "counted."
    ),
    "refusals": _(
        "Counted are assignments that a department refused, whatever became of the letter later. "
        "Letters that you may not read are not counted."
    ),
    "outcomes": _(
        "Counted are complaints that are closed, each once, on the day and with the department of "
        "its last sign-off; without other days, those of the last twelve months. Positive are "
        "those in favour of the sender or partly so. Not recorded: closed before outcomes were "
        "recorded, or without an answer. Letters that you may not read are not counted."
    ),
}
BAND_NAMES: Final = {
    "week": _("0 to 7 days"),
    "month": _("8 to 30 days"),
    "two_months": _("31 to 60 days"),
    "older": _("More than 60 days"),
    "late": _("Late"),
}
SPAN_NAMES: Final = {"late": _("Late"), "today": _("Today"), "week": _("This week")}
OUTCOME_NAMES: Final[dict[str, Any]] = {
    **{str(value): value.label for value in Outcome.Value},
    lists.UNRECORDED: _("Not recorded"),
}
# Lists of what no longer waits.
SETTLED: Final = ("refusals", "outcomes")
NAMES: Final[dict[str, dict[str, Any]]] = {"due": SPAN_NAMES, "outcomes": OUTCOME_NAMES}


@page(reads_letters)
def backlog(request: StaffRequest) -> HttpResponse:
    """Show open letters by department and age."""
    return _list(request, "backlog")


@page(reads_letters)
def due(request: StaffRequest) -> HttpResponse:
    """Show what is late, due today and due this week, by department and person."""
    return _list(request, "due")


@page(reads_letters)
def refusals(request: StaffRequest) -> HttpResponse:
    """Show what departments refused, and why."""
    return _list(request, "refusals")


@page(reads_letters)
def outcomes(request: StaffRequest) -> HttpResponse:
    """Show in whose favour complaints were decided."""
    return _list(request, "outcomes")


def _list(request: StaffRequest, name: str) -> HttpResponse:
    scope, permissions = work_scope(request.user), permissions_for(request)
    asked = list_of(name, request.GET, scope)
    found = page_of_parts(
        lists.listed(scope, asked),
        order=lists.ORDERS[name],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    context = {
        "name": name,
        "title": TITLES[name],
        "lede": LEDES[name],
        "definition": DEFINITIONS[name],
        "asked": asked,
        "lines": lines_of(found.rows, settled=name in SETTLED),
        "next": found.next_cursor,
        "address": address_of(asked),
        "sees_figures": permissions is not None and sees_figures(permissions),
        **_numbers(scope, asked),
        **choices_for(scope),
    }
    return render(request, "web/work_list.html", context)


def _numbers(scope: Scope, asked: ListFilter) -> dict[str, Any]:
    """Return the table above the list: a row for each department, a column for each band."""
    names = NAMES.get(asked.name, BAND_NAMES)
    bands = lists.BANDS[asked.name]
    rows = list_counts.counts(scope, asked)
    numbers: dict[str, Any] = {
        "bands": [
            (band, names[band], address_of(replace(asked, band="" if asked.band == band else band)))
            for band in bands
        ],
        "table": [
            (
                row["department"],
                address_of(replace(asked, department=row["department"].code)),
                [row[band] for band in bands],
                row["total"],
            )
            for row in rows
        ],
        "totals": [sum(row[band] for row in rows) for band in bands],
        "total": sum(row["total"] for row in rows),
    }
    if asked.name == "due" and (asked.department or len(rows) == 1):
        one = asked if asked.department else replace(asked, department=rows[0]["department"].code)
        numbers["people"] = [
            (row, address_of(replace(one, person=row["person_id"])))
            for row in list_counts.by_person(scope, one)
        ]
    if asked.name == "refusals":
        numbers["reasons"] = list_counts.reasons(scope, asked)
    return numbers
