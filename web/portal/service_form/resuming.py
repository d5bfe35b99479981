"""Come back later: the code of a draft shown and sent, given again, or the draft given up."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from correspondence.dispatch.sender_messages import available_ways
from eservices.people.codes import contact_hash, key_of, way_of
from eservices.phone_words import phone_problem
from eservices.requests import drafts
from eservices.requests.draft_messages import UnreachableError, send_draft_code
from eservices.requests.models import Draft
from language.reach import is_miscounted
from web import proof
from web.portal import open_forms
from web.portal.access import see, wait_words
from web.portal.forms import sms_risk
from web.portal.service_form.filling import Filling, filling_of, of_form
from web.portal.service_form.questions import next_address
from web.portal.space.session import person_in
from web.retry_later import braked
from web.shared.asking import asks_first
from web.throttle import (
    CODE_BY_NUMBER,
    FOLLOW_BY_ADDRESS,
    TooManyAttemptsError,
    count_attempt,
    count_contact,
    count_from,
    wrong_code,
)


@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Go on with the form whose code is given; a wrong code is distinguished from an empty one."""
    if request.method != "POST":
        return render(request, "portal/service_form/resume.html", {})
    given = request.POST.get("code", "").replace("\0", "")[:60]
    try:
        proof.count_from(request, FOLLOW_BY_ADDRESS)
    except TooManyAttemptsError as error:
        context = {"problem": wait_words(error), "given": given}
        return braked(render(request, "portal/service_form/resume.html", context), error)
    draft = drafts.draft_by_code(given)
    if draft is None:
        wrong_code(request, "draft")
        words = _("There is no form with this code, or its time is over.")
        context = {"problem": words, "given": given}
        return render(request, "portal/service_form/resume.html", context, status=422)
    return _enter(request, draft)


def _enter(request: HttpRequest, draft: Draft) -> HttpResponse:
    open_forms.enter(request, draft)
    try:
        filling = filling_of(request, draft.version.service.code)
    except Http404:
        messages.info(request, _("This service is not offered at the moment."))
        return see("portal:home")
    answer = redirect(next_address(filling))
    answer.status_code = 303
    return answer


@require_POST
def take_up(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Go on with a form of the person who is signed in."""
    person, draft = person_in(request), drafts.open_draft(str(draft_id))
    if person is None or draft is None or draft.person_id != person.pk or draft.request_id:
        raise Http404
    return _enter(request, draft)


@require_http_methods(["GET", "HEAD", "POST"])
@of_form()
def keep(request: HttpRequest, filling: Filling) -> HttpResponse:
    """Show the code by which the form is found again, and send it where that is wished."""
    if request.method != "POST":
        return _page(filling)
    contact = request.POST.get("contact", "").replace("\0", "")[:254]
    draft = filling.begun()
    try:
        count_from(request, FOLLOW_BY_ADDRESS)  # no proof pays for an SMS
        if key_of(way_of(contact), contact):
            count_contact(request, contact_hash(way_of(contact), contact))
        count_attempt(CODE_BY_NUMBER, f"draft:{draft.pk}")
        send_draft_code(draft, contact=contact)
    except TooManyAttemptsError as error:
        return braked(_page(filling, wait_words(error), contact=contact), error)
    except UnreachableError:
        words = _("Give an e-mail address or a phone number that we can send to.")
        if is_miscounted(contact):
            words = phone_problem(contact)
        return _page(filling, words, contact=contact, status=422)
    messages.success(request, _("The code is on its way."))
    return see("portal:service_keep", filling.code)


def _page(
    filling: Filling, problem: str = "", *, contact: str = "", status: int = 200
) -> HttpResponse:
    draft = filling.begun()
    context = {
        "filling": filling,
        "service": filling.definition.title.in_(filling.language),
        "draft": draft,
        "code": drafts.code_of(draft.pk),
        "address": f"{settings.PUBLIC_URL}{reverse('portal:resume')}",
        "ways": available_ways(),
        "contact": contact or filling.asker.get("email") or filling.asker.get("phone") or "",
        "problem": problem,
        "sms_risk": sms_risk() if "sms" in available_ways() else "",
        "go_on": next_address(filling),
    }
    return render(filling.request, "portal/service_form/keep.html", context, status=status)


@require_POST
@asks_first
@of_form()
def give_up(request: HttpRequest, filling: Filling) -> HttpResponse:
    """Delete the form and all that was typed into it."""
    drafts.give_up(filling.begun())
    open_forms.leave(request, filling.code)
    messages.success(request, _("Your form was deleted. Nothing was sent."))
    return see("portal:home")


@require_POST
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Close the form here; it is found again by its code."""
    open_forms.leave(request, code)
    messages.success(request, _("The form is closed on this computer."))
    return see("portal:home")
