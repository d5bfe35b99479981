"""The papers that the agency delivers, as the room of bills draws them."""

from datetime import date

from eservices.bills import drawing
from eservices.bills.models import Bill
from eservices.bills.statement import statement_of
from eservices.bills.statement_paper import as_pdf
from eservices.contracts.models import Contract
from registry.files.vault import get_vault


def statement_as_pdf(
    contract: Contract, *, since: date | None, until: date | None, language: str
) -> bytes:
    """Return the statement of a contract's present holder, both days included."""
    return as_pdf(
        statement_of(contract, since=since, until=until, of_holder=True), language=language
    )


def bill_as_pdf(bill: Bill, *, language: str) -> bytes:
    """Return a bill as its issuer sent it, else as it is drawn here."""
    if bill.pdf is None:
        return drawing.as_pdf(bill, language=language)
    with get_vault().open(bill.pdf.sha256) as stream:
        return stream.read()
