"""Pieces that the citizen adds to the visited letter: those that are missing, or others."""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from registry.models.letters import Letter
from registry.models.pieces import Piece, PiecesRequest
from registry.models.receipts import Receipt
from registry.pieces import open_request
from registry.refusals import DepositRefusedError, Refusal
from registry.states import Stage
from routing.acting.errors import NotAllowedError
from routing.clocks.pieces import add_from_citizen, add_pieces
from routing.kinds import RoutingEvent
from web.header_checks import checked_by
from web.models import PendingUpload
from web.pending_uploads import PendingUploads, keep_uploads, not_kept
from web.portal import visit
from web.portal.access import by_citizen, of_visit, see, wait_words
from web.portal.large_forms import with_uploads
from web.portal.sent_files import check_sent_files, too_much
from web.proof import count_from
from web.shared.files import stored
from web.throttle import DEPOSIT_BY_ADDRESS, TooManyAttemptsError
from web.uploads import arrived


def asked_of(letter: Letter, request: HttpRequest) -> dict[str, Any]:
    """Return what the letter's page shows of a request for pieces, and of adding others."""
    asked = PiecesRequest.objects.filter(letter=letter).select_related("receipt").first()
    waiting = asked is not None and asked.answered_at is None
    return {
        "asked": asked,
        "pieces": [(piece, _held(request, letter, piece)) for piece in asked.each] if asked else [],
        "some_came": waiting and letter.events.filter(kind=RoutingEvent.PIECE_ADDED).exists(),
        "may_add": letter.stage != Stage.VOIDED and not request.user.is_authenticated,
        "held": _pending(request, letter).files(),
        "limit_mb": settings.UPLOAD_MAX_MB,
        "limit_files": settings.UPLOAD_MAX_FILES,
    }


def _held(request: HttpRequest, letter: Letter, piece: Piece) -> list[PendingUpload]:
    return [] if piece.received_at else _pending(request, letter, piece.number).files()


@checked_by(check_sent_files)
@csrf_exempt
@require_POST
@by_citizen
def add(request: HttpRequest) -> HttpResponseBase:
    """Add files to the visited letter; the attempt is counted before they are read."""
    return with_uploads(_take, request, too_much=too_much)


@of_visit
def _take(request: HttpRequest) -> HttpResponse:
    letter, new = visit.letter_of(request), arrived(request)
    given = request.POST.get("piece", "")
    piece = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 0
    pending = _pending(request, letter, piece)
    pending.leave_out(request.POST.getlist("leave_out"))
    try:
        count_from(request, DEPOSIT_BY_ADDRESS)
        with ExitStack() as cleanup:
            files = pending.with_new(new, cleanup)
            complete = add_from_citizen(letter, files=files, piece=piece)
    except TooManyAttemptsError as error:
        messages.error(request, " ".join([wait_words(error), *_words(not_kept(new))]))
    except DepositRefusedError as error:
        said = keep_uploads(pending, new, refusals=error.refusals)
        messages.error(request, " ".join([_("Nothing was added yet."), *_words(said)]))
    except NotAllowedError as error:
        messages.warning(request, str(error))
    else:
        pending.used()
        messages.success(request, _thanks(letter, complete=complete))
    return see("portal:letter")


def _thanks(letter: Letter, *, complete: bool) -> str:
    if complete:
        return _("Your pieces are here. The time for the answer goes on.")
    if open_request(letter):
        return _("It has arrived. The pieces that are still missing are named below.")
    return _("It has arrived and was added to your letter.")


@require_POST
@by_citizen
@of_visit
def complete(request: HttpRequest) -> HttpResponse:
    """End the waiting for pieces: the citizen has sent everything."""
    letter = visit.letter_of(request)
    try:
        add_pieces(letter, actor=None, complete=True)
    except NotAllowedError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("We have noted it. The time for the answer goes on."))
    return see("portal:letter")


def _pending(request: HttpRequest, letter: Letter, piece: int = 0) -> PendingUploads:
    return PendingUploads(
        request, "portal.pieces", f"{letter.pk}:{piece}" if piece else str(letter.pk)
    )


def _words(refusals: Sequence[Refusal]) -> list[str]:
    return [refusal.words() for refusal in refusals]


@require_safe
@of_visit
def receipt(request: HttpRequest) -> HttpResponseBase:
    """Return the receipt that names the missing pieces, as PDF."""
    letter = visit.letter_of(request)
    rows = letter.receipts.filter(kind=Receipt.Kind.PIECES).select_related("file")
    found = rows.first()
    if found is None or found.file is None:
        raise Http404
    name = f"{letter.number.replace('/', '-')}-pieces.pdf"
    return stored(found.file, "application/pdf", name=name)
