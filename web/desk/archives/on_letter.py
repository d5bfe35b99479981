"""What a letter's page shows of the archives: a hold, and the stub of one that is gone."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from org.models import User
from org.people import permissions_of
from registry.disposal.holds import may_hold, open_hold
from registry.disposal.rights import lists_seen_by, reads_lists
from registry.kinds import RegistryEvent
from registry.models.disposal import DisposalEntry
from registry.models.letters import Letter
from web.desk.letter_events import Happened
from web.shared.guard import StaffRequest


def hold_box(letter: Letter, user: User, happened: Happened) -> dict[str, Any]:
    """Return the hold that stands, and whether the user may place or lift one."""
    held = open_hold(letter) if happened.any_of(RegistryEvent.HOLD_PLACED) else None
    return {"hold": held, "may_hold": may_hold(letter, user)}


def show_stub(request: StaffRequest, letter: Letter) -> HttpResponse:
    """Show what the register keeps of a letter that was disposed of."""
    entry = DisposalEntry.objects.filter(letter=letter, disposal=letter.disposal_id).first()
    permissions = permissions_of(request.user)
    seen = lists_seen_by(permissions).filter(pk=letter.disposal_id)
    context = {
        "letter": letter,
        "entry": entry,
        "opens": reads_lists(permissions) and seen.exists(),
    }
    return render(request, "web/archives/stub.html", context)
