"""The signing folder: the visas and signatures that wait for the present user."""

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import render

from correspondence.acting.turns import waiting_for
from web.desk.guard import StaffRequest, page, reads_letters
from web.desk.letter.reply_steps import who_words
from web.shared.paging import page_of

ROWS = 20


@page(reads_letters)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the oldest first, each with the reply's text, to be decided from here."""
    found = page_of(
        waiting_for(request.user).annotate(since=F("reply__changed_at")),
        order=["since", "pk"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    rows = [(step, who_words(step)) for step in found.rows]
    return render(request, "web/signing_folder.html", {"rows": rows, "next": found.next_cursor})
