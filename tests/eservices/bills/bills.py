"""Contracts and bills for tests."""

from typing import Any

from django.utils import timezone

from eservices.bills.models import Bill
from eservices.contracts.models import Contract
from language.reach import number_key


def a_contract(number: str = "1000001", **fields: Any) -> Contract:
    """Return a contract, made where it is missing."""
    now = timezone.now()
    made = {
        "number_key": number_key(number),
        "customer_name": "Fatima Bennis",
        "made_at": now,
        "changed_at": now,
        **fields,
    }
    return Contract.objects.get_or_create(number=number, defaults=made)[0]


def a_bill(contract: Contract | None = None, total: int = 12840, **fields: Any) -> Bill:
    """Return a new bill of a contract; `total` in centimes, all of it remaining."""
    now = timezone.now()
    number = fields.pop("number", "") or f"B{Bill.objects.count() + 1:06d}"
    made = {"issued_on": timezone.localdate(), "billed": total, "remaining": total, **fields}
    return Bill.objects.create(
        contract=contract or a_contract(),
        number=number,
        total=total,
        made_at=now,
        changed_at=now,
        **made,
    )
