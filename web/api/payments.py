"""Payments over the API: listed, shown, and what came by channel and day."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from eservices.bills.models import Allocation, PaymentExport
from eservices.payments.listing import between, lines_of, payments_found, sums
from eservices.payments.models import Channel, Payment, Refund
from eservices.payments.rights import reads_accounts, reads_payments
from org.days import days_before
from web.api.access import permitted
from web.api.listing import Given, Listed, Rows, both_ways, listed, lists
from web.api.shape import AmountField, PageShape, Shape, shown
from web.api.view import ApiView, get_or_404, operation, validated_query

ReadsPayments: Final = permitted(reads_payments)
ReadsAccounts: Final = permitted(reads_accounts)  # figures and refunds too


class PaymentsAsked(Listed):
    """A page of payments: of a receipt, bill, contract or reference, a channel, some days."""

    ORDERS = both_ways("-posted_at", "-posted_at", "-id")

    q = serializers.CharField(
        required=False, max_length=80, help_text="Receipt, bill, contract, reference or order."
    )
    channel = serializers.ChoiceField(Channel.choices, required=False)
    since = serializers.DateField(required=False, help_text="Posted on this day or later.")
    until = serializers.DateField(required=False, help_text="Posted on this day or before.")


class PaymentLineOut(Shape):
    """What was set against a bill; negative where it was taken back."""

    bill = serializers.CharField(source="bill.number")
    contract = serializers.CharField()
    amount = AmountField()

    def show_contract(self, line: Allocation) -> str:
        """Return the contract's number, "" for a fee without one."""
        return line.bill.contract.number if line.bill.contract else ""


class PaymentOut(Shape):
    """Money that came in. Amounts are decimal text; `allocated` was set against bills."""

    id = serializers.UUIDField()
    receipt = serializers.CharField()
    channel = serializers.CharField()
    amount = AmountField()
    allocated = AmountField()
    currency = serializers.CharField()
    paid_at = serializers.DateTimeField()
    posted_at = serializers.DateTimeField()
    reference = serializers.CharField()
    payer = serializers.CharField()
    bills = PaymentLineOut(many=True)

    def show_bills(self, payment: Payment) -> Sequence[Allocation]:
        """Return what was set against bills."""
        lines: Sequence[Allocation] = self.context["lines"].get(payment.receipt, ())
        return lines


class PaymentsOut(PageShape):
    """Payments. `next_cursor` is empty on the last page."""

    payments = PaymentOut(source="rows", many=True)


class FiguresAsked(Shape):
    """The days that are counted: 92 at most, without any the last 30."""

    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)


class FigureOut(Shape):
    """What came on a day by a channel."""

    day = serializers.DateField()
    channel = serializers.CharField()
    count = serializers.IntegerField()
    total = AmountField()


class FiguresOut(Shape):
    """Counts and sums by day and channel."""

    figures = FigureOut(many=True)


class RefundsAsked(Listed):
    """A page of refunds, of a state."""

    ORDERS = both_ways("-asked_at", "-asked_at", "-id")

    state = serializers.ChoiceField(Refund.State.choices, required=False)


class RefundOut(Shape):
    """Money that goes back."""

    id = serializers.UUIDField()
    receipt = serializers.CharField(help_text="Of what is paid back; empty for a credit note.")
    credit = serializers.CharField(help_text="Number of the credit note, else empty.")
    amount = AmountField()
    state = serializers.CharField()
    way = serializers.CharField()
    reason = serializers.CharField()
    asked_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    paid_at = serializers.DateTimeField(allow_null=True)

    def show_receipt(self, refund: Refund) -> str:
        """Return the receipt of the payment, "" for a credit note."""
        return refund.payment.receipt if refund.payment else ""

    def show_credit(self, refund: Refund) -> str:
        """Return the number of the credit note, "" for a payment."""
        return refund.credit.number if refund.credit else ""


class RefundsOut(PageShape):
    """Refunds. `next_cursor` is empty on the last page."""

    refunds = RefundOut(source="rows", many=True)


class ExportsAsked(Listed):
    """A page of the files that were handed to the billing system."""

    ORDERS = both_ways("-id", "-id")


class PaymentExportOut(Shape):
    """A file of payments for the billing system; `total` is the sum of its lines."""

    id = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    made_by = serializers.CharField(help_text="Name of who made it, empty for the command.")
    count = serializers.IntegerField()
    total = AmountField()
    sha256 = serializers.CharField()

    def show_made_by(self, export: PaymentExport) -> str:
        """Return who made it."""
        return export.made_by.shown_name if export.made_by else ""


class PaymentExportsOut(PageShape):
    """Files of payments. `next_cursor` is empty on the last page."""

    exports = PaymentExportOut(source="rows", many=True)


class PaymentsView(ApiView):
    """Payments."""

    permission_classes = [ReadsPayments]

    @operation("list_payments", PaymentsOut, 400, 403, asks=[PaymentsAsked])
    def get(self, request: Request) -> Response:
        """List the payments, the newest first."""
        given = validated_query(PaymentsAsked, request)
        rows = between(payments_found(given.get("q", "")), given.get("since"), given.get("until"))
        if "channel" in given:
            rows = rows.filter(channel=given["channel"])
        found = listed(rows, PaymentsAsked, given)
        return shown(PaymentsOut, found, lines=lines_of([row.receipt for row in found.rows]))


class PaymentView(ApiView):
    """A payment."""

    permission_classes = [ReadsPayments]

    @operation("get_payment", PaymentOut, 403, 404)
    def get(self, request: Request, payment_id: UUID) -> Response:
        """Return a payment with its bills."""
        row = get_or_404(Payment.objects.filter(pk=payment_id))
        return shown(PaymentOut, row, lines=lines_of([row.receipt]))


class PaymentFiguresView(ApiView):
    """What came by channel and day."""

    heavy = True

    permission_classes = [ReadsAccounts]

    @operation("payment_figures", FiguresOut, 400, 403, asks=[FiguresAsked])
    def get(self, request: Request) -> Response:
        """Return counts and sums by day and channel."""
        given = validated_query(FiguresAsked, request)
        until: date = given.get("until") or timezone.localdate()
        since: date = given.get("since") or days_before(until, 29)
        rows = [
            {"day": day, "channel": channel, "count": count, "total": total}
            for (day, channel), (count, total) in sorted(sums(since, until).items())
        ]
        return shown(FiguresOut, {"figures": rows})


class RefundsView(ApiView):
    """Refunds."""

    permission_classes = [ReadsAccounts]

    @lists("list_refunds", RefundsAsked, RefundsOut, 403)
    def get(self, _request: Request, given: Given) -> Rows:
        """List the refunds, the newest first."""
        rows = Refund.objects.select_related("payment", "credit")
        if "state" in given:
            rows = rows.filter(state=given["state"])
        return rows


class PaymentExportsView(ApiView):
    """Files of payments for the billing system."""

    heavy = True

    permission_classes = [ReadsAccounts]

    @lists("list_payment_exports", ExportsAsked, PaymentExportsOut, 403)
    def get(self, _request: Request, _given: Given) -> Rows:
        """List the files that were handed over, the newest first."""
        return PaymentExport.objects.select_related("made_by")
