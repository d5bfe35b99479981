"""The page "my day", and the list of deposits without pieces that it leads to."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from web.context import permissions_for
from web.desk.day.sources import tiles_for, without_pieces
from web.shared.guard import StaffRequest, is_office, page
from web.shared.paging import page_of

ROWS: Final = 30


@page()
def show(request: StaffRequest) -> HttpResponse:
    """Show what waits for the person today."""
    permissions = permissions_for(request)
    found = tiles_for(request.user, permissions) if permissions else []
    context = {
        "tiles": found,
        "waiting": sum(1 for one in found if one.count),
        "today": timezone.localdate(),
    }
    return render(request, "web/day.html", context)


@page(is_office)
def lacking_pieces(request: StaffRequest) -> HttpResponse:
    """Show deposits that lack pieces requested from their sender, the oldest first."""
    found = page_of(
        without_pieces(request.user).select_related("pieces_request"),
        order=["registered_at", "pk"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    return render(
        request, "web/without_pieces.html", {"rows": found.rows, "next": found.next_cursor}
    )
