"""Legal holds: all that stand, and placing or lifting one on a letter."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from registry.access import get_letter, reads_letter
from registry.disposal.errors import DisposalNotAllowedError
from registry.disposal.holds import lift_hold, place_hold
from registry.disposal.rights import reads_lists
from registry.models.disposal import LegalHold
from web.shared.guard import StaffRequest, page, reads_letters, redirect_after, verb
from web.shared.paging import page_of

ROWS: Final = 30


@page(reads_lists)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the holds that stand on letters that the user may read, the newest first."""
    rows = LegalHold.objects.filter(reads_letter(request.user), lifted_at=None).select_related(
        "letter__kind", "placed_by"
    )
    cursor = str(request.GET.get("from", ""))
    found = page_of(rows, order=["-placed_at", "-pk"], cursor=cursor, limit=ROWS)
    context = {"rows": found.rows, "next": found.next_cursor}
    return render(request, "web/archives/holds.html", context)


@verb(reads_letters)
def on_letter(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Place a hold on a letter with a reason, or lift it with one."""
    letter = get_letter(request.user, letter_id)
    lifts = request.POST.get("what") == "lift"
    do = lift_hold if lifts else place_hold
    try:
        do(letter, actor=request.user, reason=request.POST.get("reason", ""))
        messages.success(request, _("The hold is lifted.") if lifts else _("The letter is held."))
    except DisposalNotAllowedError as error:
        messages.error(request, str(error))
    return redirect_after(reverse("desk:letter", args=[letter.pk]), request)
