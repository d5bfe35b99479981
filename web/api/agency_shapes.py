"""Shapes of the digital agency over the API. Amounts are decimal text."""

from rest_framework import serializers

from eservices.agency import meters, plans
from eservices.agency.models import Plan
from eservices.bills.bill_state import state_of
from eservices.bills.models import Bill
from eservices.contracts.models import Service
from web.api.shape import AmountField, Shape


class DueBillOut(Shape):
    """A bill that the request waits for or is about."""

    number = serializers.CharField()
    kind = serializers.CharField(help_text="invoice, credit or fee")
    total = AmountField()
    remaining = AmountField()
    due_on = serializers.DateField(allow_null=True)
    state = serializers.CharField()

    def show_state(self, bill: Bill) -> str:
        """Return how the bill stands today."""
        return state_of(bill).value


class ChargeOut(Shape):
    """What is to be paid, written down, and no bill yet."""

    id = serializers.IntegerField()
    subject = serializers.CharField()
    amount = AmountField()


class DueRefundOut(Shape):
    """Money that goes back to the customer."""

    id = serializers.UUIDField()
    credit = serializers.CharField(source="credit.number")
    amount = AmountField()
    state = serializers.CharField()


class AgencyMeterOut(Shape):
    """A meter of the contract; `final_index` where its last index was taken for this request."""

    serial = serializers.CharField()
    service = serializers.ChoiceField(Service.choices)
    removed_on = serializers.DateField(allow_null=True)
    last_index = serializers.IntegerField(allow_null=True)
    final_index = serializers.IntegerField(allow_null=True)


class InstalmentOut(Shape):
    """A part of the schedule."""

    number = serializers.IntegerField(source="row.number")
    due_on = serializers.DateField(source="row.due_on")
    amount = AmountField(source="row.amount")
    state = serializers.CharField(help_text="paid, late, ahead, dropped")


class PlanOut(Shape):
    """The schedule; in force once it is accepted."""

    total = AmountField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    instalments = InstalmentOut(many=True)

    def show_instalments(self, plan: Plan) -> list[plans.Part]:
        """Return its parts as they stand."""
        return plans.parts_of(plan)


class DuesOut(Shape):
    """What a request has to do with money, contract and meters, and what you may do.

    `unpaid` says why the payment is not there, empty where it is; `balance` is of the whole
    contract, for requests that end one.
    """

    request = serializers.UUIDField()
    stage = serializers.CharField()
    contract = serializers.CharField(allow_null=True)
    unpaid = serializers.CharField()
    bills = DueBillOut(many=True)
    receipts = serializers.ListField(child=serializers.CharField())
    charges = ChargeOut(many=True)
    charges_written = serializers.IntegerField(help_text="With those that are bills by now.")
    refunds = DueRefundOut(many=True)
    meters = AgencyMeterOut(many=True)
    final_bill = serializers.CharField(allow_null=True)
    balance = serializers.CharField(allow_null=True)
    plan = PlanOut(allow_null=True)
    may = serializers.ListField(
        child=serializers.CharField(),
        help_text="Some of charge, meter, last_index, final_bill, plan, deliver.",
    )


class ChargeIn(Shape):
    """What is to be paid, and how much; 0 says that nothing is."""

    subject = serializers.CharField(max_length=200)
    amount = AmountField()
    seen = serializers.IntegerField(
        required=False, min_value=0, help_text="`charges_written` as you saw it: 409 if not now."
    )


class MeterIn(Shape):
    """The meter that was set."""

    serial = serializers.CharField(max_length=40)
    service = serializers.ChoiceField(Service.choices)
    index = serializers.IntegerField(min_value=0, max_value=10**meters.MOST_DIGITS - 1)
    digits = serializers.IntegerField(
        required=False, default=meters.USUAL_DIGITS, min_value=4, max_value=meters.MOST_DIGITS
    )


class LastIndexIn(Shape):
    """The last index of a meter of the contract."""

    serial = serializers.CharField(max_length=40)
    index = serializers.IntegerField(min_value=0, max_value=10**meters.MOST_DIGITS - 1)


class FinalBillIn(Shape):
    """Number of the bill that ends the contract's account."""

    bill = serializers.CharField(max_length=40)


class PlanPartIn(Shape):
    """A part: how much by which day."""

    due_on = serializers.DateField()
    amount = AmountField()


class PlanIn(Shape):
    """Open bills of the contract, and the parts that come to what remains of them."""

    bills = serializers.ListField(
        child=serializers.CharField(max_length=40), min_length=1, max_length=20
    )
    parts = PlanPartIn(many=True)
