"""The statement of account of a contract: bills, credits, payments, in order, to the centime.

An amount is what the customer owes more (a bill) or less (a credit, a payment). The balance is the
opening and all movements; a negative one is the customer's.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from eservices.bills.holders import of_present_holders
from eservices.bills.models import Allocation, Bill, Settled
from eservices.contracts.models import Contract
from eservices.money import decimal
from org.days import midnight, midnight_after


class Kind(StrEnum):
    """What moved the balance."""

    BILL = "bill"
    CREDIT = "credit"
    FEE = "fee"
    PAYMENT = "payment"
    TAKEN_BACK = "taken_back"
    SETTLED = "settled"
    UNSETTLED = "unsettled"
    USED = "used"


WORDS: Final[dict[str, Any]] = {
    Kind.BILL: _("Bill"),
    Kind.CREDIT: _("Credit note"),
    Kind.FEE: _("Fee"),
    Kind.PAYMENT: _("Payment"),
    Kind.TAKEN_BACK: _("Payment taken back"),
    Kind.SETTLED: _("Paid elsewhere"),
    Kind.UNSETTLED: _("Payment elsewhere taken back"),
    Kind.USED: _("Credit paid out or set against a bill"),
}
_OF_BILL: Final = {
    Bill.Kind.INVOICE: Kind.BILL,
    Bill.Kind.CREDIT: Kind.CREDIT,
    Bill.Kind.FEE: Kind.FEE,
}


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of the statement; `balance` is that after it. `reference`: a bill or a receipt."""

    on: dt.date
    kind: Kind
    reference: str
    bill: str
    amount: int
    balance: int = 0

    @property
    def words(self) -> Any:
        """The kind in words."""
        return WORDS[self.kind]

    @property
    def owed(self) -> int:
        """What is owed more, 0 where less is owed."""
        return max(self.amount, 0)

    @property
    def paid(self) -> int:
        """What is owed less, 0 where more is owed."""
        return max(-self.amount, 0)


@dataclass(frozen=True, slots=True)
class Statement:
    """The movements of a contract between two days, both included."""

    contract: Contract
    since: dt.date | None
    until: dt.date | None
    opening: int
    movements: list[Movement]
    balance: int

    @property
    def in_order(self) -> bool:
        """Whether the last day is not before the first."""
        return self.since is None or self.until is None or self.since <= self.until

    @property
    def owed(self) -> int:
        """All that was owed more in this time."""
        return sum(one.owed for one in self.movements)

    @property
    def paid(self) -> int:
        """All that was owed less in this time."""
        return sum(one.paid for one in self.movements)


def statement_of(
    contract: Contract,
    *,
    since: dt.date | None = None,
    until: dt.date | None = None,
    of_holder: bool = False,
) -> Statement:
    """Return the statement of a contract; without days, all of it.

    `of_holder`: of the bills of its present holder alone, without what others owed and paid.
    """
    own = of_present_holders([contract.pk]) if of_holder else Q(contract=contract)
    bills = Bill.objects.filter(own)
    opening = _sum_before(bills, since) if since else 0
    balance, rows = opening, []
    for one in sorted(_movements(bills, since, until), key=_place):
        balance += one.amount
        rows.append(
            Movement(one.on, one.kind, one.reference, one.bill, one.amount, balance=balance)
        )
    return Statement(contract, since, until, opening, rows, balance)


def as_json(statement: Statement) -> dict[str, Any]:
    """Return the statement for programs, amounts as decimal text."""
    return {
        "opening": decimal(statement.opening),
        "movements": [
            {
                "date": one.on.isoformat(),
                "kind": one.kind.value,
                "reference": one.reference,
                "bill": one.bill,
                "amount": decimal(one.amount),
                "balance": decimal(one.balance),
            }
            for one in statement.movements
        ],
        "balance": decimal(statement.balance),
    }


_RANK: Final = {Kind.BILL: 0, Kind.FEE: 0, Kind.CREDIT: 1}


def _place(one: Movement) -> tuple[dt.date, int, str, str]:
    """Order by day; within a day what is billed stands before what was paid."""
    return (one.on, _RANK.get(one.kind, 2), one.reference, one.bill)


def _movements(
    bills: QuerySet[Bill], since: dt.date | None, until: dt.date | None
) -> Iterator[Movement]:
    issued = _within(bills, "issued_on", since, until)
    for number, kind, on, total in issued.values_list("number", "kind", "issued_on", "total"):
        yield Movement(on, _OF_BILL[Bill.Kind(kind)], number, number, total)
    settled = _within(Settled.objects.filter(bill__in=bills), "on", since, until)
    for number, of, on, amount in settled.values_list("bill__number", "bill__kind", "on", "amount"):
        if amount:
            yield Movement(on, _settled_kind(of, amount), number, number, -amount)
    yield from _paid(bills, since, until)


def _settled_kind(of: str, amount: int) -> Kind:
    if of == Bill.Kind.CREDIT:
        return Kind.USED if amount < 0 else Kind.UNSETTLED
    return Kind.SETTLED if amount > 0 else Kind.UNSETTLED


def _paid(
    bills: QuerySet[Bill], since: dt.date | None, until: dt.date | None
) -> Iterator[Movement]:
    """Yield a movement for each receipt, bill and day."""
    rows = Allocation.objects.filter(bill__in=bills)
    if since:
        rows = rows.filter(at__gte=midnight(since))
    if until:
        rows = rows.filter(at__lt=midnight_after(until))
    for receipt, number, at, amount in rows.values_list("receipt", "bill__number", "at", "amount"):
        kind = Kind.PAYMENT if amount >= 0 else Kind.TAKEN_BACK
        yield Movement(timezone.localdate(at), kind, receipt, number, -amount)


def _within(
    rows: QuerySet[Any], field: str, since: dt.date | None, until: dt.date | None
) -> QuerySet[Any]:
    if since:
        rows = rows.filter(**{f"{field}__gte": since})
    return rows.filter(**{f"{field}__lte": until}) if until else rows


def _sum_before(bills: QuerySet[Bill], day: dt.date) -> int:
    billed = _sum(bills.filter(issued_on__lt=day), "total")
    settled = _sum(Settled.objects.filter(bill__in=bills, on__lt=day), "amount")
    paid = _sum(Allocation.objects.filter(bill__in=bills, at__lt=midnight(day)), "amount")
    return billed - settled - paid


def _sum(rows: QuerySet[Any], field: str) -> int:
    return int(rows.aggregate(sum=Sum(F(field)))["sum"] or 0)
