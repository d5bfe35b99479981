"""Fees of our own: what a request costs, as a bill that every channel can take."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from eservices.bills.models import Bill
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
