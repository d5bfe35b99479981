"""Messages that a citizen requests: number and link again, or the lost code."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from correspondence.dispatch.sender_messages import (
    available_ways,
    contact_hash,
    notify_sender,
    send_code_again,
    way_of,
)
from correspondence.dispatch.sender_words import About
from language.numerals import registry_number_key
from registry.following import incoming_letter
from web.portal import visit
from web.portal.access import by_citizen, of_visit, see, wait_words
from web.portal.forms import LostCodeForm
from web.proof import count_from
from web.retry_later import braked
from web.throttle import CODE_BY_NUMBER, FOLLOW_BY_ADDRESS, TooManyAttemptsError, count_attempt


@require_POST
@by_citizen
@of_visit
def send_again(request: HttpRequest) -> HttpResponse:
    """Send number and link once more, on the ways chosen at the deposit."""
    letter = visit.letter_of(request)
    try:
        count_attempt(CODE_BY_NUMBER, letter.number)
        with transaction.atomic():
            ways = notify_sender(letter, About.REQUEST)
    except TooManyAttemptsError as error:
        messages.error(request, wait_words(error))
    else:
        if ways:
            messages.success(request, _("The message is on its way."))
    return see("portal:letter")


@require_http_methods(["GET", "HEAD", "POST"])
def lost_code(request: HttpRequest) -> HttpResponse:
    """Send a lost code to the address given at the deposit; the answer is the same for all."""
    context = {"form": LostCodeForm(), "possible": bool(available_ways())}
    if request.method != "POST":
        return render(request, "portal/lost_code.html", context)
    filled = LostCodeForm(request.POST)
    if not filled.is_valid():
        return render(request, "portal/lost_code.html", {**context, "form": filled}, status=422)
    number, contact = filled.cleaned_data["number"], filled.cleaned_data["contact"]
    try:
        count_from(request, FOLLOW_BY_ADDRESS)
        count_attempt(CODE_BY_NUMBER, _asked_for(number, contact))
    except TooManyAttemptsError as error:
        told = {**context, "form": filled, "problem": wait_words(error)}
        return braked(render(request, "portal/lost_code.html", told), error)
    with transaction.atomic():
        send_code_again(incoming_letter(number), contact=contact)
    return render(request, "portal/lost_code.html", {**context, "sent": True})


def _asked_for(number: str, contact: str) -> str:
    """Return letter and address, the same however they are written: each message is counted."""
    letter = registry_number_key(number) or number.strip().upper()
    return f"{letter}:{contact_hash(way_of(contact), contact)}"
