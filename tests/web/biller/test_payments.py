"""The biller API by its contract: fetch, pay, repeat, refuse, show, reverse, settle."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from eservices.bank.models import PartnerCount, Posting
from eservices.bills.models import Bill
from eservices.contracts.events import CHANGED_BY_REQUEST, note
from eservices.payments import journal
from eservices.payments.models import Payment, Refund
from tests.eservices.bank.banks import Bank, a_bank, midnight, order
from tests.eservices.bills.bills import a_bill, a_contract

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 1)


@pytest.fixture
def bank() -> Bank:
    return a_bank(fee_fixed="1.50", fee_rate="0.75")


@pytest.fixture
def bill() -> Bill:
    return a_bill(
        a_contract(customer_name="Mohamed Amine Bennis"),
        number="F-1",
        period_from=DAY,
        period_to=DAY + timedelta(days=30),
        due_on=DAY + timedelta(days=60),
    )


def test_bills_of_a_contract_are_found_with_the_name_masked(bank: Bank, bill: Bill) -> None:
    a_bill(bill.contract, total=500, number="F-0", due_on=DAY)
    a_bill(bill.contract, total=700, number="F-2", remaining=0)
    a_bill(a_contract("2000002"), number="F-3")
    answer = bank.fetch(" 1000001 ")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "found",
        "customer": "M. B***",
        "bills": [
            {"number": "F-0", "period": "", "amount": "5.00", "due_on": "2026-10-01"},
            {"number": "F-1", "period": "2026-10", "amount": "128.40", "due_on": "2026-11-30"},
        ],
    }


def test_the_debts_of_the_holder_before_are_not_told_to_the_present_one(
    bank: Bank, bill: Bill
) -> None:
    contract = a_contract()
    note(contract, CHANGED_BY_REQUEST, what="holder")
    assert bank.fetch().json()["status"] == "nothing_due"
    a_bill(contract, total=500, number="F-9")
    assert [one["number"] for one in bank.fetch().json()["bills"]] == ["F-9"]
    paid = bank.pay("REF-1", ("F-1", "128.40"))  # who left has the bill in hand
    assert paid.status_code in (200, 201)


def test_nothing_due_and_not_found_are_told_apart(bank: Bank) -> None:
    a_contract(customer_name="فاطمة بنيس")
    nothing = {"status": "nothing_due", "customer": "ف. ب***", "bills": []}
    assert bank.fetch().json() == nothing
    assert bank.fetch("9").json() == {"status": "not_found", "customer": "", "bills": []}
    two = [{"name": "contract", "value": value} for value in ("1000001", "1000002")]
    assert bank.call("POST", "bills/fetch", {"identifiers": two}).json()["status"] == "not_found"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"identifiers": []},
        {"identifiers": "1000001"},
        {"identifiers": [{"name": "contract"}]},
        {"identifiers": [{"name": "cin", "value": "AB1"}]},
        [],
        {"identifiers": [{"name": "contract", "value": "1\0"}]},
    ],
)
def test_a_question_that_cannot_be_read_is_a_400(bank: Bank, given: Any) -> None:
    answer = bank.call("POST", "bills/fetch", given)
    assert answer.status_code == 400
    assert answer.json()["code"] in {"malformed", "unknown_identifier"}


def test_a_payment_is_posted_once(bank: Bank, bill: Bill) -> None:
    first = bank.pay("REF-1", ("F-1", "128.40"))
    assert first.status_code == 201
    payment = Payment.objects.get()
    told = {"reference": "REF-1", "status": "posted", "receipt": payment.receipt}
    assert first.json() == told
    assert (payment.amount, payment.partner, payment.reference) == (12840, "BANQUE", "REF-1")
    again = bank.pay("REF-1", ("F-1", "128.40"))
    assert (again.status_code, again.json()) == (200, told)
    other = bank.pay("REF-1", ("F-1", "128.41"))
    assert (other.status_code, other.json()["code"]) == (409, "reference_used")
    assert bank.call("GET", "payments/REF-1").json() == told
    bill.refresh_from_db()
    assert bill.remaining == 0
    assert Payment.objects.count() == 1
    assert not list(journal.check())


def test_what_cannot_be_posted_says_why_and_posts_nothing_in_part(bank: Bank, bill: Bill) -> None:
    for at in range(2, 7):
        a_bill(bill.contract, number=f"F-{at}", total=100)
    a_bill(bill.contract, number="F-PAID", remaining=0)
    wrong = {
        "unknown_bill": [("F-1", "128.40"), ("X", "1.00")],
        "already_paid": [("F-1", "128.40"), ("F-PAID", "128.40")],
        "wrong_amount": [("F-1", "128.40"), ("F-2", "0.99")],
        "too_many_bills": [(f"F-{at}", "1.00") for at in range(2, 7)],
    }
    for code, bills in wrong.items():
        answer = bank.pay(f"R-{code}", *bills)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    for amount in ("0.00", "1.000", "1,00", "x", "1.001"):
        answer = bank.pay("R", ("F-2", amount))
        assert (answer.status_code, answer.json()["code"]) == (422, "wrong_amount"), amount
    twice = bank.pay("R", ("F-2", "1.00"), ("F-2", "1.00"))
    assert twice.json()["code"] == "wrong_amount"
    assert not Payment.objects.exists()
    assert not Posting.objects.exists()
    # A reference that was refused is free.
    assert bank.pay("R", *[(f"F-{at}", "1.00") for at in range(2, 6)]).status_code == 201


@pytest.mark.parametrize(
    "changed",
    [
        {"reference": ""},
        {"reference": "a b"},
        {"reference": "x/reverse"},
        {"reference": "x" * 81},
        {"reference": 7},
        {"bills": []},
        {"bills": [{"number": "F-1", "amount": 128.4}]},
        {"channel": None},
        {"paid_at": "yesterday"},
        {"paid_at": "2026-13-01T00:00:00Z"},
        {"paid_at": "0001-01-01T00:00:00+14:00"},
    ],
)
def test_a_payment_that_cannot_be_read_is_a_400(
    bank: Bank, bill: Bill, changed: dict[str, Any]
) -> None:
    answer = bank.call("POST", "payments", {**order("R", ("F-1", "128.40")), **changed})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize(
    ("ahead", "status"),
    [
        (timedelta(minutes=4), 201),
        (timedelta(minutes=6), 422),
        (timedelta(days=365), 422),
    ],
)
def test_a_payment_of_the_future_is_refused_where_no_clock_explains_it(
    bank: Bank, bill: Bill, ahead: timedelta, status: int
) -> None:
    paid_at = (timezone.now() + ahead).isoformat()
    answer = bank.call("POST", "payments", order("R", ("F-1", "128.40"), paid_at=paid_at))
    assert answer.status_code == status
    if status == 422:
        told = answer.json()
        assert (told["code"], told["field"]) == ("wrong_date", "paid_at")
        assert not Payment.objects.exists()
        assert bank.pay("R", ("F-1", "128.40")).status_code == 201  # the reference is free


@pytest.mark.parametrize(
    ("issued", "known", "paid", "status"),
    [  # in days from today
        (-10, 0, -10, 201),  # on paper before it was known here
        (-10, 0, -11, 422),
        (5, -2, -2, 201),  # known before the day that it is issued on
        (5, -2, -3, 422),
    ],
)
def test_a_payment_is_not_older_than_its_bill(
    bank: Bank, issued: int, known: int, paid: int, status: int
) -> None:
    bill = a_bill(number="F-1", issued_on=timezone.localdate() + timedelta(days=issued))
    Bill.objects.filter(pk=bill.pk).update(made_at=midnight() + timedelta(days=known))
    paid_at = (midnight() + timedelta(days=paid)).isoformat()
    answer = bank.call("POST", "payments", order("R", ("F-1", "128.40"), paid_at=paid_at))
    assert answer.status_code == status
    if status == 422:
        told = answer.json()
        assert (told["code"], told["bill"], told["field"]) == ("wrong_date", "F-1", "paid_at")
        assert not Payment.objects.exists()


def test_a_payment_is_taken_back_the_same_day_once(bank: Bank, bill: Bill) -> None:
    receipt = bank.pay("REF-1", ("F-1", "128.40")).json()["receipt"]
    told = {"reference": "REF-1", "status": "reversed", "receipt": receipt}
    for _time in range(2):
        answer = bank.reverse("REF-1")
        assert (answer.status_code, answer.json()) == (200, told)
    bill.refresh_from_db()
    assert bill.remaining == 12840
    refund = Refund.objects.get()
    assert (refund.amount, refund.state, refund.reason) == (12840, "reversed", "Client parti")
    # Sent again it is not paid again: the answer says what it is now.
    again = bank.pay("REF-1", ("F-1", "128.40"))
    assert (again.status_code, again.json()) == (200, told)
    assert bank.pay("REF-2", ("F-1", "128.40")).status_code == 201
    assert not list(journal.check())


def test_a_payment_of_yesterday_is_not_taken_back(bank: Bank, bill: Bill) -> None:
    bank.pay("REF-1", ("F-1", "128.40"))
    Posting.objects.update(on=timezone.localdate() - timedelta(days=1))
    answer = bank.reverse("REF-1")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_late")
    assert bank.reverse("UNKNOWN").status_code == 404
    assert bank.call("POST", "payments/REF-1/reverse", {}).status_code == 400


def test_a_partner_sees_its_own_postings_alone(bank: Bank, bill: Bill) -> None:
    bank.pay("REF-1", ("F-1", "128.40"))
    other = a_bank("AUTRE")
    foreign, unknown = (other.call("GET", f"payments/{ref}") for ref in ("REF-1", "REF-9"))
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content
    assert other.reverse("REF-1").status_code == 404
    assert other.settlement().json()["lines"] == []
    a_bill(bill.contract, number="F-2")
    assert other.pay("REF-1", ("F-2", "128.40")).status_code == 201  # a reference of its own


def test_a_settlement_counts_what_was_not_reversed(bank: Bank, bill: Bill) -> None:
    a_bill(bill.contract, number="F-2", total=10_000)
    bank.pay("REF-1", ("F-1", "128.40"))
    bank.pay("REF-2", ("F-2", "100.00"))
    bank.reverse("REF-1")
    told = bank.settlement().json()
    assert (told["date"], told["currency"]) == (str(timezone.localdate()), "MAD")
    assert (told["count"], told["total"], told["fees"]) == (1, "100.00", "2.25")
    lines = [(one["reference"], one["status"], one["amount"]) for one in told["lines"]]
    assert lines == [("REF-1", "reversed", "128.40"), ("REF-2", "posted", "100.00")]
    assert bank.settlement("2026-02-30").status_code == 400
    empty = bank.settlement("2026-01-01").json()
    assert (empty["count"], empty["total"], empty["lines"]) == (0, "0.00", [])


def test_rights_and_limits_are_kept(bill: Bill) -> None:
    a_bill(bill.contract, number="F-2", total=10_000)
    narrow = a_bank("ETROIT", rights=["pay"], most_a_payment="200", most_a_day="150")
    assert (narrow.fetch().status_code, narrow.fetch().json()["code"]) == (403, "not_allowed")
    both = narrow.pay("A", ("F-1", "128.40"), ("F-2", "100.00"))
    assert (both.status_code, both.json()["code"]) == (403, "over_limit")
    assert narrow.pay("B", ("F-1", "128.40")).status_code == 201
    assert narrow.pay("C", ("F-2", "100.00")).json()["code"] == "over_limit"
    assert narrow.pay("B", ("F-1", "128.40")).status_code == 200
    assert narrow.reverse("B").status_code == 403
    slow = a_bank("LENT", calls_a_minute="2")
    answers = [slow.fetch() for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) > 0


def test_calls_are_counted_by_outcome(bank: Bank, bill: Bill) -> None:
    bank.fetch()
    bank.fetch()
    bank.pay("REF-1", ("F-1", "128.40"))
    bank.pay("REF-1", ("F-1", "128.40"))
    bank.pay("REF-2", ("F-1", "128.40"))
    bank.call("GET", "nothing")
    bank.call("GET", "payments", partner="NOBODY")
    rows = PartnerCount.objects.values_list("code", "call", "outcome", "count")
    assert set(rows) == {
        ("BANQUE", "fetch", "found", 2),
        ("BANQUE", "pay", "posted", 1),
        ("BANQUE", "pay", "repeated", 1),
        ("BANQUE", "pay", "already_paid", 1),
        ("BANQUE", "other", "not_found", 1),
        ("", "pay", "unauthorized", 1),
    }
