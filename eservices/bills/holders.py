"""Which bills of a contract are its present holder's, once a request gave it to another."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from eservices.bills.models import Bill
from eservices.contracts.events import holders_since

_NONE: Final = Q(pk__in=())


def of_present_holders(contracts: Collection[int]) -> Q:
    """Return the condition on bills: of these contracts, those of their present holders."""
    changed = holders_since(contracts)
    condition = Q(contract__in=[pk for pk in contracts if pk not in changed])
    for pk, since in changed.items():
        condition |= Q(contract=pk) & _after(since)
    return condition


def bills_of_holder(contract_id: int) -> QuerySet[Bill]:
    """Return the bills of a contract's present holder."""
    return Bill.objects.filter(of_present_holders([contract_id]))


def of_same_holder(bill: Bill) -> Q:
    """Return the condition on bills: of the contract of this one, while its holder was the same."""
    if bill.contract_id is None:
        return _NONE
    before = holders_since([bill.contract_id], until=bill.made_at).get(bill.contract_id)
    condition = Q(contract=bill.contract_id)
    return condition & _after(before) if before else condition


def _after(since: datetime) -> Q:
    """Return the condition of a bill for what was used since; one of before may come later."""
    day = timezone.localdate(since)
    used = Q(period_to__isnull=True) | Q(period_to__gt=day)
    return Q(made_at__gt=since, issued_on__gte=day) & used
