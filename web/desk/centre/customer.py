"""The page of one customer: who they are, and all that happened with them."""

from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render

from eservices.contracts.customers import contracts_of_customer
from eservices.relations import customers
from eservices.relations.access_log import latest
from eservices.relations.customer_calls import callbacks_of, moments_of, orders_of
from eservices.relations.customers import Customer, NoSuchCustomerError, customer_of
from eservices.requests.models import Request
from registry.access import readable_among
from registry.models.letters import Letter
from web.context import permissions_for
from web.desk.centre.console import KEYS, OFFERED, fresh, knowledge_for
from web.desk.centre.forms import MomentForm
from web.desk.centre.guard import reads_centre, works_in_centre
from web.desk.centre.requests import described
from web.shared.guard import StaffRequest, page
from web.shared.paging import page_of

SHORT: Final = 6  # rows of a list beside the others
LONG: Final = 40  # and of a list alone
PARTS: Final = ("requests", "letters", "calls", "callbacks", "orders", "contracts")
_NEWEST: Final = {
    "requests": ["-opened_at", "-id"],
    "letters": ["-registered_at", "-id"],
    "calls": ["-at", "-id"],
    "callbacks": ["due_at", "id"],
    "orders": ["-planned_on", "-id"],
    "contracts": ["id"],
}


@page(reads_centre)
def show(request: StaffRequest, kind: str, pk: str) -> HttpResponse:
    """Show a customer, or one list of theirs in full (`?part=`); the view is on record."""
    try:
        customer = customer_of(kind, pk, viewer=request.user)
    except NoSuchCustomerError as error:
        raise Http404 from error
    customers.record_view(customer, viewer=request.user)
    part = request.GET.get("part", "")
    wanted = [part] if part in PARTS else list(PARTS)
    lists = _lists(customer, wanted, request)
    works = works_in_centre(permissions_for(request))  # type: ignore[arg-type]
    offered = _requests_to_offer(customer, lists, request) if works else []
    context = {
        "customer": customer,
        "lists": lists,
        "part": part if part in PARTS else "",
        "works": works,
        "form": MomentForm(customer=customer, requests=offered, initial=fresh()),
        "looks": latest(customer.key),
        "page_keys": KEYS,
        **knowledge_for(request),
    }
    return render(request, "web/centre/customer.html", context)


def _lists(customer: Customer, wanted: list[str], request: StaffRequest) -> dict[str, Any]:
    limit = LONG if len(wanted) == 1 else SHORT
    cursor = request.GET.get("from", "") if len(wanted) == 1 else ""
    found = {
        name: page_of(rows, order=_NEWEST[name], cursor=cursor, limit=limit)
        for name, rows in _rows(customer, request).items()
        if name in wanted
    }
    shown = {name: page.rows for name, page in found.items()}
    readable = _readable(shown, request)
    if "requests" in shown:
        shown["requests"] = [described(row, readable) for row in shown["requests"]]
    if "letters" in shown:
        shown["letters"] = [(row, row.pk in readable) for row in shown["letters"]]
    return {name: {"rows": shown[name], "next": found[name].next_cursor} for name in found}


def _rows(customer: Customer, request: StaffRequest) -> dict[str, QuerySet[Any]]:
    requests = customers.requests_of_customer(customer, viewer=request.user)
    return {
        "requests": requests,
        "letters": customers.letters_of_customer(customer, viewer=request.user),
        "calls": moments_of(customer),
        "callbacks": callbacks_of(customer),
        "orders": orders_of(requests),
        "contracts": contracts_of_customer(customer),
    }


def _readable(shown: dict[str, list[Any]], request: StaffRequest) -> set[Any]:
    ids = [row.letter_id for row in shown.get("requests", [])]
    ids += [row.pk for row in shown.get("letters", []) if isinstance(row, Letter)]
    return readable_among(ids, request.user)


def _requests_to_offer(
    customer: Customer, lists: dict[str, Any], request: StaffRequest
) -> list[Request]:
    if "requests" in lists and not lists["requests"]["next"]:
        return [one["row"] for one in lists["requests"]["rows"]]
    rows = customers.requests_of_customer(customer, viewer=request.user)
    return list(rows.order_by("-opened_at", "-id")[:OFFERED])
