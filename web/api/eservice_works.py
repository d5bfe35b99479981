"""Files over the API, for staff: trades, quotations, meetings on site, acceptances, reserves."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from eservices.requests import acceptances, meetings, quotations
from eservices.requests.amounts import AmountError
from eservices.requests.children import open_children
from eservices.requests.models import Acceptance, Quotation, Reserve
from web.api.access import ReadsLetters, caller
from web.api.eservice_requests import found_request
from web.api.eservice_shapes import ChildOut
from web.api.shape import Shape, optional_text, shown
from web.api.view import ApiView, checked, operation


class LineShape(Shape):
    """A line of a quotation; amounts are decimals as text, the rate of tax in percent."""

    what = serializers.CharField(max_length=200)
    quantity = serializers.CharField(max_length=20)
    unit = optional_text(20)
    price = serializers.CharField(max_length=20, help_text="Of one unit, without tax.")
    rate = serializers.CharField(max_length=5, required=False, default="20")


class QuotationIn(Shape):
    """A quotation to make and send."""

    lines = LineShape(many=True)
    valid_until = serializers.DateField()


class QuotationOut(Shape):
    """A quotation as it was sent, and what became of it."""

    number = serializers.IntegerField()
    lines = LineShape(many=True)
    net = serializers.DecimalField(max_digits=12, decimal_places=2)
    tax = serializers.DecimalField(max_digits=12, decimal_places=2)
    total = serializers.DecimalField(max_digits=12, decimal_places=2)
    currency = serializers.CharField()
    valid_until = serializers.DateField()
    expired = serializers.BooleanField()
    state = serializers.ChoiceField(Quotation.State.choices)
    reason = serializers.CharField()
    made_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)

    def show_expired(self, row: Quotation) -> bool:
        """Return whether it is open and holds no more."""
        return quotations.is_over(row)


class QuotationsOut(Shape):
    """The quotations of a request, the latest first."""

    quotations = QuotationOut(many=True)


class DecisionIn(Shape):
    """What the citizen said at the counter or by letter; `remark` says how they said it."""

    decision = serializers.ChoiceField(["accept", "decline"])
    remark = serializers.CharField(max_length=1000)


class MeetingIn(Shape):
    """A meeting on site, and its minutes."""

    held_on = serializers.DateField()
    place = optional_text(meetings.LONGEST_PLACE)
    present = optional_text(8000, help_text="One a line.")
    minutes = serializers.CharField(max_length=meetings.LONGEST)


class MeetingOut(MeetingIn):
    """A meeting as it was written down."""

    id = serializers.IntegerField()
    made_at = serializers.DateTimeField()


class MeetingsOut(Shape):
    """The meetings of a request, the latest first."""

    meetings = MeetingOut(many=True)


class ReserveIn(Shape):
    """What an acceptance leaves open."""

    text = serializers.CharField(max_length=500)
    trade = optional_text(12)
    due_on = serializers.DateField(required=False, default=None, allow_null=True)


class ReserveOut(ReserveIn):
    """A reserve, and whether it is lifted."""

    id = serializers.IntegerField()
    lifted_at = serializers.DateTimeField(allow_null=True)
    remark = serializers.CharField()


class AcceptanceIn(Shape):
    """An acceptance to record, with its reserves."""

    kind = serializers.ChoiceField(Acceptance.Kind.choices)
    on = serializers.DateField()
    minutes = optional_text(acceptances.LONGEST_MINUTES)
    reserves = ReserveIn(many=True, required=False, default=list)


class AcceptanceOut(Shape):
    """An acceptance with its reserves."""

    kind = serializers.ChoiceField(Acceptance.Kind.choices)
    on = serializers.DateField()
    minutes = serializers.CharField()
    reserves = ReserveOut(many=True)

    def show_reserves(self, row: Acceptance) -> list[Reserve]:
        """Return its reserves, in the order in which they were written."""
        return list(row.reserves.order_by("pk"))


class AcceptancesOut(Shape):
    """The acceptances of a request."""

    acceptances = AcceptanceOut(many=True)


class LiftIn(Shape):
    """What is said with it."""

    remark = optional_text(500)


class TradesIn(Shape):
    """The trades for which requests are to be opened."""

    trades = serializers.ListField(
        child=serializers.CharField(max_length=12), min_length=1, max_length=12
    )


class ChildrenOut(Shape):
    """The requests that were opened."""

    children = ChildOut(many=True)


class _OfRequest(ApiView):
    permission_classes = [ReadsLetters]


class RequestChildrenView(_OfRequest):
    """Requests for single trades."""

    @operation("open_request_children", ChildrenOut, 400, 403, 404, 409, takes=TradesIn, status=201)
    def post(self, request: ApiRequest, request_id: UUID) -> Response:
        """Open the requests for several trades, each with a number of its own."""
        actor = caller(request)
        row = found_request(actor, request_id)
        opened = open_children(row, checked(TradesIn, request)["trades"], actor=actor)
        return shown(ChildrenOut, {"children": [one.request for one in opened]}, status=201)


class RequestQuotationsView(_OfRequest):
    """Quotations of a request."""

    @operation("list_request_quotations", QuotationsOut, 403, 404)
    def get(self, request: ApiRequest, request_id: UUID) -> Response:
        """List the quotations of a request."""
        row = found_request(caller(request), request_id)
        return shown(QuotationsOut, {"quotations": quotations.quotations_of(row)})

    @operation(
        "make_request_quotation", QuotationOut, 400, 403, 404, 409, takes=QuotationIn, status=201
    )
    def post(self, request: ApiRequest, request_id: UUID) -> Response:
        """Make a quotation and send it; it takes the place of the open one."""
        actor = caller(request)
        row = found_request(actor, request_id)
        given = checked(QuotationIn, request)
        try:
            made = quotations.make_quotation(
                row, actor=actor, lines=given["lines"], valid_until=given["valid_until"]
            )
        except AmountError as error:
            raise serializers.ValidationError({"lines": [str(error)]}) from error
        return shown(QuotationOut, made, status=201)


class QuotationDecisionView(_OfRequest):
    """What the citizen decided about a quotation."""

    @operation("decide_request_quotation", QuotationOut, 400, 403, 404, 409, takes=DecisionIn)
    def post(self, request: ApiRequest, request_id: UUID, number: int) -> Response:
        """Record what the citizen said at the counter or by letter about the open quotation."""
        actor = caller(request)
        row = found_request(actor, request_id)
        given = checked(DecisionIn, request)
        if given["decision"] == "accept":
            decided = quotations.accept(row, number, actor=actor, comment=given["remark"])
        else:
            decided = quotations.decline(row, number, actor=actor, reason=given["remark"])
        return shown(QuotationOut, decided)


class RequestMeetingsView(_OfRequest):
    """Meetings on site."""

    @operation("list_request_meetings", MeetingsOut, 403, 404)
    def get(self, request: ApiRequest, request_id: UUID) -> Response:
        """List the meetings with their minutes."""
        row = found_request(caller(request), request_id)
        return shown(MeetingsOut, {"meetings": meetings.meetings_of(row)})

    @operation("hold_request_meeting", MeetingOut, 400, 403, 404, takes=MeetingIn, status=201)
    def post(self, request: ApiRequest, request_id: UUID) -> Response:
        """Write down a meeting; the citizen reads the minutes."""
        actor = caller(request)
        row = found_request(actor, request_id)
        made = meetings.hold_meeting(row, actor=actor, **checked(MeetingIn, request))
        return shown(MeetingOut, made, status=201)


class RequestAcceptancesView(_OfRequest):
    """Acceptances of works."""

    @operation("list_request_acceptances", AcceptancesOut, 403, 404)
    def get(self, request: ApiRequest, request_id: UUID) -> Response:
        """List the acceptances with their reserves."""
        row = found_request(caller(request), request_id)
        rows = row.acceptances.order_by("on", "pk")
        return shown(AcceptancesOut, {"acceptances": list(rows)})

    @operation(
        "record_request_acceptance",
        AcceptanceOut,
        400,
        403,
        404,
        409,
        takes=AcceptanceIn,
        status=201,
    )
    def post(self, request: ApiRequest, request_id: UUID) -> Response:
        """Record an acceptance with its reserves, each kind once a request."""
        actor = caller(request)
        row = found_request(actor, request_id)
        given: dict[str, Any] = dict(checked(AcceptanceIn, request))
        left = [acceptances.Left(**one) for one in given.pop("reserves")]
        made = acceptances.record_acceptance(row, actor=actor, reserves=left, **given)
        return shown(AcceptanceOut, made, status=201)


class ReserveLiftView(_OfRequest):
    """A reserve."""

    @operation("lift_request_reserve", ReserveOut, 400, 403, 404, 409, takes=LiftIn)
    def post(self, request: ApiRequest, request_id: UUID, reserve_id: int) -> Response:
        """Lift one reserve; those of a trade also by who has the request of that trade."""
        actor = caller(request)
        row = found_request(actor, request_id)
        remark = checked(LiftIn, request)["remark"]
        return shown(
            ReserveOut, acceptances.lift_reserve(row, reserve_id, actor=actor, remark=remark)
        )
