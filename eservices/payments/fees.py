"""Fees of our own: what a request costs, as a bill that every channel can take."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from eservices.bills.models import Bill
from eservices.bills.remaining import held, refresh
from eservices.contracts.models import Contract
from eservices.payments import journal
from eservices.payments.series import FEES, next_number
from eservices.requests.models import Request


def make_fee(
    request: Request,
    *,
    subject: str,
    amount: int,
    due_on: date | None = None,
    contract: Contract | None = None,
) -> Bill:
    """Return a new bill over centimes for a request. Raise ValueError where it is not above 0."""
    if amount <= 0:
        raise ValueError("a fee is above 0")
    now = timezone.now()
    with transaction.atomic():
        bill = Bill.objects.create(
            number=next_number(FEES),
            kind=Bill.Kind.FEE,
            contract=contract,
            request=request,
            issued_on=timezone.localdate(),
            due_on=due_on,
            total=amount,
            billed=amount,
            remaining=amount,
            subject=subject[:200],
            made_at=now,
            changed_at=now,
        )
        data = {"request": request.letter.number}
        journal.write("fee_made", subject=bill.number, amount=amount, data=data)
    return bill


def withdraw_fee(bill: Bill, *, actor: str = "") -> int:
    """Withdraw what is unpaid of a fee: its total becomes what was paid. Return how much."""
    with transaction.atomic():
        [row] = held(Bill.objects.filter(pk=bill.pk, kind=Bill.Kind.FEE))
        unpaid = row.remaining
        if unpaid <= 0:
            return 0
        row.total -= unpaid
        row.billed -= unpaid
        row.changed_at = timezone.now()
        row.save(update_fields=["total", "changed_at"])
        refresh([row])
        journal.write("fee_withdrawn", subject=row.number, amount=-unpaid, actor=actor)
    return unpaid
