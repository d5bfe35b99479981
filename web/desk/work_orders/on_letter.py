"""The work orders of a request, on its letter's page."""

from typing import Any

from eservices.kinds import EserviceEvent
from eservices.relations.models import WorkOrder
from eservices.relations.orders import orders_visible_to, teams_planned_by
from eservices.requests.models import Request
from org.models import User
from registry.models.letters import Letter
from web.desk.letter_events import Happened
from web.desk.work_orders.words import TAGS


def orders_box(letter: Letter, user: User, happened: Happened) -> dict[str, Any]:
    """Return what the box shows; nothing for a letter that is no request."""
    if not happened.any_of(EserviceEvent.REQUEST_OPENED):
        return {}
    request = Request.objects.filter(letter=letter.pk).first()
    if request is None:
        return {}
    rows: list[WorkOrder] = []
    if happened.any_of(EserviceEvent.WORK_ORDERED):
        mine = orders_visible_to(user).filter(request=request.pk)
        rows = list(mine.select_related("team").order_by("-planned_on", "-pk")[:50])
    may_order = request.ended_at is None and teams_planned_by(user).exists()
    if not rows and not may_order:
        return {}
    return {
        "work_orders": [(row, TAGS[row.state]) for row in rows],
        "work_request": request.pk if may_order else None,
    }
