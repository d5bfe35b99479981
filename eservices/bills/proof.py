"""Number and amount of the last bill, as a proof that a contract is one's own."""

from datetime import UTC, datetime
from typing import Final

from eservices.bills.models import Bill
from eservices.contracts.events import holder_since
from language.reach import number_key

_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = 2  # the newest one may not have reached the customer yet


def is_last_bill(contract_id: int, number: str, amount: int) -> bool:
    """Return whether a contract's last bill, or the one before it, has this number and total.

    Bills of the holder before prove nothing once the contract changed hands. The work is the same
    for a contract that there is not (0).
    """
    since = holder_since(contract_id) or _EVER
    rows = Bill.objects.filter(contract=contract_id, kind=Bill.Kind.INVOICE, made_at__gt=since)
    latest = rows.order_by("-issued_on", "-id").values_list("number", "total")[:_LATEST]
    key = number_key(number)
    right = [number_key(told) == key and total == amount for told, total in latest]
    return bool(key) and any(right)
