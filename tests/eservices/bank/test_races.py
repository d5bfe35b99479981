"""Eight clients at once: one posting, whoever comes; and no bill is paid twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from eservices.bank.models import Posting
from eservices.bills.models import Bill
from eservices.payments import journal
from eservices.payments.models import Payment
from tests.eservices.bank.banks import Bank, a_bank
from tests.eservices.bills.bills import a_bill

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 8


def at_once(call: Callable[[int], Any]) -> list[Any]:
    def alone(number: int) -> Any:
        try:
            return call(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(alone, range(CLIENTS)))


def test_one_reference_from_eight_clients_is_posted_once() -> None:
    bank = a_bank(most_a_day="130")
    a_bill(number="F-1")
    answers = at_once(lambda _n: Bank(bank.code, bank.secret).pay("REF", ("F-1", "128.40")))
    assert sorted(one.status_code for one in answers) == [200] * (CLIENTS - 1) + [201]
    assert len({one.content for one in answers}) == 1
    assert Payment.objects.count() == Posting.objects.count() == 1
    assert not list(journal.check())


def test_one_reference_for_other_bills_is_posted_once() -> None:
    bank = a_bank()
    for number in range(CLIENTS):
        a_bill(number=f"F-{number}", total=100)

    def pay(number: int) -> Any:
        return Bank(bank.code, bank.secret).pay("REF", (f"F-{number}", "1.00"))

    answers = at_once(pay)
    assert sorted(one.status_code for one in answers) == [201] + [409] * (CLIENTS - 1)
    assert Payment.objects.count() == 1
    assert Bill.objects.filter(remaining=0).count() == 1
    assert not list(journal.check())


def test_a_bill_is_paid_by_one_of_eight_and_taken_back_once() -> None:
    banks = [a_bank(f"B{number}") for number in range(CLIENTS)]
    a_bill(number="F-1")
    a_bill(number="F-2", total=100)

    def pay(number: int) -> Any:
        bills = [("F-1", "128.40"), ("F-2", "1.00")]
        return banks[number].pay("REF", *(bills if number % 2 else reversed(bills)))

    answers = at_once(pay)
    assert sorted(one.status_code for one in answers) == [201] + [422] * (CLIENTS - 1)
    winner = banks[[one.status_code for one in answers].index(201)]
    taken = at_once(lambda _n: Bank(winner.code, winner.secret).reverse("REF"))
    assert {one.status_code for one in taken} == {200}
    assert set(Bill.objects.values_list("remaining", flat=True)) == {12840, 100}
    assert not list(journal.check())
