"""Whoever paid is told when money goes back, and when their bank did not pay; nobody else."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from eservices.bills.models import Bill
from eservices.contracts.events import CHANGED_BY_REQUEST, note
from eservices.contracts.models import Contract, ContractEvent
from eservices.kinds import EserviceJob
from eservices.payments.bank_import import take_bank_file
from eservices.payments.debits import make_mandate, make_run
from eservices.payments.models import DebitLine, Payment, Refund
from eservices.payments.posting import Line, post_payment, reverse
from eservices.payments.refunds import ask_refund, decide_refund, pay_refund
from eservices.payments.unpaid import unpaid_by_bank
from jobs.models import Job
from tests.eservices.bills.bills import a_bill
from tests.eservices.citizens import person_of
from tests.eservices.contracts.contracts import a_contract
from tests.eservices.payments.banks import camt, entry, transaction
from tests.eservices.payments.office import RIB, staff
from tests.eservices.payments.test_receipt_mails import SALMA, held
from tests.factories import drain

pytestmark = pytest.mark.django_db


def head() -> Any:
    return staff("samira", role="head")


def told(outbox: list[Any]) -> list[Any]:
    """The messages of money that went back, though the work is done twice over."""
    outbox.clear()
    for _again in range(2):
        drain(EserviceJob.REFUND_TELL)
    return outbox


def debited(contract: Contract, settings: Any) -> DebitLine:
    """A bill of 128,40 DH that is at the bank."""
    settings.BANK_ACCOUNT = RIB
    holder: Any = {"account": RIB, "holder": "Fatima Bennis", "signed_on": date(2026, 1, 1)}
    make_mandate(contract, by=None, **holder)
    a_bill(contract, 12_840, due_on=timezone.localdate())
    run = make_run(collect_on=timezone.localdate() + timedelta(days=5), by=staff())
    return run.lines.get()


def sent_back(line: DebitLine) -> None:
    """The bank's file tells it, and is taken twice."""
    part = transaction(end_to_end=line.reference)
    for _again in range(2):
        take_bank_file(camt(entry("128.40", part, own="E2", way="DBIT")), name="back.xml")


def paid(bill: Bill, **more: Any) -> Payment:
    return post_payment([Line(bill.number, bill.remaining)], paid_at=timezone.now(), **more)


def refunded(amount: int, **of: Any) -> Refund:
    given: Any = {"reason": "Payé deux fois", "way": "transfer", "account": RIB}
    refund = ask_refund(amount=amount, by=staff(), **given, **of)
    decide_refund(refund, approve=True, by=head())
    return pay_refund(refund, by=staff(), reference="VIR 12")


@pytest.mark.parametrize("collected", [False, True])
def test_a_debit_that_the_bank_did_not_pay_is_told_to_the_customer(
    collected: bool, settings: Any, mailoutbox: list[Any]
) -> None:
    """Also where it was paid at first; the bank's reason stays in the office."""
    contract = a_contract()
    held(contract, SALMA, mailoutbox)
    line = debited(contract, settings)
    if collected:
        part = transaction(end_to_end=line.reference)
        take_bank_file(camt(entry("128.40", part, own="E1")), name="bank.xml")
        assert Payment.objects.get().channel == "debit"
    sent_back(line)
    [mail] = told(mailoutbox)
    assert mail.to == [SALMA]
    assert "prélèvement" in mail.subject
    assert "128,40" in mail.body
    assert line.bill.number in mail.body
    event = ContractEvent.objects.get(kind="money_back_told")
    assert (event.data["bill"], event.data["ways"]) == (line.bill.number, ["email"])


def test_a_debit_is_told_to_a_contract_without_a_space_in_its_language(
    settings: Any, mailoutbox: list[Any]
) -> None:
    contract = a_contract(email="fatima@usager.example", language="ar")
    sent_back(debited(contract, settings))
    [mail] = told(mailoutbox)
    assert mail.to == ["fatima@usager.example"]
    assert "الاقتطاع" in mail.subject


def test_who_took_a_contract_over_is_told_of_no_debit_of_before(
    settings: Any, mailoutbox: list[Any]
) -> None:
    contract = a_contract()
    line = debited(contract, settings)
    note(contract, CHANGED_BY_REQUEST, what="holder")
    held(contract, SALMA, mailoutbox)
    sent_back(line)
    assert told(mailoutbox) == []


def test_a_payment_that_a_bank_cancels_is_told_to_who_paid(mailoutbox: list[Any]) -> None:
    contract = a_contract()
    held(contract, SALMA, mailoutbox)
    bill = a_bill(contract, 10_000)
    payment = paid(bill, channel="bank", person=person_of(SALMA))
    reverse(payment, reason="Erreur", actor="bank:B")
    [mail] = told(mailoutbox)
    assert mail.to == [SALMA]
    assert payment.receipt in mail.body
    assert f"Reste à payer : {bill.number}" in mail.body
    assert "Erreur" not in mail.body


def test_a_cheque_that_was_not_paid_is_told_to_the_holder(mailoutbox: list[Any]) -> None:
    contract = a_contract()
    held(contract, SALMA, mailoutbox)
    bill = a_bill(contract, 10_000)
    payment = paid(bill, channel="cheque", payer="Omar Idrissi")
    unpaid_by_bank(payment, reason="Sans provision", by=head())
    [mail] = told(mailoutbox)
    assert mail.to == [SALMA]
    assert bill.number in mail.body
    assert "Omar" not in mail.body
    assert "provision" not in mail.body


def test_a_refund_is_told_with_the_end_of_the_account_alone(mailoutbox: list[Any]) -> None:
    contract = a_contract()
    held(contract, SALMA, mailoutbox)
    payment = paid(a_bill(contract, 1000), channel="transfer", person=person_of(SALMA))
    refunded(400, payment=payment)
    [mail] = told(mailoutbox)
    assert mail.subject.endswith("remboursement")
    assert "4,00" in mail.body
    assert RIB[-4:] in mail.body
    assert RIB not in mail.body
    assert "Reste à payer" not in mail.body


def test_a_credit_note_that_is_paid_out_is_told_to_the_customers(mailoutbox: list[Any]) -> None:
    contract = a_contract()
    held(contract, SALMA, mailoutbox)
    credit = a_bill(contract, -700, kind=Bill.Kind.CREDIT)
    refunded(700, credit=credit)
    [mail] = told(mailoutbox)
    assert mail.to == [SALMA]
    assert credit.number in mail.body


def test_a_payment_of_nobody_known_is_told_to_nobody(mailoutbox: list[Any]) -> None:
    payment = paid(a_bill(a_contract(email="fatima@usager.example"), 1000), channel="cash")
    refunded(400, payment=payment)
    assert told(mailoutbox) == []
    assert not ContractEvent.objects.filter(kind="money_back_told").exists()


def test_where_nobody_can_be_told_there_is_no_job(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    refunded(400, payment=paid(a_bill(a_contract(), 1000), channel="cash"))
    assert not Job.objects.filter(kind=EserviceJob.REFUND_TELL).exists()
