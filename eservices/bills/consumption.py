"""What a contract used, bill by bill, beside the same months of the year before."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from eservices.bills.bill_state import used_of
from eservices.bills.holders import of_same_holder
from eservices.bills.models import Bill
from eservices.contracts.models import Service

SHOWN: Final = 12
_LOOKED: Final = 36  # bills that are read: two years of months, and some


@dataclass(frozen=True, slots=True)
class MonthOfUse:
    """The use of a period by its last day, and that of the same month one year before."""

    period_to: date
    used: int
    estimated: bool
    year_before: int | None


def uses_until(bill: Bill) -> list[MonthOfUse]:
    """Return the uses up to a bill, the earliest first, of its contract and service."""
    rows = Bill.objects.filter(
        of_same_holder(bill), issued_on__lte=bill.issued_on, service=bill.service
    ).order_by("-issued_on", "-id")
    known: dict[tuple[int, int], tuple[date, int, bool]] = {}
    for row in rows[:_LOOKED]:
        used = used_of(row)
        if used is None or row.period_to is None or row.kind != Bill.Kind.INVOICE:
            continue
        known.setdefault(
            (row.period_to.year, row.period_to.month), (row.period_to, used, row.estimated)
        )
    newest = sorted(known, reverse=True)[:SHOWN]
    return [_use(known, key) for key in reversed(newest)]


def unit_of(bill: Bill) -> str:
    """Return the unit of what a bill counts, "" for a bill of several services."""
    return Service(bill.service).unit if bill.service else ""


def _use(known: dict[tuple[int, int], tuple[date, int, bool]], key: tuple[int, int]) -> MonthOfUse:
    period_to, used, estimated = known[key]
    before = known.get((key[0] - 1, key[1]))
    return MonthOfUse(period_to, used, estimated, before[1] if before else None)
