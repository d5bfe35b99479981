"""A contract's statement of account for the staff: page, PDF, table."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from eservices.bills.rights import reads_bills
from eservices.bills.statement import Statement, statement_of
from eservices.contracts.finding import contract_numbered
from eservices.contracts.looks import note_look
from web.shared.bills import statement_csv, statement_pdf, statement_query
from web.shared.days import day_of
from web.shared.guard import StaffRequest, page


@page(reads_bills)
def show(request: StaffRequest) -> HttpResponse:
    """Show the statement of the named contract; a form where none is named."""
    found = _statement(request)
    context: dict[str, Any] = {
        "statement": found,
        "text": request.GET.get("contract", "")[:60],
        "query": statement_query(found) if found else "",
    }
    return render(request, "web/bills/statement.html", context)


@page(reads_bills)
def pdf(request: StaffRequest) -> HttpResponse:
    """Return the statement as PDF."""
    return statement_pdf(_needed(request))


@page(reads_bills)
def table(request: StaffRequest) -> HttpResponse:
    """Return the statement as CSV."""
    return statement_csv(_needed(request))


def _needed(request: StaffRequest) -> Statement:
    found = _statement(request)
    if found is None or not found.in_order:
        raise Http404
    return found


def _statement(request: StaffRequest) -> Statement | None:
    contract = contract_numbered(request.GET.get("contract", "")[:60])
    if contract is None:
        return None
    note_look(contract, viewer=request.user)
    since, until = day_of(request.GET.get("from", "")), day_of(request.GET.get("to", ""))
    return statement_of(contract, since=since, until=until)
