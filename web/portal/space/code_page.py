"""The page of a code that was sent to somebody who is in their space."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from eservices.people.codes import good_for
from web.portal.access import see, wait_words
from web.portal.space import contact_codes
from web.portal.space.access import SpaceRequest
from web.retry_later import braked
from web.throttle import TooManyAttemptsError


def code_page(
    request: SpaceRequest,
    *,
    purpose: str,
    begin: str,
    submit: str,
    then: Callable[[contact_codes.Asked], HttpResponse],
) -> HttpResponse:
    """Show the form for the code; once it fits, answer as `then` does.

    `begin` names the address where a code is requested, `submit` are the words of the button.
    """
    under_way = contact_codes.asked(request, purpose=purpose)
    if under_way is None:
        return see(begin)
    filled = contact_codes.CodeForm(request.POST or None)
    context: dict[str, Any] = {
        "form": filled,
        "asked": under_way,
        "time": good_for(),
        "submit": submit,
    }
    if request.method != "POST":
        return render(request, "portal/space/code.html", context)
    try:
        if filled.is_valid() and contact_codes.fits(
            request, under_way, filled.cleaned_data["code"]
        ):
            return then(under_way)
    except TooManyAttemptsError as error:
        context["problem"] = wait_words(error)
        return braked(render(request, "portal/space/code.html", context), error)
    if filled.is_valid():
        context["problem"] = _("This code is not right, or its time is over.")
    return render(request, "portal/space/code.html", context, status=422)
