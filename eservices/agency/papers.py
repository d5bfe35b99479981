"""The papers that the agency delivers, as the rooms of bills draw them."""

from datetime import date

from eservices.bills.models import Bill
from eservices.contracts.models import Contract


def statement_as_pdf(
    contract: Contract, *, since: date | None, until: date | None, language: str
) -> bytes:
    """Return the statement of account of a contract, both days included."""
    from eservices.bills.statement import statement_of
    from eservices.bills.statement_paper import as_pdf

    return as_pdf(statement_of(contract, since=since, until=until), language=language)


def bill_as_pdf(bill: Bill, *, language: str) -> bytes:
    """Return a bill as its issuer sent it, else as it is drawn here."""
    from eservices.bills.paper import bill_pdf

    return bill_pdf(bill, language=language)
