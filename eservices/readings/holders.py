"""Which readings are those of present holders, once requests gave contracts to others."""

from collections.abc import Collection
from datetime import date

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from eservices.contracts.events import holders_since
from eservices.contracts.models import Meter
from eservices.readings.models import Reading


def first_days(meters: Collection[Meter]) -> dict[int, date]:
    """Return the first day of the present holders, by meter; without those never given."""
    since = holders_since({meter.contract_id for meter in meters})
    return {
        meter.pk: timezone.localdate(since[meter.contract_id])
        for meter in meters
        if meter.contract_id in since
    }


def of_present_holders(contracts: Collection[int]) -> Q:
    """Return the condition on readings: of these contracts, those of their present holders."""
    given = holders_since(contracts)
    condition = Q(contract__in=[pk for pk in contracts if pk not in given])
    for pk, since in given.items():
        # One of before may be written down later; one of that morning was sent before.
        condition |= Q(contract=pk, made_at__gt=since, read_on__gte=timezone.localdate(since))
    return condition


def readings_of_holders(meters: Collection[Meter]) -> QuerySet[Reading]:
    """Return the readings of these meters under their contracts, of the present holders alone."""
    rows = Reading.objects.filter(meter__in=meters, contract=F("meter__contract"))
    return rows.filter(of_present_holders({meter.contract_id for meter in meters}))
