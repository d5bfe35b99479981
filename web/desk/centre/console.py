"""The agents' console: one search box, the call that comes in, and what waits."""

from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from eservices.relations.callbacks import callbacks_for, counts_of
from eservices.relations.contact_log import log_contact
from eservices.relations.customers import (
    Customer,
    NoSuchCustomerError,
    customer_of,
    requests_of_customer,
)
from eservices.relations.errors import BadContactError
from eservices.relations.finding import Candidate, find_customers
from eservices.relations.knowledge import find_articles
from eservices.relations.models import ContactMoment
from eservices.requests.models import Request
from language.numerals import ascii_digits
from web.context import permissions_for
from web.desk.centre.forms import MomentForm, opened_now
from web.desk.centre.guard import reads_centre, works_in_centre
from web.shared.guard import StaffRequest, page, redirect_after, verb

RECENT: Final = 8
OFFERED: Final = 30  # requests of a customer to choose from
KEYS: Final = (
    (("/",), gettext_lazy("Search: telephone, contract, number or name")),
    (("L",), gettext_lazy("Log the contact")),
    (("W",), gettext_lazy("A call rings: the waiting time begins")),
    (("1", "2", "3", "4", "5"), gettext_lazy("Choose the result")),
    (("Ctrl", "Enter"), gettext_lazy("Keep the contact")),
    (("I",), gettext_lazy("Search the answers")),
    (("B",), gettext_lazy("Call-backs")),
    (("N",), gettext_lazy("New request for the caller")),
)


@page(reads_centre)
def show(request: StaffRequest) -> HttpResponse:
    """Show the console, or who may be meant by the words; one who surely is opens at once."""
    words = request.GET.get("q", "")[:200].strip()
    found = find_customers(words, viewer=request.user)
    if len(found) == 1 and _is_number(words):
        return redirect(address_of(found[0]))
    works = works_in_centre(permissions_for(request))  # type: ignore[arg-type]
    form = MomentForm(initial=fresh(_known_from(words)))
    return render(request, "web/centre/console.html", _context(request, words, found, form, works))


def _context(
    request: StaffRequest, words: str, found: list[Candidate], form: MomentForm, works: bool
) -> dict[str, Any]:
    recent = ContactMoment.objects.filter(agent=request.user).select_related("request__letter")
    return {
        "words": words,
        "found": [(one, address_of(one)) for one in found],
        "form": form,
        "works": works,
        "recent": list(recent.order_by("-at", "-id")[:RECENT]),
        "counts": counts_of(callbacks_for(request.user), user=request.user),
        "page_keys": KEYS,
        **knowledge_for(request),
        "at": "console",
    }


@verb(works_in_centre)
def log(request: StaffRequest) -> HttpResponse:
    """Log a contact, of a known customer or of a caller who is nobody yet."""
    customer = customer_named(request.POST.get("customer", ""), viewer=request.user)
    form = MomentForm(
        request.POST, customer=customer, requests=offered(customer, viewer=request.user)
    )
    logged = None
    if form.is_valid():
        try:
            logged = log_contact(form.moment_data(), agent=request.user)
        except BadContactError as error:
            form.refuse(error)
    if logged is None:
        context = _context(request, "", [], form, works=True) | {"customer": customer}
        return render(request, "web/centre/console.html", context, status=422)
    said = _("The contact is kept.") if logged.created else _("The contact was kept before.")
    messages.success(request, said)
    if customer is None and not (logged.moment.phone_key or logged.moment.contract_number):
        return redirect_after(reverse("desk:centre"), request)
    kind, pk = (customer.kind, customer.pk) if customer else ("call", str(logged.moment.pk))
    return redirect_after(reverse("desk:centre_customer", args=[kind, pk]), request)


def knowledge_for(request: StaffRequest) -> dict[str, Any]:
    """Return the answers of the catalogue to the words of `?know=`."""
    words = request.GET.get("know", "")[:200].strip()
    return {"know": words, "articles": find_articles(words, language=get_language() or "fr")}


def fresh(initial: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what a new form begins with: its key, by which it logs once, and its moment."""
    return {"form_key": str(uuid4()), "opened": opened_now(), **(initial or {})}


def offered(customer: Customer | None, *, viewer: Any) -> list[Request]:
    """Return the customer's latest requests, to be chosen from."""
    if customer is None:
        return []
    rows = requests_of_customer(customer, viewer=viewer)
    return list(rows.order_by("-opened_at", "-id")[:OFFERED])


def address_of(one: Candidate) -> str:
    """Return the page of a customer."""
    return reverse("desk:centre_customer", args=[one.kind, one.pk])


def _is_number(words: str) -> bool:
    return "@" in words or any(sign.isdigit() for sign in ascii_digits(words))


def _known_from(words: str) -> dict[str, str]:
    """Return what the search says of a caller whom nobody knows yet."""
    if not words:
        return {}
    digits = sum(sign.isdigit() for sign in ascii_digits(words))
    if "@" in words:
        return {}
    return (
        {"phone": words}
        if digits >= 9
        else {"contract_number": words}
        if digits
        else {"name": words}
    )


def customer_named(key: str, *, viewer: Any) -> Customer | None:
    """Return the customer of a key as the forms carry it (`Customer.key`), None for none."""
    kind, _sign, pk = key.partition(":")
    try:
        return customer_of(kind, pk, viewer=viewer) if key else None
    except NoSuchCustomerError:
        return None
