"""The two work lists: the office's tray and a department's inbox."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
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
from routing.inbox.marks import Marks, marks_of
from routing.kinds import RoutingJob
from routing.models.assignments import Assignment
from routing.models.states import LIVE, AssignmentState
from routing.opinions import asking
from web.context import inbox_counts_for, tell_tray
from web.desk.forms import department_choices
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
    refusals: int = 0


@page(routes)
def tray(request: StaffRequest) -> HttpResponse:
    """Show letters that no department has yet, the longest waiting first."""
    refused = bool(request.GET.get("refused"))
    keys = routing_reading.tray_keys(request.user)
    if refused:
        keys = keys.filter(Exists(_refusals().filter(letter=OuterRef("pk"))))
    found = page_of(
        keys.values_list("registered_at", "pk", named=True),
        order=["registered_at", "pk"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
        look=MOST_COUNTED,
    )
    if not (refused or request.GET.get("from")):
        tell_tray(request, found.seen)
    departments = department_choices()
    known = [(code, name) for code, name in departments if code]
    shown = [letter.pk for letter in found.rows]
    letters = letters_among(request.user, shown)
    context = {
        "rows": _tray_rows([letters[key] for key in shown if key in letters]),
        "next": found.next_cursor,
        "total": min(found.seen, MOST_COUNTED),
        "more": found.seen > MOST_COUNTED,
        "departments": departments,
        # The same in every row, so rendered once.
        "options": format_html_join("", '<option value="{}">{}</option>', known),
        "lists": lists.lists_in_use(),
        "refused": refused,
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
        refusals=refusals,
    )


def _refusals() -> QuerySet[Assignment]:
    return Assignment.objects.filter(state=AssignmentState.REFUSED).order_by()


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


SHOWN = (
    ("open", _("To accept")),
    ("accepted", _("In hand")),
    ("late", _("Overdue")),
    ("done", _("Signed off")),
)
URGENT, NEWEST = ("day", "pk"), ("-signed_off_at", "-pk")


@page(in_department)
def inbox(request: StaffRequest) -> HttpResponse:
    """Show the work of the user's departments, by due date; the overdue first."""
    shown, code = request.GET.get("show", ""), request.GET.get("department", "")
    if shown == "done":
        rows, order = routing_reading.settled_parts(request.user, department=code), NEWEST
    else:
        states = (shown,) if shown in {"open", "accepted"} else LIVE
        late = shown == "late"
        rows = routing_reading.inbox_parts(request.user, states=states, department=code, late=late)
        order = URGENT
    found = page_of_parts(rows, order=order, cursor=request.GET.get("from", ""), limit=ROWS)
    marks = marks_of([row.letter for row in found.rows])
    context = {
        "rows": [_inbox_row(row, marks[row.letter_id]) for row in found.rows],
        "next": found.next_cursor,
        "shown": shown,
        "choices": SHOWN,
        "department": code,
        "counts": inbox_counts_for(request, request.user),
        "today": timezone.localdate(),
        **_asked(request),
    }
    return render(request, "web/inbox.html", context)


def _asked(request: StaffRequest) -> dict[str, Any]:
    """Return the first opinions asked of the user's departments, the longest asked first."""
    rows = asking.first_asked_of(request.user, most=ROWS + 1)
    return {"asked": rows[:ROWS], "asked_more": len(rows) > ROWS}


def _inbox_row(row: Assignment, marks: Marks) -> InboxRow:
    due = row.due_on or row.letter.due_on
    days = (due - timezone.localdate()).days if due else 0
    live = row.state in {"open", "accepted"}
    urgency = ""
    if due and live:
        urgency = "late" if days < 0 else "soon" if days <= SOON_DAYS else ""
    return InboxRow(row, due, urgency, abs(days), marks)
