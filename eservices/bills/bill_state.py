"""How a bill stands today: what was paid, what remains, whether it is late."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from eservices.bills.models import Allocation, Bill, BillLine
from eservices.readings.history import used_between


class State(StrEnum):
    """How a bill stands."""

    PAID = "paid"
    DUE = "due"
    LATE = "late"
    PART = "part"
    CREDIT = "credit"
    USED = "used"
    CANCELLED = "cancelled"
    NOTHING = "nothing"


STATE_WORDS: Final[dict[str, Any]] = {
    State.PAID: _("Paid"),
    State.DUE: _("To be paid"),
    State.LATE: _("Past its due date"),
    State.PART: _("Partly paid"),
    State.CREDIT: _("In your favour"),
    State.USED: _("Credit used"),
    State.CANCELLED: pgettext_lazy("bill", "Cancelled"),
    State.NOTHING: _("Nothing to pay"),
}


def state_of(bill: Bill, *, on: dt.date | None = None) -> State:
    """Return how a bill stands on a day, today if unsaid.

    One of nothing was paid by nobody: a fee is of more than that until it is withdrawn.
    """
    if bill.total < 0:
        return State.CREDIT if bill.remaining < 0 else State.USED
    if bill.total == 0:
        return State.CANCELLED if bill.kind == Bill.Kind.FEE else State.NOTHING
    if bill.remaining <= 0:
        return State.PAID
    if bill.due_on and bill.due_on < (on or timezone.localdate()):
        return State.LATE
    return State.PART if bill.remaining < bill.total else State.DUE


def state_words(bill: Bill) -> Any:
    """Return how a bill stands, in words."""
    return STATE_WORDS[state_of(bill)]


def used_of(bill: Bill) -> int | None:
    """Return what was used between the two readings; None where one is missing or corrected.

    An index below the previous one has turned over where that was near the end of the register.
    """
    if bill.index is None or bill.previous_index is None:
        return None
    return used_between(bill.previous_index, bill.index, len(str(bill.previous_index)))


@dataclass(frozen=True, slots=True)
class Tax:
    """What is taxed at one rate, and the tax."""

    rate: Decimal
    net: int
    tax: int


@dataclass(frozen=True, slots=True)
class Detail:
    """The lines of a bill with their sums, and what was paid here; amounts in centimes."""

    lines: list[BillLine]
    taxes: list[Tax]
    net: int
    payments: list[Allocation]
    elsewhere: int


def detail_of(bill: Bill) -> Detail:
    """Return what stands on a bill besides its own row."""
    lines = list(bill.lines.order_by("position"))
    rates = sorted({line.tax_rate for line in lines})
    taxes = [
        Tax(
            rate,
            sum(line.net for line in lines if line.tax_rate == rate),
            sum(line.tax for line in lines if line.tax_rate == rate),
        )
        for rate in rates
    ]
    return Detail(
        lines=lines,
        taxes=taxes,
        net=sum(line.net for line in lines),
        payments=list(bill.allocations.order_by("at", "pk")[:200]),
        elsewhere=sum(bill.settled.values_list("amount", flat=True)),
    )
