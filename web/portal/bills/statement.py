"""My statement of account: as a page, a PDF, a table. Each balances to the centime."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from eservices.bills.listing import contracts_seen
from eservices.bills.statement import Statement, statement_of
from eservices.contracts.models import Contract
from web.portal.bills.mine import chosen_contract
from web.portal.space.access import SpaceRequest, page
from web.shared.bills import statement_csv, statement_pdf, statement_query
from web.shared.days import day_of


@page
def show(request: SpaceRequest) -> HttpResponse:
    """Show the statement of one of the person's contracts, of the first one if unsaid."""
    contracts = contracts_seen(request.person)
    found = _statement(request, contracts)
    context: dict[str, Any] = {
        "tab": "bills",
        "contracts": contracts,
        "statement": found,
        "query": statement_query(found) if found else "",
    }
    return render(request, "portal/bills/statement.html", context)


@page
def pdf(request: SpaceRequest) -> HttpResponse:
    """Return the statement as PDF."""
    return statement_pdf(_needed(request))


@page
def table(request: SpaceRequest) -> HttpResponse:
    """Return the statement as CSV."""
    return statement_csv(_needed(request))


def _needed(request: SpaceRequest) -> Statement:
    found = _statement(request, contracts_seen(request.person))
    if found is None or not found.in_order:
        raise Http404
    return found


def _statement(request: SpaceRequest, contracts: list[Contract]) -> Statement | None:
    contract = chosen_contract(request, contracts) or next(iter(contracts), None)
    if contract is None:
        return None
    since, until = day_of(request.GET.get("from", "")), day_of(request.GET.get("to", ""))
    return statement_of(contract, since=since, until=until, of_holder=True)
