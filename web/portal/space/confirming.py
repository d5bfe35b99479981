"""Showing once more that it is oneself, by a contact or identity that opens the space already.

Required before a contact is added or removed, an identity linked, or sessions ended, where the
sign-in was more than CONFIRM_MINUTES ago: an open session alone does not keep the space.
"""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from eservices.people import oidc
from eservices.people.models import ContactPoint, Person
from web.portal.access import see, wait_words
from web.portal.forms import sms_risk
from web.portal.space import contact_codes, session
from web.portal.space.access import SpaceRequest, form, page_to
from web.portal.space.code_page import code_page
from web.retry_later import braked
from web.throttle import TooManyAttemptsError


@form
def confirm(request: SpaceRequest) -> HttpResponse:
    """Offer the person's contacts; send a code to the one that they choose."""
    contacts = list(request.person.contacts.filter(verified_at__isnull=False).order_by("pk"))
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if request.method != "POST":
        return _page(request, contacts, wanted)
    contact = next((row for row in contacts if str(row.pk) == request.POST.get("contact")), None)
    if contact is None:
        raise Http404
    try:
        contact_codes.ask(request, contact.value, purpose=_purpose(request.person), go_on=wanted)
    except TooManyAttemptsError as error:
        return braked(_page(request, contacts, wanted, problem=wait_words(error)), error)
    return see("portal:space_confirm_code")


@form
def code(request: SpaceRequest) -> HttpResponse:
    """Show the form for the code; once it fits, the person goes on where they were."""

    def go_on(under_way: contact_codes.Asked) -> HttpResponse:
        session.prove(request, request.person)
        messages.success(request, _("It is you. Go on."))
        return HttpResponseRedirect(page_to(request, under_way.next), status=303)

    return code_page(
        request,
        purpose=_purpose(request.person),
        begin="portal:space_confirm",
        submit=_("Confirm"),
        then=go_on,
    )


def _purpose(person: Person) -> str:
    return f"confirm:{person.pk}"


def _page(
    request: SpaceRequest, contacts: list[ContactPoint], wanted: str, *, problem: str = ""
) -> HttpResponse:
    by_identity = oidc.is_set() and request.person.identities.exists()
    by_sms = any(one.way == ContactPoint.Way.PHONE for one in contacts)
    context = {
        "tab": "data",
        "contacts": contacts,
        "next": wanted,
        "eid": by_identity,
        "problem": problem,
        "sms_risk": sms_risk() if by_sms else "",
    }
    return render(request, "portal/space/confirm.html", context)
