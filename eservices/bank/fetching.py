"""What a partner may know of a contract: a masked name, and the bills that may be paid now."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from eservices.bank.errors import BillerError
from eservices.bank.masking import masked
from eservices.bills.holders import bills_of_holder
from eservices.bills.models import Bill
from eservices.contracts.models import Contract
from language.reach import number_key

CONTRACT: Final = "contract"


@dataclass(frozen=True, slots=True)
class Due:
    """A bill that may be paid, in centimes."""

    number: str
    period: str
    amount: int
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer to a question for bills."""

    status: str  # found, nothing_due, not_found
    customer: str = ""
    bills: tuple[Due, ...] = ()


def fetch(identifiers: list[tuple[str, str]]) -> Fetched:
    """Return the bills of the contract that the identifiers name, the first due first.

    Raise BillerError for an identifier that is not known here.
    """
    if any(name != CONTRACT for name, _value in identifiers):
        raise BillerError("unknown_identifier", field="identifiers")
    keys = {number_key(value) for _name, value in identifiers}
    if len(keys) != 1 or not all(keys):
        return Fetched("not_found")
    found = Contract.objects.filter(number_key=keys.pop()).values_list("pk", "customer_name")
    for pk, name in found:
        bills = tuple(_due(bill) for bill in _payable(pk))
        return Fetched("found" if bills else "nothing_due", masked(name), bills)
    return Fetched("not_found")


def _payable(contract_id: int) -> list[Bill]:
    rows = bills_of_holder(contract_id).filter(remaining__gt=0)
    return list(rows.order_by("due_on", "id").only(*_COLUMNS))


_COLUMNS: Final = ("number", "period_from", "period_to", "remaining", "due_on")


def _due(bill: Bill) -> Due:
    return Due(
        bill.number, period_of(bill.period_from, bill.period_to), bill.remaining, bill.due_on
    )


def period_of(first: date | None, last: date | None) -> str:
    """Return a period by its months: "2026-10", or "2026-09/2026-10"; "" where none is known."""
    months = [f"{day:%Y-%m}" for day in (first, last) if day is not None]
    return "/".join(dict.fromkeys(months))
