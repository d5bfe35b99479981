"""The two places where work waits: the office's tray and a department's inbox."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobs.models import Job
from registry.models import Document, Letter
from routing import services as routing
from routing.models import Assignment, Suggestion
from web.desk.facts import Proposal, proposals_by_field
from web.desk.forms import department_choices
from web.desk.guard import StaffRequest, in_department, is_office, page
from web.desk.paging import page_of

NEVER = date(9999, 12, 31)
SOON_DAYS = 5
ROWS = 25


@dataclass(frozen=True, slots=True)
class TrayRow:
    """A letter that waits, its first page, what the reading proposes, whether it is still read."""

    letter: Letter
    document: Document | None
    pictured: bool
    subject: str
    departments: list[Proposal]
    kind: Proposal | None
    reading: bool


@page(is_office)
def tray(request: StaffRequest) -> HttpResponse:
    """Letters that no department has yet, the longest waiting first."""
    waiting = routing.tray(request.user)
    found = page_of(
        waiting, order=["registered_at", "pk"], cursor=request.GET.get("from", ""), limit=ROWS
    )
    context = {
        "rows": _tray_rows(found.rows),
        "next": found.next_cursor,
        "total": waiting.count(),
        "departments": department_choices(),
        **_live(),
    }
    return render(request, "web/tray.html", context)


def _tray_rows(letters: list[Letter]) -> list[TrayRow]:
    """Three queries, however many letters."""
    ids = [letter.pk for letter in letters]
    suggestions: dict[Any, list[Suggestion]] = {}
    for row in Suggestion.objects.filter(letter__in=ids, current=True):
        suggestions.setdefault(row.letter_id, []).append(row)
    first = {d.letter_id: d for d in Document.objects.filter(letter__in=ids, position=1)}
    busy = set(
        Job.objects.filter(
            subject__in=[str(i) for i in ids],
            kind__in=["letter.read", "letter.understand", "letter.route"],
            state__in=["ready", "running"],
        ).values_list("subject", flat=True)
    )
    return [
        _tray_row(letter, first.get(letter.pk), suggestions.get(letter.pk, []), busy)
        for letter in letters
    ]


def _tray_row(
    letter: Letter, document: Document | None, rows: list[Suggestion], busy: set[str]
) -> TrayRow:
    proposed = proposals_by_field(rows)
    subject = letter.subject or next((p.value for p in proposed.get("subject", [])), "")
    kind = document.media_type if document else ""
    return TrayRow(
        letter=letter,
        document=document,
        pictured=bool(document)
        and not (document and document.problem)
        and (kind == "application/pdf" or kind.startswith("image/")),
        subject=subject,
        departments=proposed.get("department", [])[:3],
        kind=next(iter(proposed.get("kind", [])), None),
        reading=str(letter.pk) in busy,
    )


@page(is_office)
def tray_live(request: StaffRequest) -> HttpResponse:
    """A fragment: what is being read at this moment. It stops asking when nothing is."""
    return render(request, "web/parts/live.html", {**_live(), "polled": True})


def _live() -> dict[str, Any]:
    """Running readings with their pages, and how many wait behind them."""
    jobs = Job.objects.filter(kind="letter.read")
    running = list(jobs.filter(state="running").order_by("id")[:4])
    numbers = dict(
        Letter.objects.filter(pk__in=[job.subject for job in running]).values_list("pk", "number")
    )
    return {
        "running": [(numbers.get(UUID(job.subject), ""), job) for job in running],
        "waiting": jobs.filter(state="ready").count(),
    }


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An assignment and how its day stands: "late", "soon" or ""."""

    assignment: Assignment
    due: date | None
    urgency: str
    days: int


SHOWN = (
    ("open", _("To accept"), ["open"]),
    ("accepted", _("In hand"), ["accepted"]),
    ("done", _("Signed off"), ["signed_off"]),
)


@page(in_department)
def inbox(request: StaffRequest) -> HttpResponse:
    """What lies with the person's departments, by due date; the overdue first."""
    mine = routing.inbox(request.user)
    shown = request.GET.get("show", "")
    states = next((states for code, _label, states in SHOWN if code == shown), ["open", "accepted"])
    rows: QuerySet[Assignment] = mine.filter(state__in=states)
    if code := request.GET.get("department", ""):
        rows = rows.filter(department__code=code)
    found = page_of(
        rows.annotate(day=Coalesce(F("due_on"), F("letter__due_on"), NEVER)),
        order=["day", "pk"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    context = {
        "rows": [_inbox_row(row) for row in found.rows],
        "next": found.next_cursor,
        "shown": shown,
        "choices": [(code, label) for code, label, _states in SHOWN],
        "department": code,
        "counts": _counts(mine),
    }
    return render(request, "web/inbox.html", context)


def _counts(mine: "QuerySet[Assignment]") -> dict[str, int]:
    today = timezone.localdate()
    live = mine.filter(state__in=["open", "accepted"])
    return {
        "open": mine.filter(state="open").count(),
        "accepted": mine.filter(state="accepted").count(),
        "late": live.filter(due_on__lt=today).count(),
    }


def _inbox_row(row: Assignment) -> InboxRow:
    due = row.due_on or row.letter.due_on
    days = (due - timezone.localdate()).days if due else 0
    live = row.state in {"open", "accepted"}
    urgency = ""
    if due and live:
        urgency = "late" if days < 0 else "soon" if days <= SOON_DAYS else ""
    return InboxRow(row, due, urgency, abs(days))
