"""What takes money back locks the bills before the journal's end, as every posting does."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from eservices.bills.models import Bill
from eservices.payments import attempts, journal
from eservices.payments.debits import send_back
from eservices.payments.models import Attempt, BankLine, Channel, Payment, Refund, Series
from eservices.payments.port import GatewayAnswer, Outcome
from eservices.payments.posting import Line, post_payment
from eservices.payments.refunds import ask_refund, decide_refund, pay_refund
from eservices.payments.returned import take_returned_back
from eservices.payments.untaken import voided_by_bank
from tests.eservices.bills.bills import a_bill
from tests.eservices.payments.office import RIB, staff
from tests.eservices.payments.sequences import ADDRESS
from tests.eservices.payments.test_debits import collected
from tests.eservices.payments.test_returned import batch, credited_batch, taken
from tests.routing.test_races import wait_until_somebody_waits

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


def voided() -> Callable[[], Any]:
    """Return what takes a payment by card back whose money never came."""
    attempt = attempts.begin([Line(a_bill(total=100).number, 100)])
    attempts.take_answer(GatewayAnswer(attempt.oid, Outcome.PAID, 100, "MAD"))
    Attempt.objects.update(ended_at=timezone.now() - timedelta(days=2))
    payment, head = Payment.objects.get(), staff("samira", role="head")
    return lambda: voided_by_bank(payment, reason="R", by=head)


def batch_back() -> Callable[[], Any]:
    """Return what takes two credits back that came as one entry."""
    credited_batch()
    taken(batch(way="DBIT", reversal="1"))
    line, head = BankLine.objects.get(amount__lt=0), staff("samira", role="head")
    return lambda: take_returned_back(line.pk, by=head)


def debit_back() -> Callable[[], Any]:
    """Return what marks a direct debit as sent back that was collected."""
    [line] = collected(100)
    return lambda: send_back(line, reason="R", by=None)


@pytest.mark.parametrize("prepare", [voided, batch_back, debit_back])
def test_nobody_waits_for_a_bill_who_holds_the_journal(
    prepare: Callable[[], Callable[[], Any]], settings: Any
) -> None:
    settings.PAYMENT_URL, settings.BANK_ACCOUNT = f"{ADDRESS}?user=u&password=p", RIB
    take_back = prepare()

    def do() -> None:
        try:
            take_back()
        finally:
            connection.close()

    with transaction.atomic():
        Bill.objects.select_for_update().order_by("-pk")[:1].get()
        thread = threading.Thread(target=do)
        thread.start()
        try:
            wait_until_somebody_waits()
            list(Series.objects.select_for_update(nowait=True))
        finally:
            transaction.set_rollback(True)
    thread.join()
    assert all(bill.remaining == bill.total for bill in Bill.objects.all())
    assert list(journal.check()) == []


def test_two_refunds_at_once_take_what_was_loose_once() -> None:
    """1000 came for a bill of 600: of two refunds of 400 the second leaves the bill owing."""
    bill, head = a_bill(total=600), staff("samira", role="head")
    payment = post_payment(
        [Line(bill.number, 600)], channel=Channel.CARD, paid_at=timezone.now(), amount=1000
    )
    way: dict[str, Any] = {"way": "transfer", "account": RIB, "by": staff()}
    refunds = [ask_refund(payment=payment, amount=400, reason="R", **way) for _each in range(2)]
    first, second = (decide_refund(one, approve=True, by=head) for one in refunds)

    def do() -> None:
        try:
            pay_refund(second, by=staff(), reference="VIR 2")
        finally:
            connection.close()

    with transaction.atomic():
        pay_refund(first, by=staff(), reference="VIR 1")
        thread = threading.Thread(target=do)
        thread.start()
        wait_until_somebody_waits()
    thread.join()
    bill.refresh_from_db()
    assert (Refund.objects.filter(state="paid").count(), bill.remaining) == (2, 400)
    assert list(journal.check()) == []
