"""Missing pieces that the office requested: the citizen adds them to the visited letter."""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from registry.models.letters import Letter
from registry.models.pieces import PiecesRequest
from registry.models.receipts import Receipt
from registry.refusals import DepositRefusedError, Refusal
from routing.acting.errors import NotAllowedError
from routing.clocks.pieces import add_pieces
from web.held import Shelf, kept_of, not_kept
from web.knocking import announced, looked_at_by
from web.portal import visit
from web.portal.door import by_citizen, closed, of_visit, see, wait_words
from web.portal.visit import VisitOverError
from web.shared.files import stored
from web.throttle import DEPOSIT_BY_ADDRESS, TooManyAttemptsError, address_of, count_from, look
from web.uploads import arrived, request_limit, take_uploads


def asked_of(letter: Letter, request: HttpRequest) -> dict[str, Any]:
    """Return what the letter's page shows of a request for pieces."""
    asked = PiecesRequest.objects.filter(letter=letter).select_related("receipt").first()
    return {
        "asked": asked,
        "held": _shelf(request, letter).files() if asked and not asked.answered_at else [],
        "limit_mb": settings.UPLOAD_MAX_MB,
        "limit_files": settings.UPLOAD_MAX_FILES,
    }


def _look(request: HttpRequest) -> HttpResponseBase | None:
    """Check size, visit and number of attempts before large pieces are read."""
    if announced(request) > request_limit():
        return _too_much(request)
    try:
        visit.letter_of(request)
        look(DEPOSIT_BY_ADDRESS, address_of(request))
    except VisitOverError:
        return closed(request)
    except TooManyAttemptsError as error:
        messages.error(request, wait_words(error))
        return see("portal:letter")
    return None


@looked_at_by(_look)
@csrf_exempt
@require_POST
@by_citizen
def add(request: HttpRequest) -> HttpResponseBase:
    """Set how files are read, and count the attempt, before the CSRF check reads the form."""
    if announced(request) > request_limit():
        return _too_much(request)
    take_uploads(request)
    answer: HttpResponseBase = csrf_protect(_take)(request)
    return answer


def _too_much(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("These files are too large together. Nothing was added."))
    return see("portal:letter")


@of_visit
def _take(request: HttpRequest) -> HttpResponse:
    letter, new = visit.letter_of(request), arrived(request)
    shelf = _shelf(request, letter)
    shelf.leave_out(request.POST.getlist("leave_out"))
    try:
        count_from(request, DEPOSIT_BY_ADDRESS)
        with ExitStack() as cleanup:
            add_pieces(letter, actor=None, files=shelf.with_new(new, cleanup))
    except TooManyAttemptsError as error:
        messages.error(request, " ".join([wait_words(error), *_words(not_kept(new))]))
    except DepositRefusedError as error:
        said = kept_of(shelf, new, refusals=error.refusals)
        messages.error(request, " ".join(_words(said)))
    except NotAllowedError as error:
        messages.warning(request, str(error))
    else:
        shelf.used()
        messages.success(request, _("Your pieces are here. The time for the answer goes on."))
    return see("portal:letter")


def _shelf(request: HttpRequest, letter: Letter) -> Shelf:
    return Shelf(request, "portal.pieces", str(letter.pk))


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
