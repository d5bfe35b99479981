"""The end of a contract: last index, final bill, then refund, payment or neither."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from eservices.agency.automatic_moves import resume_settled_work
from eservices.agency.final import balance_of
from eservices.agency.handing_over import export_changes
from eservices.agency.models import ContractChange
from eservices.bills.models import Bill
from eservices.contracts.events import CHANGED_BY_REQUEST, note
from eservices.contracts.models import Contract
from eservices.contracts.proving import hold
from eservices.payments.models import Refund
from eservices.payments.refunds import decide_refund, pay_refund
from eservices.readings.models import Reading
from eservices.requests.models import Request
from tests.eservices.agency.journey import (
    Clerk,
    asked,
    branch_head,
    fresh,
    order_of,
    paid,
    shown,
    worked,
)
from tests.eservices.bills.bills import a_bill
from tests.eservices.citizens import citizen, person_of
from tests.eservices.contracts.contracts import a_contract, a_meter
from tests.eservices.journeys.test_developer_file import Follower
from tests.eservices.office import opened
from tests.eservices.payments.office import RIB, staff
from tests.factories import drain, person

pytestmark = pytest.mark.django_db
SALMA = "salma@example.org"
CLOSING = {"forward": "3, rue Hassan II, Settat", "access": "yes", "rib": RIB}


def ending(contract: Contract) -> dict[str, Any]:
    """The answers of somebody who moves out today."""
    today = timezone.localdate().isoformat()
    return {
        "contract": contract.number, "services": ["water"], "end_on": today, "reason": "moving",
    }  # fmt: skip


def at_final_bill(contract: Contract) -> Request:
    """A cancellation whose last index is read: 151."""
    meter = a_meter(contract)
    request = opened(
        "cancellation", answers={**ending(contract), **CLOSING, "forward": {"text": "Settat"}},
        channel="counter", actor=person("amina"),
    )  # fmt: skip
    worked(order_of(request, "Dernier relevé"), (meter.serial, "151"))
    assert fresh(request).stage == "final_bill"
    return request


def billed(contract: Contract, total: int) -> Bill:
    """The final bill comes from the billing system; an hour later it is looked for."""
    kind = Bill.Kind.CREDIT if total < 0 else Bill.Kind.INVOICE
    return a_bill(contract, total, kind=kind, due_on=timezone.localdate())


def looked(request: Request) -> Request:
    """What the hourly look makes of the request."""
    resume_settled_work("now", lambda _done, _of: None)
    return fresh(request)


def test_an_ended_contract_is_refunded(mailoutbox: list[EmailMessage]) -> None:
    salma = citizen(SALMA, mailoutbox)
    contract = a_contract(customer_name="Salma Alami")
    meter = a_meter(contract)
    hold(person_of(SALMA), contract, proof="code")
    salma.cookies["django_language"] = "ar"
    request = asked(
        salma,
        "cancellation",
        ("contract", ending(contract)),
        ("closing", CLOSING),
        pieces=("cin",),
    )
    space, head = Follower(salma, request), branch_head()
    assert contract.number in space.page()
    order = order_of(request, "Dernier relevé")
    worked(order)  # the team forgot the index: nothing moves
    assert fresh(request).stage == "final_reading"
    head.act(request, "read", "final_reading")
    assert meter.serial in shown(head.page(request))
    head.agency(request, "last-index", meter=meter.pk, index="²")  # no digit of a meter
    head.agency(request, "last-index", meter=meter.pk, index="151")
    head.act(request, "read", "final_bill")
    reading = Reading.objects.get()
    assert (reading.index, reading.state, reading.source) == (151, "approved", "field")
    assert looked(request).stage == "final_bill"  # billing has not sent it yet
    credit = billed(contract, -35_000)
    assert looked(request).stage == "refund"
    refund = Refund.objects.get()
    assert (refund.credit, refund.amount, refund.account) == (credit, 35_000, RIB)
    assert looked(request).stage == "refund"  # two others approve it and pay it out
    rec, fin = staff(), staff("hajar", "FIN", "head")
    pay_refund(decide_refund(refund, approve=True, by=fin), by=rec, reference="VIR-1")
    drain("agency.go_on")
    ended = fresh(request)
    assert (ended.stage, ended.outcome) == ("ended", "granted")
    contract.refresh_from_db()
    assert (contract.status, contract.closed_on) == ("closed", timezone.localdate())
    assert f"فُسخ العقد رقم {contract.number}" in re.sub("[\u2066-\u2069]", "", space.page())
    told: list[str] = []
    assert export_changes(told.append) == 1
    line = told[0].splitlines()[1].split(";")
    assert line[1:4] == [contract.number, "closed", timezone.localdate().isoformat()]
    assert (line[-5], line[-2]) == (meter.serial, "151")
    assert export_changes(told.append) == 0


def test_a_final_bill_is_paid_with_what_was_open(db: None) -> None:
    contract = a_contract()
    earlier = a_bill(contract, 5_000)
    request = at_final_bill(contract)
    bill = billed(contract, 12_000)
    assert looked(request).stage == "payment"
    assert {due.bill for due in request.dues.all()} == {earlier, bill}
    paid(request)
    assert fresh(request).stage == "ended"
    assert Contract.objects.get().status == "closed"


def test_a_balanced_account_ends_at_once(db: None) -> None:
    contract = a_contract()
    request = at_final_bill(contract)
    bill = billed(contract, 0)
    head = branch_head()
    head.post(request, "request/actions/to_pay/")
    assert fresh(request).stage == "final_bill"  # it is not linked, and nothing is owed
    head.agency(request, "final-bill", bill=bill.number)
    head.agency(request, "look")
    assert fresh(request).stage == "ended"


def test_ending_one_service_leaves_the_contract(db: None) -> None:
    contract = a_contract(services=["water", "electricity"])
    other = a_meter(contract, "E-1", service="electricity")
    request = at_final_bill(contract)
    billed(contract, 0)
    assert looked(request).stage == "ended"
    contract.refresh_from_db()
    other.refresh_from_db()
    assert (contract.status, contract.services) == ("active", ["electricity"])
    assert other.removed_on is None
    change = ContractChange.objects.get()
    assert (change.kind, change.data) == ("changed", {"ended": ["water"]})


def test_a_usual_bill_that_comes_meanwhile_is_not_the_final_one(db: None) -> None:
    """The one of last month is imported between the last reading and the final bill."""
    contract, today = a_contract(), timezone.localdate()
    request = at_final_bill(contract)
    days = {"period_from": today - timedelta(days=40), "period_to": today - timedelta(days=10)}
    a_bill(contract, 5_000, issued_on=today, index=120, **days)
    a_bill(contract, 4_000, issued_on=today - timedelta(days=1))
    assert looked(request).stage == "final_bill"
    days = {"period_from": today - timedelta(days=9), "period_to": today - timedelta(days=1)}
    final = a_bill(contract, 2_000, issued_on=today, index=151, **days)
    assert looked(request).stage == "payment"
    assert request.dues.get(final=True).bill == final


def test_credits_and_debts_of_the_holder_before_are_none_of_the_present_one(db: None) -> None:
    contract = a_contract()
    for total in (-35_000, 7_000):
        kind = Bill.Kind.CREDIT if total < 0 else Bill.Kind.INVOICE
        a_bill(contract, total, kind=kind)
    note(contract, CHANGED_BY_REQUEST, what="holder")
    request = at_final_bill(contract)
    assert balance_of(contract) == 0
    bill = billed(contract, 12_000)
    assert looked(request).stage == "payment"
    assert {due.bill for due in request.dues.all()} == {bill}
    assert not Refund.objects.exists()
    paid(request)
    assert fresh(request).stage == "ended"


def test_a_credit_of_the_holder_before_is_not_refunded_to_the_present_one(db: None) -> None:
    contract = a_contract()
    a_bill(contract, -35_000, kind=Bill.Kind.CREDIT)
    note(contract, CHANGED_BY_REQUEST, what="holder")
    request = at_final_bill(contract)
    own = billed(contract, -1_000)
    assert looked(request).stage == "refund"
    assert [(one.credit, one.amount) for one in Refund.objects.all()] == [(own, 1_000)]


def test_debts_of_others_are_not_linked(db: None) -> None:
    contract, strange = a_contract(), a_contract("1000002")
    theirs = a_bill(strange, 7_000)
    request = at_final_bill(contract)
    head: Clerk = branch_head()
    page = head.agency(request, "final-bill", bill=theirs.number)
    assert not request.dues.exists()
    assert theirs.number not in page
