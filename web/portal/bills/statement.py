"""My statement of account: as a page, a PDF, a table. Each balances to the centime."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from eservices.bills.listing import STATEMENT, contracts_seen
from eservices.bills.statement import Statement, statement_of
from eservices.bills.statement_paper import as_csv, as_pdf
from eservices.contracts.models import Contract
from web.portal.bills.files import PDF, download
from web.portal.bills.mine import chosen_contract
from web.portal.space.door import SpaceRequest, page


@page
def show(request: SpaceRequest) -> HttpResponse:
    """Show the statement of one of the person's contracts, of the first one if unsaid."""
    contracts = contracts_seen(request.person, service=STATEMENT)
    found = _statement(request, contracts)
    context: dict[str, Any] = {
        "tab": "bills",
        "contracts": contracts,
        "statement": found,
        "query": _query(found) if found else "",
    }
    return render(request, "portal/bills/statement.html", context)


@page
def pdf(request: SpaceRequest) -> HttpResponse:
    """Return the statement as PDF."""
    found = _needed(request)
    return download(as_pdf(found, language=_language()), PDF, name=_name(found, "pdf"))


@page
def table(request: SpaceRequest) -> HttpResponse:
    """Return the statement as CSV."""
    found = _needed(request)
    content = as_csv(found, language=_language())
    return download(content, "text/csv; charset=utf-8", name=_name(found, "csv"))


def _needed(request: SpaceRequest) -> Statement:
    found = _statement(request, contracts_seen(request.person, service=STATEMENT))
    if found is None:
        raise Http404
    return found


def _statement(request: SpaceRequest, contracts: list[Contract]) -> Statement | None:
    contract = chosen_contract(request, contracts) or next(iter(contracts), None)
    if contract is None:
        return None
    since, until = day_in(request.GET.get("from", "")), day_in(request.GET.get("to", ""))
    return statement_of(contract, since=since, until=until)


def day_in(text: str) -> date | None:
    """Return a day that a form names, None for what is none."""
    try:
        return parse_date(text.strip()[:10])
    except ValueError:
        return None


def _query(found: Statement) -> str:
    told = {"contract": found.contract.number, "from": found.since or "", "to": found.until or ""}
    return urlencode({name: value for name, value in told.items() if value})


def _name(found: Statement, ending: str) -> str:
    return f"{_('statement')}-{found.contract.number}.{ending}".replace("/", "-")


def _language() -> str:
    return (get_language() or "fr")[:2]
