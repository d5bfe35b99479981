"""Bills and statements over the API, for staff who see customers. Amounts are decimal texts."""

from typing import Final

from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from eservices.bills.bill_state import State, detail_of, state_of
from eservices.bills.listing import late_of, paid_too_much
from eservices.bills.models import Allocation, Bill, BillLine
from eservices.bills.rights import reads_bills
from eservices.bills.statement import Kind, as_json, statement_of
from eservices.contracts.finding import contract_numbered
from eservices.contracts.looks import note_look
from eservices.contracts.models import Contract, Service
from language.reach import number_key
from web.api.access import caller, permitted
from web.api.listing import Given, Listed, Rows, both_ways, lists
from web.api.shape import AmountField, PageShape, Shape, shown
from web.api.view import (
    MOST_ROWS,
    ApiView,
    AsItIs,
    file_answer,
    get_or_404,
    operation,
    validated_query,
)
from web.shared.bills import pdf_of

ReadsBills: Final = permitted(reads_bills)


class BillsAsked(Listed):
    """A page of bills, of a contract or of all."""

    ORDERS = both_ways("-id", "-id")

    contract = serializers.CharField(required=False, max_length=60)
    number = serializers.CharField(required=False, max_length=40)
    unpaid = serializers.BooleanField(required=False, default=False)
    overdue = serializers.BooleanField(required=False, default=False)
    overpaid = serializers.BooleanField(required=False, default=False)


class BillOut(Shape):
    """A bill or credit note of the billing system, or a fee of this office."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    kind = serializers.CharField(help_text="invoice, credit or fee")
    contract = serializers.CharField(source="contract.number", allow_null=True)
    service = serializers.ChoiceField([*Service.choices, ("", "")])
    period_from = serializers.DateField(allow_null=True)
    period_to = serializers.DateField(allow_null=True)
    issued_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    previous_index = serializers.IntegerField(allow_null=True)
    index = serializers.IntegerField(allow_null=True)
    estimated = serializers.BooleanField()
    total = AmountField()
    remaining = AmountField()
    overpaid = AmountField()
    currency = serializers.CharField()
    state = serializers.CharField(help_text=", ".join(State))
    subject = serializers.CharField()

    def show_state(self, bill: Bill) -> str:
        """Return how the bill stands today."""
        return state_of(bill).value


class BillsOut(PageShape):
    """Bills. `next_cursor` is empty on the last page."""

    bills = BillOut(source="rows", many=True)


class BillLineOut(Shape):
    """A line of a bill: a band of consumption, a charge. Numbers as decimal text."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    band = serializers.CharField()
    quantity = serializers.DecimalField(14, 3, allow_null=True)
    unit = serializers.CharField()
    price = serializers.DecimalField(14, 4, allow_null=True)
    net = AmountField()
    tax_rate = serializers.DecimalField(5, 2)
    tax = AmountField()


class BillPaymentOut(Shape):
    """What was set against the bill by a receipt; negative where it was taken back."""

    receipt = serializers.CharField()
    amount = AmountField()
    at = serializers.DateTimeField()


class OneBillOut(BillOut):
    """A bill with its lines and payments; `settled` is what was paid elsewhere."""

    lines = BillLineOut(many=True)
    payments = BillPaymentOut(many=True)
    settled = AmountField()

    def show_lines(self, bill: Bill) -> list[BillLine]:
        """Return the lines in their order."""
        return list(self.context["detail"].lines)

    def show_payments(self, bill: Bill) -> list[Allocation]:
        """Return what was set against the bill, the oldest first."""
        return list(self.context["detail"].payments)

    def show_settled(self, bill: Bill) -> int:
        """Return what was paid elsewhere."""
        return int(self.context["detail"].elsewhere)


class StatementAsked(Shape):
    """A contract, and the days of the statement, both included."""

    contract = serializers.CharField(max_length=60)
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)


class MovementOut(Shape):
    """A movement; `amount` is what is owed more, negative what is owed less."""

    date = serializers.DateField()
    kind = serializers.CharField(help_text=", ".join(Kind))
    reference = serializers.CharField()
    bill = serializers.CharField()
    amount = serializers.CharField()
    balance = serializers.CharField()


class StatementOut(Shape):
    """The statement of account of a contract: opening and movements are the balance."""

    opening = serializers.CharField()
    movements = MovementOut(many=True)
    balance = serializers.CharField()


class BillsView(ApiView):
    """Bills."""

    permission_classes = [ReadsBills]

    @lists("list_bills", BillsAsked, BillsOut, 403)
    def get(self, request: Request, given: Given) -> Rows:
        """List bills, those that came last first; of a contract that there is not: none."""
        rows = Bill.objects.select_related("contract")
        if "number" in given:
            rows = rows.filter(number=given["number"])
        if "contract" in given:
            rows = rows.filter(contract__number_key=number_key(given["contract"]))
        if given.keys() & {"number", "contract"}:
            for contract in Contract.objects.filter(pk__in=rows.values("contract"))[:MOST_ROWS]:
                note_look(contract, viewer=caller(request))
        if given["overdue"]:
            rows = late_of(rows, on=timezone.localdate())
        elif given["overpaid"]:
            rows = paid_too_much(rows)
        elif given["unpaid"]:
            rows = rows.filter(remaining__gt=0)
        return rows


class BillView(ApiView):
    """A bill."""

    permission_classes = [ReadsBills]

    @operation("get_bill", OneBillOut, 403, 404)
    def get(self, request: Request, bill_id: int) -> Response:
        """Return a bill with its lines and payments."""
        bill = get_or_404(Bill.objects.select_related("contract").filter(pk=bill_id))
        note_look(bill.contract, viewer=caller(request))
        return shown(OneBillOut, bill, detail=detail_of(bill))


class BillContentView(ApiView):
    """The paper of a bill."""

    permission_classes = [ReadsBills]

    content_negotiation_class = AsItIs

    @operation("get_bill_content", file_answer("application/pdf"))
    def get(self, request: Request, bill_id: int) -> HttpResponseBase:
        """Return the bill as PDF: the one that came with it, else drawn now."""
        rows = Bill.objects.select_related("contract", "pdf")
        bill = get_or_404(rows.filter(pk=bill_id))
        note_look(bill.contract, viewer=caller(request))
        return pdf_of(bill)


class StatementView(ApiView):
    """The statement of account of a contract."""

    permission_classes = [ReadsBills]

    @operation("get_statement", StatementOut, 400, 403, 404, asks=[StatementAsked])
    def get(self, request: Request) -> Response:
        """Return the movements and the balance, as `manage statement` tells them."""
        given = validated_query(StatementAsked, request)
        contract = contract_numbered(given["contract"])
        if contract is None:
            raise NotFound
        note_look(contract, viewer=caller(request))
        found = statement_of(contract, since=given.get("since"), until=given.get("until"))
        return shown(StatementOut, as_json(found))
