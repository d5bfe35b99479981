"""Routing slips as PDF: of one letter, or of several chosen in a list."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse

from registry.access import get_letter
from registry.models.letters import Letter
from routing.inbox.slips import draw_slips
from web.shared.guard import StaffRequest, page, reads_letters


@page(reads_letters)
def slip(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Serve the routing slip of one letter."""
    return slips_of([get_letter(request.user, letter_id)])


def slips_of(letters: Sequence[Letter]) -> HttpResponse:
    """Return one PDF of these letters, whose access the caller has checked."""
    name = letters[0].number.replace("/", "-") if len(letters) == 1 else "slips"
    answer = HttpResponse(draw_slips(letters), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer
