"""The page of the requester, and the proof by a one-time code that a contact is theirs."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from correspondence.dispatch.sender_messages import available_ways
from eservices.people.codes import (
    TooManyCodesError,
    contact_hash,
    key_of,
    send_code,
    use_code,
)
from eservices.people.mandates import mandates_of
from eservices.people.models import ContactPoint, Mandate
from eservices.people.reaching import notification_way
from eservices.requests.drafts import save_asker
from eservices.requests.submitting import ASKER, Asker, check_asker
from web import proof
from web.portal.access import see, wait_words
from web.portal.forms import sms_risk
from web.portal.service_form.filling import Filling, of_form
from web.portal.service_form.questions import step_context
from web.retry_later import braked
from web.throttle import (
    CODE_BY_NUMBER,
    CONTACT_BY_ADDRESS,
    DRAFT_SAVED_BY_ADDRESS,
    FOLLOW_BY_ADDRESS,
    TooManyAttemptsError,
    contact_is_theirs,
    count_attempt,
    count_contact,
    count_from,
)

WAYS: Final = ("email", "sms", "none")


@require_http_methods(["GET", "HEAD", "POST"])
@of_form()
def contact(request: HttpRequest, filling: Filling) -> HttpResponse:
    """Show the form for the requester, their notifications, and for whom they act."""
    if request.method != "POST":
        errors = asker_of(filling).errors if request.GET.get("errors") else {}
        return _page(filling, errors)
    try:
        proof.count_from(request, DRAFT_SAVED_BY_ADDRESS)
    except TooManyAttemptsError as error:
        return braked(_page(filling, {}, wait=wait_words(error)), error)
    given = {name: request.POST.get(name, "") for name in (*ASKER, "tell", "mandate")}
    given["tell"] = given["tell"] if given["tell"] in WAYS else _way_to(given)
    save_asker(filling.begun(), given, page="contact")
    if errors := asker_of(filling).errors:
        return _page(filling, errors, status=422)
    if must_verify(filling):
        return see("portal:service_verify", filling.code)
    return see("portal:service_check", filling.code)


def asker_of(filling: Filling) -> Asker:
    """Return the requester, checked, with what is wrong by field."""
    given = filling.asker
    told = {name: given[name] for name in ASKER if given.get(name)}
    found = check_asker(told, language=filling.language, named=True)
    errors = dict(found.errors)
    tell = given.get("tell", "")
    if tell == "email" and not found.party.email:
        errors.setdefault("email", _("To be told by e-mail, give your e-mail address."))
    if tell == "sms" and not found.party.phone:
        errors.setdefault("phone", _("To be told by SMS, give your phone number."))
    if given.get("mandate") and mandate_of(filling) is None:
        words = _("This mandate does not hold for this request. Choose for whom you ask.")
        errors.setdefault("mandate", words)
    if filling.definition.identity and not (found.party.email or found.party.phone):
        errors.setdefault("phone", _("Give a phone number or an e-mail address."))
    return replace(found, errors=errors)


def notification_ways(filling: Filling) -> tuple[str, ...]:
    """Return the ways on which the requester wants to be notified."""
    tell = filling.asker.get("tell", "")
    return (tell,) if tell in ("email", "sms") else ()


def _way_to(given: Mapping[str, Any]) -> str:
    """Return the usual way of notification: by e-mail, else by SMS, where an address is given."""
    ways = available_ways()
    if given.get("email") and "email" in ways:
        return "email"
    return "sms" if given.get("phone") and "sms" in ways else "none"


def _way_shown(filling: Filling, given: Mapping[str, Any]) -> str:
    """Return the way that the page begins with; "" where nothing is known of the requester.

    The person's own choice in their space counts, as far as this office can send on that way.
    """
    if given.get("tell"):
        return str(given["tell"])
    if filling.person is not None:
        way = notification_way(filling.person)
        chosen = "sms" if way == ContactPoint.Way.PHONE else way
        if chosen == "none" or chosen in available_ways():
            return chosen
    reachable = given.get("email") or given.get("phone")
    return _way_to(given) if reachable else ""


def mandates(filling: Filling) -> list[Mandate]:
    """Return the mandates by which the visitor may request this service for others."""
    if filling.person is None:
        return []
    return mandates_of(filling.person, service=filling.code, contract=contract_in(filling))


def contract_in(filling: Filling) -> str:
    """Return the number of the contract in the form, "" where it names none."""
    values = filling.checked().values
    fields = (one for one in filling.definition.fields() if one.type == "contract")
    return next((str(values[one.code]) for one in fields if one.code in values), "")


def mandate_of(filling: Filling) -> Mandate | None:
    """Return the mandate that was chosen, if it holds."""
    chosen = str(filling.asker.get("mandate", ""))
    return next((row for row in mandates(filling) if str(row.pk) == chosen), None)


def _usual(filling: Filling) -> Mapping[str, Any]:
    """Return what the page begins with: what was typed, else what is known of the person."""
    if filling.asker.get("name") or filling.person is None:
        return filling.asker
    known: dict[str, Any] = {"name": filling.person.name}
    for row in filling.person.contacts.filter(verified_at__isnull=False):
        known.setdefault(str(row.way), row.value)
    return {**known, **filling.asker}


def _page(
    filling: Filling, errors: Mapping[str, str], *, wait: str = "", status: int = 200
) -> HttpResponse:
    given, ways = _usual(filling), available_ways()
    rows = [
        ("name", _("Full name"), True, "text", "name"),
        ("organisation", _("Company or association"), False, "text", "organization"),
        ("phone", _("Phone number"), False, "tel", "tel"),
        ("email", _("E-mail address"), False, "email", "email"),
        ("address", _("Postal address"), False, "text", "street-address"),
    ]
    fields = [
        {"name": name, "label": label, "required": required, "type": kind, "complete": complete}
        | {"value": given.get(name, ""), "error": errors.get(name, "")}
        for name, label, required, kind, complete in rows
    ]
    wrong = [field for field in fields if field["error"]]
    if "mandate" in errors:
        label = _("For whom do you ask?")
        wrong.insert(0, {"name": "mandate", "label": label, "error": errors["mandate"]})
    context = {
        **step_context(filling, "contact"),
        "fields": fields,
        "wrong": wrong,
        "mandate_error": errors.get("mandate", ""),
        "ways": ways,
        "tell": _way_shown(filling, given),
        "mandates": mandates(filling),
        "mandate": str(given.get("mandate", "")),
        "wait": wait,
    }
    return render(filling.request, "portal/service_form/contact.html", context, status=status)


def contacts_of(filling: Filling) -> list[tuple[str, str]]:
    """Return (way, address) of the requester, those to which the office can send a code."""
    party, ways = asker_of(filling).party, available_ways()
    found = []
    if party.email and "email" in ways:
        found.append((str(ContactPoint.Way.EMAIL), party.email))
    if party.phone and "sms" in ways:
        found.append((str(ContactPoint.Way.PHONE), party.phone))
    return found


def verified(filling: Filling) -> tuple[str, str] | None:
    """Return the requester's contact that was verified in this form, None where none was."""
    party = asker_of(filling).party
    given = {"email": party.email, "phone": party.phone}
    for way, value in given.items():
        if value and filling.asker.get("verified") == f"{way}:{key_of(way, value)}":
            return way, value
    return None


