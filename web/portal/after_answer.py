"""After the answer: the citizen reopens the letter once, and rates the answer."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.models.letters import Letter
from registry.receipts import full_receipt_of
from routing.acting.errors import NotAllowedError
from routing.closing.reopening import chance_of, reopen_by_citizen
from routing.closing.satisfaction import letter_of_token, may_rate, rate
from routing.models.closing import Reopening, Satisfaction
from web.portal import visit
from web.portal.access import by_citizen, of_visit, see, wait_words
from web.proof import count_from
from web.retry_later import braked
from web.shared.files import stored
from web.throttle import FOLLOW_BY_ADDRESS, TooManyAttemptsError

FACES = (
    (1, "face-1", gettext_lazy("Very bad")),
    (2, "face-2", gettext_lazy("Bad")),
    (3, "face-3", gettext_lazy("Fair")),
    (4, "face-4", gettext_lazy("Good")),
    (5, "face-5", gettext_lazy("Very good")),
)


def after_of(letter: Letter) -> dict[str, Any]:
    """Return what the letter's page shows after the answer."""
    return {
        "chance": chance_of(letter),
        "reopening": Reopening.objects.filter(letter=letter, by_citizen=True).first(),
        "full_receipt": full_receipt_of(letter),
        **_rating_of(letter),
    }


def _rating_of(letter: Letter) -> dict[str, Any]:
    return {
        "faces": FACES,
        "may_rate": may_rate(letter),
        "satisfaction": Satisfaction.objects.filter(letter=letter).first(),
    }


@require_POST
@by_citizen
@of_visit
def reopen(request: HttpRequest) -> HttpResponse:
    """Reopen the letter, once, with a reason: the answer does not settle the matter."""
    letter = visit.letter_of(request)
    try:
        reopen_by_citizen(letter, reason=request.POST.get("reason", "").replace("\0", ""))
    except NotAllowedError as error:
        messages.error(request, str(error))
    else:
        words = _("Your letter is taken up again. The department that answered has it back.")
        messages.success(request, words)
    return see("portal:letter")


@require_POST
@by_citizen
@of_visit
def rated(request: HttpRequest) -> HttpResponse:
    """Record a rating by one tap on a face, or a remark with it."""
    _take(request, visit.letter_of(request))
    return see("portal:letter")


@require_http_methods(["GET", "HEAD", "POST"])
@by_citizen
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Rate by the link of an answer's e-mail, which gives access to nothing else of the letter."""
    try:
        count_from(request, FOLLOW_BY_ADDRESS)
    except TooManyAttemptsError as error:
        context: dict[str, Any] = {"problem": wait_words(error)}
        return braked(render(request, "portal/rate.html", context), error)
    letter = letter_of_token(token)
    if letter is None:
        return render(request, "portal/rate.html", {"unknown": True}, status=404)
    if request.method == "POST":
        _take(request, letter)
        return see("portal:rate", token)
    return render(request, "portal/rate.html", {"letter": letter, **_rating_of(letter)})


def _take(request: HttpRequest, letter: Letter) -> None:
    given = request.POST.get("score", "")
    remark = request.POST["remark"].replace("\0", "") if "remark" in request.POST else None
    try:
        rate(letter, score=int(given) if given in {"1", "2", "3", "4", "5"} else 0, remark=remark)
    except NotAllowedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Thank you. Your rating is kept."))


@require_safe
@of_visit
def full_receipt(request: HttpRequest) -> HttpResponseBase:
    """Return the receipt that promises a day, as PDF."""
    letter = visit.letter_of(request)
    found = full_receipt_of(letter)
    if found is None or found.file is None:
        raise Http404
    name = f"{letter.number.replace('/', '-')}-receipt.pdf"
    return stored(found.file, "application/pdf", name=name)
