"""Work orders over the API: planned anew for another day or team, and cancelled."""

from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from eservices.relations.orders import BadOrderError, cancel_order, move_order
from web.api.access import caller
from web.api.shape import Shape, optional_text, shown
from web.api.view import ApiView, checked, operation
from web.api.work_orders import WorkOrderOut, order_of, refused, team_of


class MoveOrderIn(Shape):
    """Where an order is planned anew; without `team` it stays with its own."""

    team = serializers.CharField(required=False, max_length=20, help_text="Code of the team.")
    planned_on = serializers.DateField()
    slot = optional_text(40)


class CancelOrderIn(Shape):
    """Why an order is cancelled."""

    why = serializers.CharField(max_length=500)


class MoveOrderView(ApiView):
    """Another day or team for a work order."""

    @operation("move_work_order", WorkOrderOut, 400, 403, 404, 409, takes=MoveOrderIn)
    def post(self, request: Request, order_id: UUID) -> Response:
        """Plan an open order for another day, or another team."""
        actor = caller(request)
        order, given = order_of(actor, order_id), dict(checked(MoveOrderIn, request))
        given["team"] = team_of(given["team"]) if "team" in given else order.team
        try:
            moved = move_order(order, actor=actor, **given)
        except BadOrderError as error:
            raise refused(error) from error
        return shown(WorkOrderOut, moved)


class CancelOrderView(ApiView):
    """Cancelling a work order."""

    @operation("cancel_work_order", WorkOrderOut, 400, 403, 404, 409, takes=CancelOrderIn)
    def post(self, request: Request, order_id: UUID) -> Response:
        """Cancel an open order, with the reason."""
        actor = caller(request)
        order, why = order_of(actor, order_id), checked(CancelOrderIn, request)["why"]
        try:
            cancelled = cancel_order(order, why=why, actor=actor)
        except BadOrderError as error:
            raise refused(error) from error
        return shown(WorkOrderOut, cancelled)
