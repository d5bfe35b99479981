"""The sender's copy of a receipt, with the code: given once, by the depositing clerk."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from registry import sender_copies, tracking
from registry.models.letters import Letter
from registry.sender_copies import NotHandedOverError
from web.desk.files import own_deposit, waiting
from web.shared.files import receipt_of, stored
from web.shared.guard import StaffRequest, is_office, page, verb


def sender_copy_of(request: StaffRequest, letter: Letter) -> dict[str, Any]:
    """Return what a deposit's page shows of the sender's copy; the code once the copy is given."""
    fresh = sender_copies.may_hand_over(letter, request.user)
    handed = sender_copies.handed_over(letter)
    return {
        "may_hand_over": fresh and handed is None,
        "handed": handed,
        "code": tracking.code_of(letter.pk) if fresh and handed else "",
        "until": sender_copies.until(letter),
    }


@verb(is_office)
def hand_over(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Record that the sender gets number and code, then show them to the clerk for a while."""
    letter = own_deposit(request.user, letter_id)
    try:
        sender_copies.hand_over_receipt(letter, actor=request.user)
    except NotHandedOverError as error:
        messages.error(request, str(error))
    answer = redirect("desk:registered", letter.pk)
    answer.status_code = 303
    return answer


@page(is_office)
def sender_receipt(request: StaffRequest, letter_id: UUID) -> HttpResponseBase:
    """Serve the receipt with the code as PDF, to be printed for the sender."""
    letter = own_deposit(request.user, letter_id)
    if not sender_copies.is_open(letter, request.user):
        raise PermissionDenied
    found = receipt_of(letter)
    if found is None or found.file is None:
        return waiting(request, letter, "desk:sender_receipt")
    return stored(found.file, "application/pdf", name=f"{letter.number.replace('/', '-')}.pdf")
