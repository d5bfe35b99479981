"""The board of work orders: by day and team, late ones, filters."""

from datetime import timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode

from eservices.relations.danger import unseen
from eservices.relations.field_merge import OPEN
from eservices.relations.models import Team, WorkOrder
from eservices.relations.orders import orders_visible_to, teams_planned_by
from eservices.relations.rights import sees_work
from web.desk.work_orders.words import TAGS
from web.shared.days import day_of
from web.shared.guard import StaffRequest, page
from web.shared.paging import page_of

ROWS: Final = 50
SPANS: Final = ("day", "week", "all")
WEEK: Final = timedelta(days=6)


@page(sees_work)
def show(request: StaffRequest) -> HttpResponse:
    """Show the orders of a day, of a week, the late ones or all, of one team or of all."""
    visible = orders_visible_to(request.user)
    asked = _asked(request)
    found = page_of(
        _wanted(visible, asked).select_related("team", "request__letter"),
        order=["planned_on", "id"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    today = timezone.localdate()
    late = visible.filter(state__in=OPEN, planned_on__lt=today)
    context: dict[str, Any] = asked | {
        "rows": [(row, TAGS[row.state], row.state in OPEN) for row in found.rows],
        "next": found.next_cursor,
        "today": today,
        "late_count": late.count(),
        "teams": list(Team.objects.filter(orders__in=visible).distinct()),
        "states": WorkOrder.State.choices,
        "may_plan": teams_planned_by(request.user).exists(),
        "alarms": list(unseen(request.user)[:5]),
        "query": _query(asked),
    }
    return render(request, "web/work_orders/board.html", context)


def _asked(request: StaffRequest) -> dict[str, Any]:
    given = request.GET
    span = given.get("span", "")
    day = day_of(given.get("day", "")) or timezone.localdate()
    state = given.get("state", "")
    shift = timedelta(days=1 if span == "day" else 7)
    return {
        "span": span if span in SPANS else "week",
        "day": day,
        "until": day + WEEK,
        "before": day - shift,
        "after": day + shift,
        "team": given.get("team", "")[:20],
        "state": state if state in WorkOrder.State.values else "",
        "late": given.get("late") == "1",
    }


def _wanted(rows: "QuerySet[WorkOrder]", asked: dict[str, Any]) -> "QuerySet[WorkOrder]":
    if asked["late"]:
        rows = rows.filter(state__in=OPEN, planned_on__lt=timezone.localdate())
    elif asked["span"] == "day":
        rows = rows.filter(planned_on=asked["day"])
    elif asked["span"] == "week":
        rows = rows.filter(planned_on__gte=asked["day"], planned_on__lte=asked["until"])
    if asked["team"]:
        rows = rows.filter(team__code=asked["team"])
    return rows.filter(state=asked["state"]) if asked["state"] else rows


def _query(asked: dict[str, Any]) -> str:
    """Return the address's query of these rows, for the next page."""
    kept = {name: asked[name] for name in ("span", "team", "state") if asked[name]}
    kept |= {"late": "1"} if asked["late"] else {"day": asked["day"].isoformat()}
    return urlencode(kept)
