"""A line of the billing system's table of bills, understood or refused with its reason."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from eservices.bills.models import Bill
from eservices.contracts import fields
from eservices.contracts.importing import LineRefusedError
from eservices.contracts.models import Service
from eservices.money import CURRENCY, MOST

COLUMNS: Final = (
    *("number", "contract", "service", "period_from", "period_to", "issued_on", "due_on"),
    *("previous_index", "index", "estimated", "total", "remaining", "currency", "pdf"),
)
OPTIONAL: Final = ("pdf",)
_YES: Final = frozenset({"1", "true", "yes", "y", "oui", "o", "نعم"})
_NO: Final = frozenset({"", "0", "false", "no", "n", "non", "لا"})


@dataclass(frozen=True, slots=True)
class BillRow:
    """A bill as the billing system gives it; amounts in centimes, `contract` the contract's key."""

    number: str
    contract: str
    contract_told: str
    service: str
    period_from: dt.date | None
    period_to: dt.date | None
    issued_on: dt.date
    due_on: dt.date | None
    previous_index: int | None
    index: int | None
    estimated: bool
    total: int
    remaining: int
    digest: str
    file_hash: str = ""

    @property
    def key(self) -> str:
        """What the line is about."""
        return self.number

    @property
    def kind(self) -> str:
        """A bill, or a credit note where the total is the customer's."""
        return Bill.Kind.CREDIT if self.total < 0 else Bill.Kind.INVOICE


def understood(values: Mapping[str, str], *, file_hash: str = "") -> BillRow:
    """Return what a line says; the hash of its file counts in its digest.

    Raise LineRefusedError with all that is wrong with the values, then with what does not go
    together.
    """
    service = values["service"]
    read = fields.all_of(
        currency=lambda: _currency(values["currency"]),
        number=lambda: fields.text(values, "number", most=fields.MOST_NUMBER, needed=True),
        contract=lambda: fields.contract_key(values, "contract"),
        service=lambda: fields.choice(values, "service", Service.values) if service else "",
        period_from=lambda: fields.day(values, "period_from"),
        period_to=lambda: fields.day(values, "period_to"),
        issued_on=lambda: fields.day(values, "issued_on", needed=True),
        due_on=lambda: fields.day(values, "due_on"),
        previous_index=lambda: fields.whole(values, "previous_index"),
        index=lambda: fields.whole(values, "index"),
        estimated=lambda: _yes(values, "estimated"),
        total=lambda: fields.amount(values, "total"),
        remaining=lambda: fields.amount(values, "remaining"),
    )
    del read["currency"]
    digest, told = digest_of(values, file_hash), values["contract"]
    row = BillRow(contract_told=told, digest=digest, file_hash=file_hash, **read)
    check(row)
    return row


def check(row: BillRow) -> None:
    """Raise LineRefusedError where the values do not go together."""
    begins, ends, issued, due = row.period_from, row.period_to, row.issued_on, row.due_on
    fields.all_of(
        amounts=lambda: _check_amounts(row),
        period=lambda: fields.in_order(begins, ends, earlier="period_from", later="period_to"),
        term=lambda: fields.in_order(issued, due, earlier="issued_on", later="due_on"),
    )


def _check_amounts(row: BillRow) -> None:
    if abs(row.total) > MOST:
        raise LineRefusedError("bad_amount", column="total", value=str(row.total)[:20])
    if not min(row.total, 0) <= row.remaining <= max(row.total, 0):
        raise LineRefusedError("remaining_beyond_total")


def _currency(code: str) -> None:
    if code != CURRENCY:
        raise LineRefusedError("bad_currency", column="currency", value=code[:10])


def digest_of(values: Mapping[str, str], more: str = "") -> str:
    """Return the hash of all values of a line."""
    told = "\x1f".join([*(values.get(column, "") for column in COLUMNS), more])
    return hashlib.sha256(told.encode()).hexdigest()


def _yes(values: Mapping[str, str], column: str) -> bool:
    value = values[column].lower()
    if value in _YES:
        return True
    if value in _NO:
        return False
    choices = "true, false"
    raise LineRefusedError("bad_choice", column=column, value=value[:40], choices=choices)
