"""Into my space and out of it: a contact, a code, no password and no account."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from eservices.people import oidc
from eservices.people.codes import good_for
from eservices.people.letters import note_letters
from eservices.people.persons import person_for
from web.portal.access import see, wait_words
from web.portal.forms import sms_risk
from web.portal.space import contact_codes, session
from web.portal.space.access import page_to, plain
from web.retry_later import braked
from web.shared.sessions import forget_pages
from web.throttle import TooManyAttemptsError

PURPOSE: Final = "sign-in"


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form for a contact and send a code; the answer is the same for every contact."""
    if request.method != "POST":
        if session.person_in(request) is not None:
            return see("portal:space")
        return _contact_page(request, contact_codes.ContactForm())
    plain(request)
    filled = contact_codes.ContactForm(request.POST)
    if not filled.is_valid():
        return _contact_page(request, filled, status=422)
    go_on = request.POST.get("next", "")
    try:
        contact_codes.ask(request, filled.cleaned_data["contact"], purpose=PURPOSE, go_on=go_on)
    except TooManyAttemptsError as error:
        return braked(_contact_page(request, filled, problem=wait_words(error)), error)
    return see("portal:space_code")


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Show the form for the code; the person is in once it fits."""
    under_way = contact_codes.asked(request, purpose=PURPOSE)
    if under_way is None:
        return see("portal:space_sign_in")
    if request.method != "POST":
        return _code_page(request, under_way, contact_codes.CodeForm())
    plain(request)
    filled = contact_codes.CodeForm(request.POST)
    if not filled.is_valid():
        return _code_page(request, under_way, filled, status=422)
    try:
        fitting = contact_codes.fits(request, under_way, filled.cleaned_data["code"])
    except TooManyAttemptsError as error:
        page = _code_page(request, under_way, filled, problem=wait_words(error))
        return braked(page, error)
    if not fitting:
        problem = _("This code is not right, or its time is over. You can have a new one sent.")
        return _code_page(request, under_way, filled, problem=problem, status=422)
    language = (get_language() or "fr")[:2]
    person = person_for(under_way.way, under_way.contact, language=language)
    note_letters(person, anew=True)
    session.begin(request, person)
    return HttpResponseRedirect(page_to(request, under_way.next), status=303)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Go out: nothing stays on this computer."""
    contact_codes.forget(request)
    session.end(request)
    messages.success(request, _("You are out. Nothing of yours stays on this computer."))
    return forget_pages(see("portal:space_sign_in"))


def _contact_page(
    request: HttpRequest, filled: contact_codes.ContactForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "form": filled,
        "problem": problem,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "sms_risk": sms_risk(),
        "eid": oidc.is_set(),
    }
    return render(request, "portal/space/sign_in.html", context, status=status)


def _code_page(
    request: HttpRequest,
    under_way: contact_codes.Asked,
    filled: contact_codes.CodeForm,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": filled,
        "problem": problem,
        "asked": under_way,
        "time": good_for(),
        "again": reverse("portal:space_sign_in"),
        "submit": _("Enter"),
    }
    return render(request, "portal/space/code.html", context, status=status)
