"""Payments over the API: listed, shown, and what came by channel and day."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from eservices.bills.models import Allocation, PaymentExport
from eservices.money import decimal
from eservices.payments.listing import between, lines_of, payments_found, sums
from eservices.payments.models import Channel, Payment, Refund
from eservices.payments.rights import reads_accounts, reads_payments
from org.people import permissions_of
from web.api.access import caller
from web.api.listing import Listed, both_ways, listed
from web.api.shape import Shape, shown
from web.api.view import ApiView, get_or_404, responses, validated_query


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

    bill = serializers.CharField()
    contract = serializers.CharField()
    amount = serializers.CharField()


class PaymentOut(Shape):
    """Money that came in. Amounts are decimal text; `allocated` was set against bills."""

    id = serializers.UUIDField()
    receipt = serializers.CharField()
    channel = serializers.CharField()
    amount = serializers.CharField()
    allocated = serializers.CharField()
    currency = serializers.CharField()
    paid_at = serializers.DateTimeField()
    posted_at = serializers.DateTimeField()
    reference = serializers.CharField()
    payer = serializers.CharField()
    bills = PaymentLineOut(many=True)


class PaymentsOut(Shape):
    """Payments. `next_cursor` is empty on the last page."""

    payments = PaymentOut(source="rows", many=True)
    next_cursor = serializers.CharField()


class FiguresAsked(Shape):
    """The days that are counted: 92 at most, without any the last 30."""

    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)


class FigureOut(Shape):
    """What came on a day by a channel."""

    day = serializers.DateField()
    channel = serializers.CharField()
    count = serializers.IntegerField()
    total = serializers.CharField()


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
    amount = serializers.CharField()
    state = serializers.CharField()
    way = serializers.CharField()
    reason = serializers.CharField()
    asked_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    paid_at = serializers.DateTimeField(allow_null=True)


class RefundsOut(Shape):
    """Refunds. `next_cursor` is empty on the last page."""

    refunds = RefundOut(source="rows", many=True)
    next_cursor = serializers.CharField()


class ExportsAsked(Listed):
    """A page of the files that were handed to the billing system."""

    ORDERS = both_ways("-id", "-id")


class PaymentExportOut(Shape):
    """A file of payments for the billing system; `total` is the sum of its lines."""

    id = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    made_by = serializers.CharField(help_text="Name of who made it, empty for the command.")
    count = serializers.IntegerField()
    total = serializers.CharField()
    sha256 = serializers.CharField()

    def show_made_by(self, export: PaymentExport) -> str:
        """Return who made it."""
        return export.made_by.shown_name if export.made_by else ""

    def show_total(self, export: PaymentExport) -> str:
        """Return the sum as decimal text."""
        return decimal(export.total)


class PaymentExportsOut(Shape):
    """Files of payments. `next_cursor` is empty on the last page."""

    exports = PaymentExportOut(source="rows", many=True)
    next_cursor = serializers.CharField()


class PaymentsView(ApiView):
    """Payments."""

    @extend_schema(
        operation_id="list_payments",
        parameters=[PaymentsAsked],
        responses=responses(PaymentsOut, 400, 403),
    )
    def get(self, request: Request) -> Response:
        """List the payments, the newest first."""
        may_read(request)
        given = validated_query(PaymentsAsked, request)
        rows = between(payments_found(given.get("q", "")), given.get("since"), given.get("until"))
        if "channel" in given:
            rows = rows.filter(channel=given["channel"])
        found = listed(rows, PaymentsAsked, given)
        lines = lines_of([row.receipt for row in found.rows])
        told = [_told(row, lines.get(row.receipt, [])) for row in found.rows]
        return shown(PaymentsOut, {"rows": told, "next_cursor": found.next_cursor})


class PaymentView(ApiView):
    """A payment."""

    @extend_schema(operation_id="get_payment", responses=responses(PaymentOut, 403, 404))
    def get(self, request: Request, payment_id: UUID) -> Response:
        """Return a payment with its bills."""
        may_read(request)
        row = get_or_404(Payment.objects.filter(pk=payment_id))
        return shown(PaymentOut, _told(row, lines_of([row.receipt]).get(row.receipt, [])))


class PaymentFiguresView(ApiView):
    """What came by channel and day."""

    @extend_schema(
        operation_id="payment_figures",
        parameters=[FiguresAsked],
        responses=responses(FiguresOut, 400, 403),
    )
    def get(self, request: Request) -> Response:
        """Return counts and sums by day and channel."""
        may_read(request, accounts=True)
        given = validated_query(FiguresAsked, request)
        until: date = given.get("until") or timezone.localdate()
        since: date = given.get("since") or until - timedelta(days=29)
        rows = [
            {"day": day, "channel": channel, "count": count, "total": decimal(total)}
            for (day, channel), (count, total) in sorted(sums(since, until).items())
        ]
        return shown(FiguresOut, {"figures": rows})


class RefundsView(ApiView):
    """Refunds."""

    @extend_schema(
        operation_id="list_refunds",
        parameters=[RefundsAsked],
        responses=responses(RefundsOut, 400, 403),
    )
    def get(self, request: Request) -> Response:
        """List the refunds, the newest first."""
        may_read(request, accounts=True)
        given = validated_query(RefundsAsked, request)
        rows = Refund.objects.select_related("payment", "credit")
        if "state" in given:
            rows = rows.filter(state=given["state"])
        found = listed(rows, RefundsAsked, given)
        told = [_told_refund(row) for row in found.rows]
        return shown(RefundsOut, {"rows": told, "next_cursor": found.next_cursor})


class PaymentExportsView(ApiView):
    """Files of payments for the billing system."""

    @extend_schema(
        operation_id="list_payment_exports",
        parameters=[ExportsAsked],
        responses=responses(PaymentExportsOut, 400, 403),
    )
    def get(self, request: Request) -> Response:
        """List the files that were handed over, the newest first."""
        may_read(request, accounts=True)
        given = validated_query(ExportsAsked, request)
        rows = PaymentExport.objects.select_related("made_by")
        return shown(PaymentExportsOut, listed(rows, ExportsAsked, given))


def _told(payment: Payment, lines: Sequence[Allocation]) -> dict[str, Any]:
    """Return a payment with its amounts as text and its bills."""
    names = ("id", "receipt", "channel", "currency", "paid_at", "posted_at", "reference", "payer")
    return {
        **{name: getattr(payment, name) for name in names},
        "amount": decimal(payment.amount),
        "allocated": decimal(payment.allocated),
        "bills": [
            {
                "bill": line.bill.number,
                "contract": line.bill.contract.number if line.bill.contract else "",
                "amount": decimal(line.amount),
            }
            for line in lines
        ],
    }


def _told_refund(refund: Refund) -> dict[str, Any]:
    """Return a refund with its amount as text and what it pays back."""
    names = ("id", "state", "way", "reason", "asked_at", "decided_at", "paid_at")
    return {
        **{name: getattr(refund, name) for name in names},
        "amount": decimal(refund.amount),
        "receipt": refund.payment.receipt if refund.payment else "",
        "credit": refund.credit.number if refund.credit else "",
    }


def may_read(request: Request, *, accounts: bool = False) -> None:
    """Refuse who does not read payments; with `accounts`, figures and refunds. Raise 403."""
    permissions = permissions_of(caller(request))
    allowed = reads_accounts(permissions) if accounts else reads_payments(permissions)
    if not allowed:
        raise PermissionDenied
