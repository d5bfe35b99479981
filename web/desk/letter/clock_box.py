"""The clock box of a letter's page: whether the clock is stopped and why, and possible actions."""

from collections.abc import Callable, Iterable, Set
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from registry.access import get_letter
from registry.models.letters import Letter
from registry.models.pieces import PiecesRequest
from registry.models.receipts import Receipt
from registry.pieces import open_request
from registry.receipts import office_copy
from registry.refusals import DepositRefusedError
from routing.clocks import pieces, stopping
from routing.clocks.due_date_words import reason_words, words_of
from routing.kinds import RoutingEvent
from routing.models.assignments import Assignment
from routing.models.clocks import ClockStop
from routing.models.states import LIVE
from web.desk.files import waiting
from web.desk.letter_events import Happened
from web.shared.files import stored
from web.shared.guard import StaffRequest, back_to_letter, files_refused, page, reads_letters, verb
from web.uploads import arrived, takes_uploads

VERBS = {"stop_clock", "restart_clock", "extend_clock", "ask_pieces", "add_pieces"}


def clock_of(
    letter: Letter, can: Set[str], *, happened: Happened, assignments: Iterable[Assignment]
) -> dict[str, Any]:
    """Return what the box shows; empty for a letter without a clock and without missing pieces."""
    stopped = happened.any_of(RoutingEvent.CLOCK_STOPPED, RoutingEvent.PIECES_ASKED)
    stops = list(ClockStop.objects.filter(letter=letter).order_by("stopped_at")) if stopped else []
    standing = next((stop for stop in stops if stop.to_on is None), None)
    asked = _asked(letter) if happened.any_of(RoutingEvent.PIECES_ASKED) else None
    own = _own_clocks(assignments)
    if not (stops or asked or own or can & VERBS):
        return {}
    return {
        "own": own,
        "standing": standing,
        "reason": reason_words(standing.reason) if standing else "",
        "asked": asked,
    }


def _asked(letter: Letter) -> PiecesRequest | None:
    return PiecesRequest.objects.filter(letter=letter).select_related("receipt").first()


def _own_clocks(assignments: Iterable[Assignment]) -> list[tuple[Assignment, str]]:
    """Return the departments with a clock of their own for this letter, each with why."""
    rows = [row for row in assignments if row.state in LIVE and row.due_explained]
    rows.sort(key=lambda row: (row.due_on is None, row.due_on))
    language = (get_language() or "fr")[:2]
    return [(row, words_of(row.due_explained, language=language)) for row in rows]


def _stop(request: StaffRequest, letter: Letter) -> str:
    stopping.stop_clock(letter, actor=request.user, reason=request.POST.get("reason", ""))
    return _("The clock stands from today.")


def _restart(request: StaffRequest, letter: Letter) -> str:
    stopping.restart_clock(letter, actor=request.user, reason=request.POST.get("reason", ""))
    return _("The clock goes on; the due date is counted anew.")


def _extend(request: StaffRequest, letter: Letter) -> str:
    stopping.extend_clock(letter, actor=request.user, reason=request.POST.get("reason", ""))
    return _("The term is extended.")


def _ask(request: StaffRequest, letter: Letter) -> str:
    pieces.ask_for_pieces(letter, actor=request.user, pieces=request.POST.get("pieces", ""))
    return _("The pieces are asked for; the clock stands until they are here.")


ON_CLOCK: dict[str, Callable[[StaffRequest, Letter], str]] = {
    "stop": _stop,
    "restart": _restart,
    "extend": _extend,
    "ask": _ask,
}


@verb(reads_letters)
def on_clock(request: StaffRequest, letter_id: UUID, what: str) -> HttpResponse:
    """Stop, restart or extend the clock, or request missing pieces."""
    letter = get_letter(request.user, letter_id)
    do = ON_CLOCK.get(what)
    if do is None:
        raise Http404
    messages.success(request, do(request, letter))
    return back_to_letter(request, letter.pk, "#clock")


@takes_uploads
@verb(reads_letters)
def add_pieces(request: StaffRequest, letter_id: UUID) -> HttpResponseBase:
    """Add the pieces that the sender brought to a letter."""
    letter = get_letter(request.user, letter_id)
    back = reverse("desk:letter", args=[letter.pk])
    numbers = request.POST.getlist("pieces")
    try:
        pieces.add_pieces(
            letter,
            actor=request.user,
            files=arrived(request),
            received=[int(n) for n in numbers if n.isdecimal() and len(n) < 4],
            complete=bool(request.POST.get("complete")),
        )
    except DepositRefusedError as error:
        return files_refused(request, error, otherwise=f"{back}#clock")
    else:
        messages.success(request, _added_words(letter))
    return back_to_letter(request, letter.pk, "#clock")


def _added_words(letter: Letter) -> str:
    if open_request(letter):
        return _("What came is noted; other pieces are still missing.")
    return _("The pieces are added; the clock goes on.")


@page(reads_letters)
def pieces_receipt(request: StaffRequest, letter_id: UUID) -> HttpResponseBase:
    """Serve the receipt that names the missing pieces, to be printed."""
    letter = get_letter(request.user, letter_id)
    rows = letter.receipts.filter(kind=Receipt.Kind.PIECES)
    found = rows.select_related("file", "office_file").first()
    if found is None or found.file is None:
        raise Http404
    file = office_copy(found)
    if file is None:
        return waiting(request, letter, "desk:pieces_receipt")
    name = f"{letter.number.replace('/', '-')}-pieces.pdf"
    return stored(file, "application/pdf", name=name)
