"""Requests whose term has passed, the oldest first, for the centre to follow up."""

from datetime import date
from typing import Any, Final

from django.db.models import Count
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from eservices.relations.callbacks import callbacks_for, counts_of
from eservices.relations.customers import readable
from eservices.relations.escalation import late_requests
from org.models import Department
from registry.access import readable_among
from web.desk.centre.guard import reads_centre
from web.desk.centre.requests import described
from web.shared.guard import StaffRequest, page
from web.shared.paging import page_of

ROWS: Final = 30


@page(reads_centre)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the late requests of all departments, or of one."""
    everything = late_requests().filter(readable("letter__", request.user))
    unit = request.GET.get("unit", "")
    rows = everything.filter(letter__department__code=unit) if unit else everything
    units, late = _units(everything)
    found = page_of(
        rows.annotate(late_since=Coalesce("stage_due_on", "letter__due_on")),
        order=["late_since", "id"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    today = timezone.localdate()
    may_read = readable_among([row.letter_id for row in found.rows], request.user)
    context = {
        "rows": [_late(row, may_read, today=today) for row in found.rows],
        "next": found.next_cursor,
        "units": units,
        "unit": unit,
        "late": sum(n for one, n in units if one.code == unit) if unit else late,
        "counts": counts_of(callbacks_for(request.user), user=request.user),
        "at": "late",
    }
    return render(request, "web/centre/late.html", context)


def _late(row: Any, may_read: set[Any], *, today: date) -> dict[str, Any]:
    """Return a late request in words, with the days that its term is past."""
    return described(row, may_read) | {"days": (today - row.late_since).days}


def _units(rows: Any) -> tuple[list[tuple[Department, int]], int]:
    """Return the departments with late requests and how many each has, and the sum; two queries."""
    # Coalesce: a database begins with the open requests then, not with all letters by department.
    keyed = rows.order_by().annotate(unit=Coalesce("letter__department", 0)).values_list("unit")
    numbers = dict(keyed.annotate(n=Count("pk")))
    units = Department.objects.filter(pk__in=numbers)
    return [(unit, numbers[unit.pk]) for unit in units], sum(numbers.values())
