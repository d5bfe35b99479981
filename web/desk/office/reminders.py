"""A user's reminders: which letters are due, and marking them as seen."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from registry.access import reads_letter
from routing.clocks.stand_in_reminders import reminders_of
from routing.models.clocks import Reminder
from web.desk.letter.notes import named_box
from web.shared.guard import StaffRequest, page, reads_letters, redirect_after, verb
from web.shared.paging import page_of

ROWS = 30


@page(reads_letters)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the reminders not seen yet, the most pressing first.

    Also those of people the user is the delegate for; only of letters that the user may read.
    """
    rows = reminders_of(request.user).filter(reads_letter(request.user), seen_at=None)
    rows = rows.select_related("letter", "department", "instead_of")
    found = page_of(rows, order=["due_on", "id"], cursor=request.GET.get("from", ""), limit=ROWS)
    today = timezone.localdate()
    lines = [(row, (row.due_on - today).days) for row in found.rows]
    context = {"lines": lines, "next": found.next_cursor, **named_box(request)}
    return render(request, "web/reminders.html", context)


@verb(reads_letters)
def seen(request: StaffRequest) -> HttpResponse:
    """Mark all of the user's own reminders as seen."""
    rows = Reminder.objects.filter(person=request.user, seen_at=None)
    rows.update(seen_at=timezone.now())
    return redirect_after(reverse("desk:reminders"), request)
