"""Posting money: allocations, receipts, the journal, and what is taken back."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from eservices.bills.models import Allocation, Bill, PaymentExport
from eservices.bills.remaining import held, mark_exported, set_remaining
from eservices.payments import journal
from eservices.payments.models import Channel, JournalEntry, Payment, Refund
from eservices.payments.posting import (
    AlreadyPaidError,
    Line,
    TakenBackError,
    TooManyBillsError,
    UnknownBillError,
    WrongAmountError,
    post_payment,
    reverse,
    take_back,
)
from tests.eservices.bills.bills import a_bill

pytestmark = pytest.mark.django_db


def _pay(*lines: tuple[str, int], **how: Any) -> Payment:
    given = {"channel": Channel.CASH, "paid_at": timezone.now(), **how}
    return post_payment([Line(*line) for line in lines], **given)


def test_a_payment_of_two_bills_settles_both_with_one_receipt() -> None:
    one, two = a_bill(total=12840), a_bill(total=1)
    payment = _pay((one.number, 12840), (two.number, 1))
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.remaining, two.remaining) == (0, 0)
    assert (payment.amount, payment.allocated) == (12841, 12841)
    assert payment.receipt == f"R/{timezone.localdate().year}/000001"
    assert list(journal.check()) == []


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ([("B000001", 12839)], WrongAmountError),
        ([("B000001", 0)], WrongAmountError),
        ([("B000001", -5)], WrongAmountError),
        ([("B000001", 12840), ("B000001", 12840)], WrongAmountError),
        ([("B000001", 12840), ("none", 1)], UnknownBillError),
        ([("B000001", 12840), ("B000002", 100)], AlreadyPaidError),
        ([], TooManyBillsError),
        ([(f"B{place}", 1) for place in range(21)], TooManyBillsError),
    ],
)
def test_what_cannot_be_posted_is_refused_whole(
    lines: list[tuple[str, int]], error: type[Exception]
) -> None:
    bill = a_bill(total=12840)
    a_bill(total=100, billed=0, remaining=0)
    with pytest.raises(error):
        _pay(*lines)
    bill.refresh_from_db()
    assert bill.remaining == 12840
    assert not Payment.objects.exists()
    assert not JournalEntry.objects.exists()


def test_a_part_is_taken_only_where_the_bill_allows_it() -> None:
    bill = a_bill(total=1000, partial=True)
    _pay((bill.number, 400))
    bill.refresh_from_db()
    assert bill.remaining == 600
    with pytest.raises(WrongAmountError):
        _pay((bill.number, 300), exact=True)


def test_money_that_came_is_never_refused() -> None:
    bill = a_bill(total=1000)
    _pay((bill.number, 1000))
    again = _pay((bill.number, 1000), amount=1000, channel=Channel.CARD)
    assert (again.amount, again.allocated) == (1000, 0)
    assert list(journal.check()) == []


def test_what_is_handed_over_and_told_again_is_counted_once() -> None:
    bill = a_bill(total=1000)
    _pay((bill.number, 1000))
    export = PaymentExport.objects.create(made_at=timezone.now())
    mark_exported(Allocation.objects.all(), export)
    for told in (1000, 0):  # a figure from before the export, and one that contains it
        with transaction.atomic():
            [row] = held(type(bill).objects.filter(pk=bill.pk))
            set_remaining([(row, told)])
        bill.refresh_from_db()
        assert bill.remaining == 0
        assert not bill.settled.exists()


def test_what_was_paid_elsewhere_is_kept_as_such() -> None:
    bill = a_bill(total=1000, partial=True)
    _pay((bill.number, 300))
    set_remaining([(bill, 600)])
    bill.refresh_from_db()
    assert bill.remaining == 300
    assert [row.amount for row in bill.settled.all()] == [400]
    set_remaining([(bill, 600)])
    assert bill.settled.count() == 1


def test_a_reversal_opens_the_bill_again_once() -> None:
    bill = a_bill(total=1000)
    payment = _pay((bill.number, 1000))
    reverse(payment, reason="wrong customer", actor="partner:BANK")
    bill.refresh_from_db()
    assert bill.remaining == 1000
    with pytest.raises(TakenBackError):
        reverse(payment, reason="again", actor="partner:BANK")
    assert list(journal.check()) == []


def test_a_refund_takes_what_was_not_set_against_a_bill_first() -> None:
    bill = a_bill(total=1000)
    payment = _pay((bill.number, 1000), amount=1500)
    refund = Refund.objects.create(
        payment=payment, amount=600, state="paid", reason="excess", asked_at=timezone.now()
    )
    with transaction.atomic():
        take_back(refund, actor="user:1")
    bill.refresh_from_db()
    assert bill.remaining == 100
    assert list(journal.check()) == []


def test_a_credit_is_paid_out_once() -> None:
    credit = a_bill(total=-5000, kind="credit")
    paid = {"credit": credit, "amount": 5000, "state": "paid", "asked_at": timezone.now()}
    with transaction.atomic():
        take_back(Refund.objects.create(**paid), actor="user:1")
    credit.refresh_from_db()
    assert credit.remaining == 0
    with pytest.raises(TakenBackError), transaction.atomic():
        take_back(Refund.objects.create(**paid), actor="user:1")


def test_journal_payments_and_allocations_cannot_be_changed() -> None:
    bill = a_bill()
    _pay((bill.number, bill.total))
    for rows in (JournalEntry.objects, Payment.objects, Allocation.objects):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(amount=1)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.all().delete()


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("change", [{"remaining": 1}, {"billed": 1}])
def test_a_bill_that_was_edited_is_found(place: int, change: dict[str, int]) -> None:
    bills = a_bill(total=700, partial=True), a_bill(), a_bill(total=-300)
    _pay((bills[0].number, 100))
    assert list(journal.check()) == []
    Bill.objects.filter(pk=bills[place].pk).update(**change)
    assert [problem.detail for problem in journal.check()] == [bills[place].number]
