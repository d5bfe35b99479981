"""The two work lists: the office's tray and a department's inbox."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from jobs.models import Job
from registry.kinds import RegistryJob
from registry.listed import letters_among
from registry.models.documents import Document
from registry.models.letters import Letter
from routing.assigning import lists
from routing.inbox import reading as routing_reading
from routing.inbox.marks import Marks, marks_of, says_urgent
from routing.inbox.narrowing import TRAY_ORDERS
from routing.kinds import RoutingJob
from routing.models.assignments import Assignment
from routing.models.states import AssignmentState
from routing.opinions import opinion_requests
from web.context import inbox_counts_for, set_tray_count
from web.desk.forms import department_choices
from web.desk.found import SHOWN, in_inbox, in_tray
from web.desk.letter.facts import Proposal, likely, names_for, proposals_by_field
from web.shared.guard import StaffRequest, in_department, page, routes
from web.shared.paging import page_of, page_of_parts

SOON_DAYS = 5
ROWS = 25
MOST_COUNTED = 500  # letters of the tray that are counted from the page's first one on


@dataclass(frozen=True, slots=True)
class TrayRow:
    """A waiting letter, its first page, the proposals, and whether it is still being read."""

    letter: Letter
    document: Document | None
    pictured: bool
    subject: str
    departments: list[Proposal]
    kind: Proposal | None
    reading: bool
    urgent: bool
    refusals: int = 0


@page(routes)
def tray(request: StaffRequest) -> HttpResponse:
    """Show letters that no department has yet, usually the longest waiting first."""
    here = in_tray(request)
    work, refused, order = here.work, here.refused, TRAY_ORDERS[here.work.asked.order]
    found = page_of(
        here.keys.values_list("pk", order[0].lstrip("-"), named=True),
        order=order,
        cursor=request.GET.get("from", ""),
        limit=ROWS,
        look=MOST_COUNTED,
    )
    if not (refused or work.narrowed or request.GET.get("from")):
        set_tray_count(request, found.seen)
    departments, refused_address = department_choices(), work.address(refused="1")
    known = [(code, name) for code, name in departments if code]
    shown = [letter.pk for letter in found.rows]
    letters = letters_among(request.user, shown)
    context = {
        **work.context(),
        "narrowable": True,
        "rows": _tray_rows([letters[key] for key in shown if key in letters]),
        "next": found.next_cursor,
        "total": min(found.seen, MOST_COUNTED),
        "more": found.seen > MOST_COUNTED,
        "targets": departments,
        # The same in every row, so rendered once.
        "options": format_html_join("", '<option value="{}">{}</option>', known),
        "lists": lists.lists_in_use(),
        "refused_address": refused_address,
        "tabs": [
            (_("All"), work.address(refused=""), not refused),
            (_("Refused by a department"), refused_address, refused),
        ],
        **_live(request),
    }
    return render(request, "web/tray.html", context)


def _tray_rows(letters: list[Letter]) -> list[TrayRow]:
    """Make the rows in three queries more than the letters, however many letters."""
    ids = [letter.pk for letter in letters]
    first = {d.letter_id: d for d in Document.objects.filter(letter__in=ids, position=1)}
    busy = set(
        Job.objects.filter(
            subject__in=[str(i) for i in ids],
            kind__in=[
                RegistryJob.LETTER_READ,
                RegistryJob.LETTER_UNDERSTAND,
                RoutingJob.LETTER_ROUTE,
            ],
            state__in=["ready", "running"],
        ).values_list("subject", flat=True)
    )
    # All assignments of these letters: a filter on refused ones makes databases scan all refusals.
    states = Assignment.objects.filter(letter__in=ids).order_by().values_list("letter", "state")
    refusals = Counter(pk for pk, state in states if state == AssignmentState.REFUSED)
    suggested = routing_reading.suggestions_of_all(ids)
    names = names_for(row for rows in suggested.values() for row in rows)
    return [
        _tray_row(
            letter,
            first.get(letter.pk),
            proposed=proposals_by_field(suggested[letter.pk], names=names),
            reading=str(letter.pk) in busy,
            urgent=says_urgent(suggested[letter.pk]),
            refusals=refusals[letter.pk],
        )
        for letter in letters
    ]


def _tray_row(
    letter: Letter,
    document: Document | None,
    *,
    proposed: dict[str, list[Proposal]],
    reading: bool,
    urgent: bool,
    refusals: int,
) -> TrayRow:
    subject = letter.subject or next((p.value for p in proposed.get("subject", [])), "")
    kind = document.media_type if document else ""
    return TrayRow(
        letter=letter,
        document=document,
        pictured=bool(document)
        and not (document and document.problem)
        and (kind == "application/pdf" or kind.startswith("image/")),
        subject=subject,
        departments=likely(proposed.get("department", [])),
        kind=next(iter(proposed.get("kind", [])), None),
        reading=reading,
        urgent=urgent,
        refusals=refusals,
    )


@page(routes)
def tray_live(request: StaffRequest) -> HttpResponse:
    """Return a fragment with what is being read now; polling stops when nothing is."""
    return render(request, "web/parts/live.html", {**_live(request), "polled": True})


def _live(request: StaffRequest) -> dict[str, Any]:
    """Return running readings with their pages, and how many wait behind them.

    A letter that the user may not read has no number here.
    """
    jobs = Job.objects.filter(kind=RegistryJob.LETTER_READ)
    running = list(jobs.filter(state="running").order_by("id")[:4])
    letters = Letter.objects.visible_to(request.user).filter(
        pk__in=[job.subject for job in running]
    )
    numbers = dict(letters.values_list("pk", "number"))
    return {
        "running": [(numbers.get(UUID(job.subject), ""), job) for job in running],
        "waiting": jobs.filter(state="ready").count(),
    }


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An assignment, the state of its due date ("late", "soon" or ""), and its letter's marks."""

    assignment: Assignment
    due: date | None
    urgency: str
    days: int
    marks: Marks


@page(in_department)
def inbox(request: StaffRequest) -> HttpResponse:
    """Show the work of the user's departments, usually by due date; the overdue first."""
    here = in_inbox(request)
    work, shown = here.work, here.shown
    cursor = request.GET.get("from", "")
    found = page_of_parts(here.parts, order=here.order, cursor=cursor, limit=ROWS)
    marks = marks_of([row.letter for row in found.rows])
    context = {
        **work.context(),
        "narrowable": shown != "done",
        "rows": [_inbox_row(row, marks[row.letter_id]) for row in found.rows],
        "next": found.next_cursor,
        "shown": shown,
        "counts": inbox_counts_for(request, request.user),
        "tabs": [(code, label, work.address(show=code)) for code, label in SHOWN],
        "came": shown != "done" and work.asked.order in ("newest", "oldest"),
        "without_due": shown == "late",
        "today": timezone.localdate(),
        **_opinions(request),
    }
    return render(request, "web/inbox.html", context)


def _opinions(request: StaffRequest) -> dict[str, Any]:
    """Return the first opinions due from the user's departments, the longest waiting first."""
    rows = opinion_requests.first_asked_of(request.user, most=ROWS + 1)
    return {"opinions": rows[:ROWS], "opinions_more": len(rows) > ROWS}


def _inbox_row(row: Assignment, marks: Marks) -> InboxRow:
    due = row.due_on or row.letter.due_on
    days = (due - timezone.localdate()).days if due else 0
    live = row.state in {"open", "accepted"}
    urgency = ""
    if due and live:
        urgency = "late" if days < 0 else "soon" if days <= SOON_DAYS else ""
    return InboxRow(row, due, urgency, abs(days), marks)
