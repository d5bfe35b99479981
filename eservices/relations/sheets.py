"""What stands on the sheet of a person's teams."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from eservices.relations.field_merge import OPEN
from eservices.relations.models import Team, WorkOrder
from eservices.relations.teams import teams_of
from org.models import User

MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Sheet:
    """The person's teams and their orders, by day."""

    teams: list[Team]
    orders: list[WorkOrder]


def orders_for(user: User) -> Sheet:
    """Return the orders of today and tomorrow, and those that are late; two queries."""
    teams = list(teams_of(user))
    today = timezone.localdate()
    days = Q(planned_on__gte=today, planned_on__lte=today + timedelta(days=1))
    late = Q(planned_on__lt=today, state__in=OPEN)
    rows = WorkOrder.objects.filter(days | late, team__in=teams)
    rows = rows.exclude(state=WorkOrder.State.CANCELLED).select_related("team")
    return Sheet(teams, list(rows.order_by("planned_on", "slot", "pk")[:MOST]) if teams else [])
