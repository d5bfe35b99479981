"""Number and amount of the last bill, as a proof that a contract is one's own."""

from typing import Final

from eservices.bills.models import Bill
from language.reach import number_key

_LATEST: Final = 2  # the newest one may not have reached the customer yet


def is_last_bill(contract_id: int, number: str, amount: int) -> bool:
    """Return whether a contract's last bill, or the one before it, has this number and total.

    The work is the same for a contract that there is not (0).
    """
    rows = Bill.objects.filter(contract=contract_id, kind=Bill.Kind.INVOICE)
    latest = rows.order_by("-issued_on", "-id").values_list("number", "total")[:_LATEST]
    key = number_key(number)
    right = [number_key(told) == key and total == amount for told, total in latest]
    return bool(key) and any(right)
