"""Money that goes back after a request went on with it: what was granted stays owed."""

from typing import Any

import pytest
from django.utils import timezone

from eservices.bills.models import Bill
from eservices.kinds import EserviceEvent
from eservices.money import decimal
from eservices.payments import journal
from eservices.payments.refunds import ask_refund, decide_refund, pay_refund
from eservices.requests.acting import take_action
from eservices.requests.models import Request
from registry.models.events import LetterEvent
from tests.eservices.agency.journey import (
    JOBS,
    fresh,
    order_of,
    paid,
    subscription_to_pay,
    worked,
)
from tests.eservices.bank.banks import a_bank
from tests.eservices.contracts.contracts import a_contract, a_meter
from tests.eservices.payments.office import RIB, staff
from tests.factories import drain

pytestmark = pytest.mark.django_db


def waiting_for_payment(**more: Any) -> tuple[Request, Bill]:
    """A subscription whose deposit of 350.00 waits to be paid."""
    request, _head = subscription_to_pay("350", **more)
    [bill] = request.bills.all()
    return request, bill


def said(request: Request, kind: str) -> list[dict[str, Any]]:
    """What the letter's history says of one kind of event."""
    events = LetterEvent.objects.filter(letter=request.letter, kind=kind).order_by("seq")
    return list(events.values_list("data", flat=True))


def test_who_takes_a_payment_back_owes_what_was_granted() -> None:
    old = a_contract(status="closed")
    a_meter(old, "MTR-5", removed_on=timezone.localdate())
    request, bill = waiting_for_payment(old_contract=old.number)
    bank = a_bank()
    assert bank.pay("R1", (bill.number, decimal(bill.total))).status_code == 201
    drain(*JOBS)
    assert fresh(request).stage == "to_open"
    assert bank.reverse("R1").status_code == 200
    drain(*JOBS)
    told = said(request, EserviceEvent.FEE_OWED_AGAIN)
    assert [(one["bill"], one["amount"]) for one in told] == [(bill.number, "350.00")]
    worked(order_of(request, "Ouverture"), ("MTR-5", "204"))
    assert (fresh(request).stage, fresh(request).outcome) == ("active", "granted")
    bill.refresh_from_db()
    assert (bill.total, bill.remaining) == (35_000, 35_000)
    assert not said(request, EserviceEvent.FEE_WITHDRAWN)
    drain(*JOBS)
    assert len(said(request, EserviceEvent.FEE_OWED_AGAIN)) == 1
    assert list(journal.check()) == []


def test_who_is_refused_and_refunded_owes_nothing() -> None:
    request, bill = waiting_for_payment()
    payment = paid(request, channel="transfer")
    assert fresh(request).stage == "to_open"
    take_action(fresh(request), "withdraw", letter_code=True)
    assert fresh(request).ended_at
    refund = ask_refund(
        amount=payment.amount, reason="Retrait", way="transfer", account=RIB,
        by=staff(), payment=payment,
    )  # fmt: skip
    decide_refund(refund, approve=True, by=staff("samira", role="head"))
    refund.refresh_from_db()
    pay_refund(refund, by=staff(), reference="VIR-1")
    drain(*JOBS)
    bill.refresh_from_db()
    assert (bill.total, bill.remaining) == (0, 0)
    assert said(request, EserviceEvent.FEE_WITHDRAWN) == [{"bill": bill.number, "amount": "350.00"}]
    assert list(journal.check()) == []
