"""Callers at the same moment: one payment for an order, never more against a bill than it is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.utils import timezone

from eservices.bills.models import Allocation, Bill
from eservices.money import decimal
from eservices.payments import attempts, journal, nestpay_hash
from eservices.payments.debits import DebitError, make_mandate, make_run
from eservices.payments.models import Attempt, Channel, Payment
from eservices.payments.posting import Line, PostingError, post_payment
from tests.eservices.bills.bills import a_bill, a_contract
from tests.eservices.payments.office import RIB
from tests.eservices.payments.sequences import ADDRESS, KEY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def bank(settings: Any) -> None:
    """An office that has a gateway."""
    settings.PAYMENT_URL = ADDRESS


def _call(attempt: Attempt, code: str = "00") -> Callable[[], str]:
    fields = {
        "clientid": "600",
        "oid": attempt.oid,
        "amount": decimal(attempt.amount),
        "currency": "504",
        "ProcReturnCode": code,
        "TransId": "T1",
    }
    fields["HASH"] = nestpay_hash.hash_of(fields, KEY)
    return lambda: attempts.take_callback(urlencode(fields).encode())


def _at_once(*calls: Callable[[], str]) -> list[str]:
    start = Barrier(len(calls))

    def one(call: Callable[[], str]) -> str:
        start.wait()
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def _begun(*bills: Bill) -> Attempt:
    return attempts.begin([Line(bill.number, bill.remaining) for bill in bills])


def test_the_same_call_eight_times_at_once_is_one_payment() -> None:
    bill = a_bill(total=500)
    attempt = _begun(bill)
    assert _at_once(*[_call(attempt)] * 8) == ["ACTION=POSTAUTH"] * 8
    payment = Payment.objects.get()
    assert (payment.amount, payment.allocated, payment.attempt) == (500, 500, attempt)
    assert list(journal.check()) == []


def test_a_refusal_and_a_success_at_once_end_paid() -> None:
    attempt = _begun(a_bill(total=500))
    answers = _at_once(*[_call(attempt, "51")] * 3, *[_call(attempt)] * 3)
    assert answers == ["APPROVED"] * 3 + ["ACTION=POSTAUTH"] * 3
    attempt.refresh_from_db()
    assert attempt.state == Attempt.State.PAID
    assert Payment.objects.count() == 1


def test_cards_and_the_counter_at_once_never_pay_a_bill_twice() -> None:
    one, two = a_bill(total=500), a_bill(total=700)
    first, second = _begun(one, two), _begun(two, one)

    def counter() -> str:
        lines = [Line(two.number, 700), Line(one.number, 500)]
        try:
            post_payment(lines, channel=Channel.CASH, paid_at=timezone.now())
        except PostingError as error:
            return error.code
        return "posted"

    answers = _at_once(_call(first), _call(second), counter, _call(first), counter)
    assert answers.count("ACTION=POSTAUTH") == 3
    assert set(answers) <= {"ACTION=POSTAUTH", "posted", "already_paid"}
    assert sum(Allocation.objects.values_list("amount", flat=True)) == 1200
    assert sum(Payment.objects.values_list("allocated", flat=True)) == 1200
    assert set(Bill.objects.values_list("remaining", flat=True)) == {0}
    assert list(journal.check()) == []


def test_two_runs_of_direct_debits_at_once_send_each_bill_once(settings: Any) -> None:
    settings.BANK_ACCOUNT = RIB
    make_mandate(a_contract(), account=RIB, holder="A B", signed_on=date(2026, 1, 1), by=None)
    for _each in range(3):
        a_bill(a_contract(), total=500, due_on=timezone.localdate())

    def run() -> str:
        try:
            made = make_run(collect_on=timezone.localdate() + timedelta(days=5), by=None)
        except DebitError as error:
            return error.code
        return str(made.count)

    assert sorted(_at_once(run, run, run)) == ["3", "nothing", "nothing"]
    assert list(journal.check()) == []


def test_giving_up_while_the_call_comes_loses_nothing() -> None:
    attempt = _begun(a_bill(total=500))
    attempts.send(attempt)

    def give_up() -> str:
        return str(attempts.give_up(attempt, state=Attempt.State.EXPIRED))

    answers = _at_once(_call(attempt), give_up, _call(attempt), give_up)
    assert answers.count("ACTION=POSTAUTH") == 2
    attempt.refresh_from_db()
    assert attempt.state == Attempt.State.PAID
    assert Payment.objects.count() == 1
