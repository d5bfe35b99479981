"""The check of files that are sent in a visit, before they are read."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from web.header_checks import announced_length
from web.portal import visit
from web.portal.access import closed, see, wait_words
from web.portal.visit import VisitOverError
from web.proof import check_from
from web.throttle import DEPOSIT_BY_ADDRESS, TooManyAttemptsError
from web.uploads import request_limit


def check_sent_files(request: HttpRequest) -> HttpResponseBase | None:
    """Refuse files by their size, the visit or the number of attempts; None lets them in."""
    if announced_length(request) > request_limit():
        return too_much(request)
    try:
        visit.letter_of(request)
        check_from(request, DEPOSIT_BY_ADDRESS)
    except VisitOverError:
        return closed(request)
    except TooManyAttemptsError as error:
        messages.error(request, wait_words(error))
        return see("portal:letter")
    return None


def too_much(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("These files are too large together. Nothing was added."))
    return see("portal:letter")
