"""Payments: the list with its search, and the page of one."""

from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.http import urlencode

from eservices.bills.listing import paid_too_much
from eservices.bills.models import Bill
from eservices.payments.listing import between, lines_of, payments_found
from eservices.payments.models import Channel, JournalEntry, Payment
from eservices.payments.receipts import file_name, receipt_file
from eservices.payments.refunds import refundable, waits_for_refund
from eservices.payments.rights import (
    decides_refunds,
    keeps_accounts,
    reads_accounts,
    reads_payments,
)
from eservices.payments.unpaid import may_be_unpaid
from eservices.payments.untaken import untaken
from web.desk.money.forms import RefundForm
from web.desk.money.tabs import money_page, permissions
from web.desk.money.words import REFUND_TAGS, step_words
from web.shared.days import day_of
from web.shared.files import stored
from web.shared.guard import StaffRequest, page
from web.shared.paging import page_of

ROWS: Final = 50
_AT_BANK: Final = ("attempt_seen_at_bank", "attempt_voided", "attempt_taken_after_all")


@page(reads_payments)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the payments, the newest first: all, or those that a search and filters leave."""
    asked = _asked(request)
    rows = between(payments_found(asked["q"]), asked["since"], asked["until"])
    if asked["channel"]:
        rows = rows.filter(channel=asked["channel"])
    if asked["loose"]:
        rows = rows.filter(amount__gt=F("allocated"))
    if asked["untaken"]:
        rows = rows.filter(pk__in=untaken().values("pk"))
    found = page_of(
        rows, order=["-posted_at", "-id"], cursor=request.GET.get("from", ""), limit=ROWS
    )
    lines = lines_of([row.receipt for row in found.rows])
    kept = {name: value for name, value in asked.items() if value}
    reads = reads_accounts(permissions(request))
    context: dict[str, Any] = asked | {
        "rows": [(row, _bills(lines.get(row.receipt, []))) for row in found.rows],
        "next": found.next_cursor,
        "channels": Channel.choices,
        "untaken_count": untaken().count() if reads else 0,
        "overpaid_count": paid_too_much(Bill.objects.all()).count() if reads else 0,
        "query": urlencode(kept),
    }
    return money_page(request, "web/money/payments.html", context, at="payments")


def _bills(lines: list[Any]) -> list[tuple[str, str]]:
    """Return the numbers of a payment's bills and their contracts, each once."""
    told = (
        (line.bill.number, line.bill.contract.number if line.bill.contract else "")
        for line in lines
    )
    return list(dict.fromkeys(told))


def _asked(request: StaffRequest) -> dict[str, Any]:
    given = request.GET
    channel = given.get("channel", "")
    return {
        "q": given.get("q", "")[:80],
        "channel": channel if channel in Channel.values else "",
        "since": day_of(given.get("since", "")),
        "until": day_of(given.get("until", "")),
        "untaken": "1" if given.get("untaken") == "1" else "",
        "loose": "1" if given.get("loose") == "1" else "",
    }


@page(reads_payments)
def show(request: StaffRequest, payment_id: UUID) -> HttpResponse:
    """Show a payment: its bills, what went back, its steps in the journal."""
    return payment_page(request, payment_of(payment_id))


def payment_of(payment_id: UUID) -> Payment:
    """Return a payment, or answer that there is none."""
    rows = Payment.objects.select_related("attempt", "cashier_day__cashier", "by", "receipt_file")
    payment = rows.filter(pk=payment_id).first()
    if payment is None:
        raise Http404
    return payment


def payment_page(
    request: StaffRequest, payment: Payment, form: RefundForm | None = None, status: int = 200
) -> HttpResponse:
    """Answer the page of a payment, with the form of a refund where one is possible."""
    refunds = list(payment.refunds.select_related("asked_by", "decided_by").order_by("asked_at"))
    most = refundable(payment)
    loose = waits_for_refund(payment)
    by_card = payment.channel == Channel.CARD
    subjects = [payment.receipt, *(f"refund:{refund.pk}" for refund in refunds)]
    keeps = keeps_accounts(permissions(request))
    decides = decides_refunds(permissions(request))
    may_ask = most > 0 and keeps
    lines = lines_of([payment.receipt]).get(payment.receipt, [])
    over = min(most, sum({line.bill_id: line.bill.overpaid for line in lines}.values()))
    context = {
        "payment": payment,
        "lines": lines,
        "refunds": [(refund, REFUND_TAGS[refund.state]) for refund in refunds],
        "refundable": most,
        "loose": loose,
        "steps": [
            (step, step_words(step.kind))
            for step in JournalEntry.objects.filter(_of(payment, subjects)).order_by("seq")
        ],
        "form": form or RefundForm(by_card=by_card, initial={"amount": loose or over or most}),
        "may_ask": may_ask,
        "untaken": keeps and untaken().filter(pk=payment.pk).exists(),
        "voids": decides,
        "unpaid": decides and may_be_unpaid(payment),
    }
    return money_page(request, "web/money/payment.html", context, at="payments", status=status)


def _of(payment: Payment, subjects: list[str]) -> Q:
    """Return what finds the steps of a payment: its own, and what was seen of it at the bank."""
    seen = Q(pk=None)
    if payment.attempt is not None:
        seen = Q(subject=payment.attempt.oid, kind__in=_AT_BANK)
    return Q(subject__in=subjects) | seen


@page(reads_payments)
def receipt(request: StaffRequest, payment_id: UUID) -> HttpResponseBase:
    """Give the receipt as PDF, drawn the first time."""
    payment = payment_of(payment_id)
    return stored(receipt_file(payment), "application/pdf", name=file_name(payment))
