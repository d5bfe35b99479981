"""A meter's use by its bills, for the check of readings and the chart by month."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from eservices.bills.bill_state import used_of
from eservices.bills.models import Bill
from eservices.contracts.models import Meter
from eservices.readings.history import LOOKED_BACK
from eservices.readings.plausibility import Use


def use_by_bills(meter: Meter) -> Iterator[Use]:
    """Yield the use of each billed period that rests on two readings, none of them estimated."""
    since = timezone.localdate() - LOOKED_BACK
    rows = Bill.objects.filter(
        contract=meter.contract_id, service=meter.service, kind=Bill.Kind.INVOICE,
        estimated=False, issued_on__gte=since, period_from__isnull=False, period_to__isnull=False,
    )  # fmt: skip
    for bill in rows.order_by("-issued_on", "-pk")[:60]:
        used = used_of(bill)
        if used is not None and bill.period_from and bill.period_to:
            yield Use(bill.period_from, bill.period_to + timedelta(days=1), used)
