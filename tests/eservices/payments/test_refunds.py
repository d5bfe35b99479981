"""Refunds: asked, decided by another, paid out; bills owe again when the money goes."""

from typing import Any

import pytest
from django.utils import timezone

from eservices.bills.models import Bill
from eservices.payments import journal
from eservices.payments.cashier import Handed, close_day, in_drawer, open_day, take_money
from eservices.payments.day_page import drawn
from eservices.payments.models import Channel, Payment, Refund
from eservices.payments.posting import Line, post_payment
from eservices.payments.refunds import (
    RefundError,
    ask_refund,
    decide_refund,
    pay_refund,
    refundable,
    waits_for_refund,
)
from eservices.payments.rib import is_rib
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from tests.eservices.bills.bills import a_bill
from tests.eservices.payments.office import RIB, staff
from tests.factories import person

pytestmark = pytest.mark.django_db


def paid(total: int = 1000, came: int | None = None) -> Payment:
    bill = a_bill(total=total)
    line = [Line(bill.number, total)]
    return post_payment(line, channel=Channel.CARD, paid_at=timezone.now(), amount=came)


def asked(payment: Payment, amount: int = 1000, **more: Any) -> Refund:
    given = {"reason": "Payé deux fois", "way": "transfer", "account": RIB, "by": staff(), **more}
    return ask_refund(payment=payment, amount=amount, **given)


def head() -> Any:
    return staff("samira", role="head")


def test_money_goes_back_by_four_eyes_and_the_bill_owes_again() -> None:
    payment = paid()
    bill = Bill.objects.get()
    refund = asked(payment)
    bill.refresh_from_db()
    assert (bill.remaining, refundable(payment)) == (0, 0)
    decide_refund(refund, approve=True, by=head())
    pay_refund(refund, by=staff(), reference="VIR 12")
    bill.refresh_from_db()
    assert bill.remaining == 1000
    assert list(journal.check()) == []


def test_who_asked_does_not_decide() -> None:
    refund = asked(paid(), by=head())
    with pytest.raises(RefundError) as refused:
        decide_refund(refund, approve=True, by=head())
    assert refused.value.code == "four_eyes"
    assert decide_refund(refund, approve=True, by=person("direction")).state == "approved"


def test_what_came_above_the_bills_goes_back_first() -> None:
    payment = paid(1000, came=1500)
    assert waits_for_refund(payment) == 500
    refund = asked(payment, 500)
    assert waits_for_refund(payment) == 0
    decide_refund(refund, approve=True, by=head())
    pay_refund(refund, by=staff(), reference="VIR 12")
    assert Bill.objects.get().remaining == 0


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"amount": 1001}, "amount"),
        ({"amount": 0}, "amount"),
        ({"reason": " "}, "reason"),
        ({"account": RIB[:-1] + "0"}, "account"),
        ({"way": "debit"}, "way"),
    ],
)
def test_what_cannot_go_back_is_refused(more: dict[str, Any], code: str) -> None:
    with pytest.raises(RefundError) as refused:
        asked(paid(), **more)
    assert refused.value.code == code


def test_two_requests_never_exceed_what_came() -> None:
    payment = paid()
    asked(payment, 600)
    with pytest.raises(RefundError):
        asked(payment, 500)
    refund = asked(payment, 400)
    with pytest.raises(RefundError) as refused:
        decide_refund(refund, approve=False, by=head())
    assert refused.value.code == "remark"
    decide_refund(refund, approve=False, by=head(), remark="Non justifié")
    assert refundable(payment) == 400


def test_a_decision_and_a_payment_happen_once() -> None:
    refund = asked(paid())
    with pytest.raises(ConflictError):
        pay_refund(refund, by=staff(), reference="x")
    decide_refund(refund, approve=True, by=head())
    with pytest.raises(ConflictError):
        decide_refund(refund, approve=False, by=head(), remark="x")
    pay_refund(refund, by=staff(), reference="x")
    with pytest.raises(ConflictError):
        pay_refund(refund, by=staff(), reference="x")


def test_cash_comes_out_of_the_payers_own_drawer() -> None:
    user = staff()
    refund = asked(paid(), way="cash", account="")
    decide_refund(refund, approve=True, by=head())
    with pytest.raises(RefundError) as refused:
        pay_refund(refund, by=user)
    assert refused.value.code == "no_day"
    day = open_day(user, desk="", opening=0)
    with pytest.raises(RefundError) as refused:
        pay_refund(refund, by=user)
    assert refused.value.code == "drawer"
    take_money(user, [Line(a_bill(total=5000).number, 5000)], Handed(Channel.CASH))
    pay_refund(refund, by=user)
    assert in_drawer(day) == 4000
    closed = close_day(user, counted=4000)
    assert closed.difference == 0
    assert drawn(closed, "fr").startswith(b"%PDF-")


def test_others_neither_ask_nor_decide_nor_pay() -> None:
    payment = paid()
    for name in ("badr", "ghita", "amina", "audit", "admin"):
        with pytest.raises(NotAllowedError):
            asked(payment, by=person(name))
    refund = asked(payment)
    for name in ("badr", "audit", "admin"):
        with pytest.raises(NotAllowedError):
            decide_refund(refund, approve=True, by=person(name))
    with pytest.raises(NotAllowedError):
        decide_refund(refund, approve=True, by=staff("other"))


def test_a_credit_note_is_paid_out() -> None:
    credit = a_bill(total=-700, kind=Bill.Kind.CREDIT)
    refund = ask_refund(credit=credit, amount=700, reason="Résiliation", way="transfer",
                        account=RIB, by=staff())  # fmt: skip
    with pytest.raises(RefundError):
        ask_refund(credit=credit, amount=1, reason="x", way="cash", by=staff())
    decide_refund(refund, approve=True, by=head())
    pay_refund(refund, by=staff(), reference="VIR 1")
    credit.refresh_from_db()
    assert credit.remaining == 0


def test_a_rib_has_24_digits_and_the_right_key() -> None:
    assert is_rib(RIB)
    assert is_rib(f"{RIB[:3]} {RIB[3:6]} {RIB[6:]}")
    assert not is_rib(RIB[:-1] + "2")
    assert not is_rib("1" * 23)
