"""What the page of a contract shows of its bills."""

from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest

from eservices.bills.listing import NEWEST, due_of
from eservices.bills.models import Bill
from eservices.contracts.models import Contract
from web.shared.bills import line_of
from web.shared.contract_sections import Section, add_section

ROWS: Final = 3


def add_sections() -> None:
    """Show the latest bills on a contract's page at the desk."""
    add_section("staff", "bills", staff_section, position=20)


def staff_section(_request: HttpRequest, contract: Contract) -> Section:
    """Return what staff see."""
    return bills_section("web/bills/of_contract.html", contract, contract.bills.all())


def bills_section(template: str, contract: Contract, rows: QuerySet[Bill], **more: Any) -> Section:
    """Return the latest of these bills of a contract, and what remains, for a template."""
    latest = rows.select_related("contract").order_by(*NEWEST)[:ROWS]
    context = {
        "contract": contract,
        "rows": [line_of(bill) for bill in latest],
        "due": due_of(rows),
        **more,
    }
    return Section(template, context)