def must_verify(filling: Filling) -> bool:
    """Return whether the service requires a verified contact, and there is none yet."""
    if filling.definition.identity != 1:
        return False
    known = filling.person is not None and filling.person.level >= 1
    return not known and verified(filling) is None


@require_http_methods(["GET", "HEAD", "POST"])
@of_form()
def verify(request: HttpRequest, filling: Filling) -> HttpResponse:
    """Send a one-time code to the contact that was given, and take it."""
    if not must_verify(filling):
        return see("portal:service_check", filling.code)
    if asker_of(filling).errors:
        return see("portal:service_contact", filling.code)
    if request.method != "POST":
        return _verify_page(filling)
    try:
        return _verify(request, filling)
    except TooManyAttemptsError as error:
        return braked(_verify_page(filling, wait_words(error)), error)
    except TooManyCodesError as error:
        page = _verify_page(filling, _("Too many codes. Wait a little."))
        return braked(page, TooManyAttemptsError(error.wait))


def _verify(request: HttpRequest, filling: Filling) -> HttpResponse:
    draft, contacts = filling.begun(), dict(contacts_of(filling))
    bound = f"draft:{draft.pk}"
    way = request.POST.get("way", "")
    if way not in contacts:
        return _verify_page(filling, _("Choose where the code is sent."), status=422)
    if "code" not in request.POST:
        count_from(request, CONTACT_BY_ADDRESS)  # no proof pays for an SMS
        count_contact(request, contact_hash(way, contacts[way]))
        count_attempt(CODE_BY_NUMBER, f"{bound}:{way}")
        send_code(way=way, value=contacts[way], bound=bound, language=filling.language)
        return _verify_page(filling, sent=way)
    proof.count_from(request, FOLLOW_BY_ADDRESS)
    code = request.POST["code"].replace("\0", "")
    if not use_code(code, way=way, value=contacts[way], bound=bound):
        words = _("This code is not, or no longer, right. Look again, or have a new one sent.")
        return _verify_page(filling, words, sent=way, status=422)
    contact_is_theirs(request, contact_hash(way, contacts[way]))
    save_asker(draft, {"verified": f"{way}:{key_of(way, contacts[way])}"})
    return see("portal:service_check", filling.code)


def _verify_page(
    filling: Filling, problem: str = "", *, sent: str = "", status: int = 200
) -> HttpResponse:
    contacts = contacts_of(filling)
    context = {
        **step_context(filling, "contact"),
        "contacts": contacts,
        "sent": sent,
        "sent_to": dict(contacts).get(sent, ""),
        "problem": problem,
        "sms_risk": sms_risk() if dict(contacts).get(ContactPoint.Way.PHONE) else "",
    }
    return render(filling.request, "portal/service_form/verify.html", context, status=status)
