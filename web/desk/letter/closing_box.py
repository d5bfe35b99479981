"""The closing box of a letter's page: outcome, reopenings, rating, receipts with a due date."""

from collections.abc import Set
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from registry.access import get_letter
from registry.kinds import RegistryEvent
from registry.models.letters import Letter
from registry.models.registers import Register
from registry.receipts import full_receipt_of, office_copy
from routing.acting.verbs import LetterVerb
from routing.clocks import promising
from routing.closing import outcomes, reopening
from routing.closing.reopening import DONE
from routing.kinds import RoutingEvent
from routing.models.closing import Outcome, Reopening, Satisfaction
from web.desk.files import waiting
from web.desk.letter_events import Happened
from web.shared.files import stored
from web.shared.guard import StaffRequest, back_to_letter, page, reads_letters, verb

DECIDED: Final = (RoutingEvent.OUTCOME_RECORDED, RoutingEvent.OUTCOME_CORRECTED)
ENDING: Final = {LetterVerb.RECORD_OUTCOME, LetterVerb.REOPEN, LetterVerb.ISSUE_RECEIPT}


def closing_of(letter: Letter, can: Set[str], happened: Happened) -> dict[str, Any]:
    """Return what the letter's page shows of its closing.

    `receipt_behind`: the due date has changed since the receipt. `is_complaint` and `outcomes` are
    for the forms of signing off and of correcting; `closes`: there is something to show or to do.
    """
    issued = happened.any_of(RegistryEvent.RECEIPT_ISSUED)
    receipt = full_receipt_of(letter) if issued else None
    promised = receipt.words.get("due_on", "") if receipt else ""
    again = _reopenings(letter) if happened.any_of(RoutingEvent.REOPENED) else []
    answered = letter.stage in DONE or again
    shown = {
        "reopenings": again,
        "satisfaction": Satisfaction.objects.filter(letter=letter).first() if answered else None,
        "full_receipt": receipt,
        "outcome": outcomes.outcome_of(letter) if happened.any_of(*DECIDED) else None,
    }
    return {
        **shown,
        "closes": any(shown.values()) or bool(can & ENDING),
        "is_complaint": outcomes.is_complaint(letter.kind),
        "outcomes": Outcome.Value.choices if _came_in(letter) else [],
        "receipt_behind": bool(letter.due_on) and promised != str(letter.due_on),
    }


def _reopenings(letter: Letter) -> list[Reopening]:
    return list(Reopening.objects.filter(letter=letter).select_related("reopened_by"))


def _came_in(letter: Letter) -> bool:
    return letter.register.direction == Register.Direction.INCOMING


@verb(reads_letters)
def outcome(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Record the outcome of a closed letter, or correct it with a reason."""
    letter = get_letter(request.user, letter_id)
    outcomes.record_outcome(
        letter,
        actor=request.user,
        value=request.POST.get("outcome", ""),
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, _("The outcome is recorded."))
    return back_to_letter(request, letter.pk, "#closing")


@verb(reads_letters)
def reopen(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Reopen an answered letter, with a reason."""
    letter = get_letter(request.user, letter_id)
    reopening.reopen(letter, actor=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, _("The letter is taken up again."))
    return back_to_letter(request, letter.pk, "#closing")


@verb(reads_letters)
def issue_receipt(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Issue a receipt with the present due date; an earlier one stays as it was."""
    letter = get_letter(request.user, letter_id)
    promising.issue_supplement(letter, actor=request.user)
    messages.success(request, _("The receipt is issued and will be drawn in a moment."))
    return back_to_letter(request, letter.pk, "#closing")


@page(reads_letters)
def full_receipt(request: StaffRequest, letter_id: UUID) -> HttpResponseBase:
    """Serve the newest receipt with due date, as PDF."""
    letter = get_letter(request.user, letter_id)
    found = full_receipt_of(letter)
    if found is None or found.file is None:
        raise Http404
    file = office_copy(found)
    if file is None:
        return waiting(request, letter, "desk:full_receipt")
    name = f"{letter.number.replace('/', '-')}-receipt.pdf"
    return stored(file, "application/pdf", name=name)
