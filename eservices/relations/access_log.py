"""Which staff viewed a customer or contract, a row a day: customers may ask for it (Loi 09-08)."""

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from eservices.relations.models import CustomerView
from org.models import User


def note(key: str, *, viewer: User, now: datetime | None = None) -> None:
    """Record that this person viewed it today."""
    day = timezone.localdate(now)
    rows = CustomerView.objects.filter(customer=key, viewer=viewer, day=day)
    if not rows.update(times=F("times") + 1):
        CustomerView.objects.get_or_create(customer=key, viewer=viewer, day=day)


def latest(key: str, *, limit: int = 5) -> list[CustomerView]:
    """Return who viewed it, the latest days first."""
    rows = CustomerView.objects.filter(customer=key).select_related("viewer")
    return list(rows.order_by("-day", "-pk")[:limit])
