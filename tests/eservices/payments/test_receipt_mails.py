"""Whoever paid is sent the receipt, once, to an address that is theirs."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from eservices.contracts.events import CHANGED_BY_REQUEST, note
from eservices.contracts.models import Contract, ContractEvent, Holder
from eservices.kinds import EserviceJob
from eservices.payments.attempts import begin
from eservices.payments.models import Attempt, Payment
from eservices.payments.posting import Line, post_payment
from eservices.people.account import prefer
from jobs.models import Job
from tests.eservices.bills.bills import a_bill
from tests.eservices.citizens import citizen, person_of
from tests.eservices.contracts.contracts import a_contract
from tests.factories import drain

pytestmark = pytest.mark.django_db
SALMA = "salma@usager.example"


def held(contract: Contract, mail: str, outbox: list[Any]) -> Client:
    """A citizen who has proven the contract, in her browser."""
    browser = citizen(mail, outbox)
    Holder.objects.create(
        person=person_of(mail), contract=contract, proof="code", proven_at=timezone.now()
    )
    outbox.clear()
    return browser


def came(*bills: Any, **more: Any) -> Payment:
    """These bills are paid, and what follows is done twice over."""
    lines = [Line(bill.number, bill.remaining) for bill in bills]
    payment = post_payment(
        lines, channel=more.pop("channel", "cash"), paid_at=timezone.now(), **more
    )
    for _again in range(2):
        drain(EserviceJob.RECEIPT_TELL)
    return payment


def test_who_typed_an_address_gets_the_receipt_there(settings: Any, mailoutbox: list[Any]) -> None:
    """In the language of the page, with the PDF; nobody else is told."""
    settings.PAYMENT_URL = "nestpay://6:KEY@127.0.0.1:9/fim/est3Dgate?tls=no"
    contract = a_contract()
    held(contract, SALMA, mailoutbox)
    bill = a_bill(contract, 12_840)
    attempt = begin([Line(bill.number, 12_840)], language="ar", email="payer@usager.example")
    payment = came(bill, channel="card", attempt=attempt, language="ar")
    [mail] = mailoutbox
    assert mail.to == ["payer@usager.example"]
    assert payment.receipt in mail.body
    assert "توصلنا" in mail.body
    [(name, content, kind)] = mail.attachments
    assert (name, kind) == (f"{payment.receipt.replace('/', '-')}.pdf", "application/pdf")
    assert content.startswith(b"%PDF")
    [event] = ContractEvent.objects.filter(kind="receipt_told")
    assert event.data == {"receipt": payment.receipt, "way": "email"}


def test_a_person_gets_it_by_the_way_that_they_wish(mailoutbox: list[Any]) -> None:
    contract = a_contract()
    held(contract, SALMA, mailoutbox)
    person = person_of(SALMA)
    came(a_bill(contract, 100), person=person)
    assert [(mail.to, len(mail.attachments)) for mail in mailoutbox] == [([SALMA], 1)]
    prefer(person, language="fr", told_by="none")
    came(a_bill(contract, 100), person=person)
    assert len(mailoutbox) == 1


def test_a_holder_is_told_of_a_payment_elsewhere_without_the_receipt(mailoutbox: list[Any]) -> None:
    """It may name another payer; and one of several contracts is told to nobody."""
    contract = a_contract()
    held(contract, SALMA, mailoutbox)
    bill = a_bill(contract, 100)
    came(bill, channel="transfer", payer="Omar Idrissi")
    [mail] = mailoutbox
    assert (mail.to, mail.attachments) == ([SALMA], [])
    assert bill.number in mail.body
    assert "Omar" not in mail.body
    came(a_bill(contract, 100), a_bill(a_contract("1000002"), 100))
    assert len(mailoutbox) == 1


def test_who_took_a_contract_over_is_told_of_no_payment_of_who_left(mailoutbox: list[Any]) -> None:
    contract = a_contract()
    old = a_bill(contract, 12_840)
    note(contract, CHANGED_BY_REQUEST, what="holder")
    held(contract, SALMA, mailoutbox)
    came(old, channel="bank")
    assert mailoutbox == []
    came(a_bill(contract, 500), channel="bank")
    assert [mail.to for mail in mailoutbox] == [[SALMA]]


def test_a_contract_whose_contact_is_not_confirmed_is_told_nothing(mailoutbox: list[Any]) -> None:
    came(a_bill(a_contract(email="fatima@usager.example"), 100))
    assert mailoutbox == []
    assert not ContractEvent.objects.exists()


def test_where_nobody_can_be_told_there_is_no_job(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    came(a_bill(a_contract(), 100))
    assert not Job.objects.filter(kind=EserviceJob.RECEIPT_TELL).exists()


def test_the_page_asks_for_an_address_and_takes_only_one(
    settings: Any, mailoutbox: list[Any]
) -> None:
    """It proposes the verified one; left empty, the payer wants no mail."""
    settings.PAYMENT_URL = "nestpay://6:KEY@127.0.0.1:9/fim/est3Dgate?tls=no"
    contract = a_contract()
    browser = held(contract, SALMA, mailoutbox)
    bill = a_bill(contract, 100)
    assert f'value="{SALMA}"' in browser.get("/pay/").content.decode()
    wrong = browser.post("/pay/", {"bill": bill.number, "email": "no address"})
    assert wrong.status_code == 422
    for typed in ("", "Other@usager.example"):
        assert browser.post("/pay/", {"bill": bill.number, "email": typed}).status_code == 303
    found = Attempt.objects.order_by("made_at").values_list("email", flat=True)
    assert list(found) == ["", "other@usager.example"]
