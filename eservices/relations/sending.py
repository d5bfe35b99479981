"""A request's action that needs a work order: its rule, and taken once the order is made."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from eservices.relations.field_merge import OPEN
from eservices.relations.models import WorkOrder
from eservices.requests.acting import actions_of, take_action
from eservices.requests.models import Request
from eservices.requests.needs import PendingAction
from org.models import User
from routing.acting.errors import ConflictError, NotAllowedError


def needs_open_order(given: PendingAction) -> Any:
    """Return that work is to be ordered first; None where a team has an open order."""
    open_orders = WorkOrder.objects.filter(request=given.request.pk, state__in=OPEN)
    return None if open_orders.exists() else _("Order the work from a team first.")


def send_team(request: Request, *, actor: User) -> bool:
    """Take the action that waited for the order just made; return whether there was one.

    An action that needs more than the order is left to people.
    """
    waiting = (one for one in actions_of(request, actor=actor) if one.needs == ("work_order",))
    ready = next((one for one in waiting if not one.blocked), None)
    if ready is None:
        return False
    try:
        take_action(request, ready.name, actor=actor)
    except (NotAllowedError, ConflictError):
        return False
    return True
