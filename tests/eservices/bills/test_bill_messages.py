"""Customers are told of a new bill once, whatever the way they pay."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from eservices.bills.models import Bill
from eservices.contracts.events import CHANGED_BY_REQUEST, note
from eservices.contracts.models import ContractEvent, Holder
from eservices.kinds import EserviceJob
from jobs.models import Job
from tests.eservices.bills.bills import a_contract
from tests.eservices.bills.tables import imported, line
from tests.eservices.citizens import citizen, person_of
from tests.factories import drain

pytestmark = pytest.mark.django_db


def today() -> dict[str, str]:
    """Return the days of a bill of today."""
    day = timezone.localdate().isoformat()
    return {"issued_on": day, "due_on": day}


def told(folder: Path, *lines: str) -> None:
    """Import these lines, and do what follows."""
    imported(folder, *lines)
    Job.objects.update(run_after=timezone.now())
    for _again in range(3):
        drain(EserviceJob.BILLS_LOOK)
        drain(EserviceJob.BILL_TELL)


def test_the_contracts_contact_is_told_once(tmp_path: Path, mailoutbox: list[Any]) -> None:
    """In the contract's language; a second import, and a change, tell nobody."""
    contract = a_contract(email="fatima@usager.example", language="fr")
    told(tmp_path, line(**today(), estimated="true"))
    [mail] = mailoutbox
    assert mail.to == ["fatima@usager.example"]
    for words in ("F2026-1", "128,40", "1000001", "/my/bills/"):
        assert words in mail.body, words
    assert Bill.objects.get().told_at is not None
    assert ContractEvent.objects.get(contract=contract).kind == "bill_told"
    told(tmp_path, line(**today(), remaining="100"))
    assert len(mailoutbox) == 1


def test_holders_are_told_in_place_of_the_contract(tmp_path: Path, mailoutbox: list[Any]) -> None:
    """Who holds it no more is not told."""
    contract = a_contract(email="old@usager.example")
    for mail, ended in (("in@usager.example", None), ("gone@usager.example", timezone.now())):
        citizen(mail, mailoutbox)
        Holder.objects.create(
            person=person_of(mail), contract=contract, proof="code", proven_at=timezone.now(),
            ended_at=ended,
        )  # fmt: skip
    mailoutbox.clear()
    told(tmp_path, line(**today()))
    assert [mail.to for mail in mailoutbox] == [["in@usager.example"]]


def test_who_took_a_contract_over_is_told_of_no_bill_of_who_left(
    tmp_path: Path, mailoutbox: list[Any]
) -> None:
    """Their last bill is for the days before, and comes after."""
    contract = a_contract(email="new@usager.example")
    note(contract, CHANGED_BY_REQUEST, what="holder")
    before = (timezone.localdate() - timedelta(days=1)).isoformat()
    told(tmp_path, line(**today(), period_from="2026-01-01", period_to=before))
    assert mailoutbox == []
    assert Bill.objects.get().told_at is not None
    told(tmp_path, line(**today(), number="F2026-2", period_from="", period_to=""))
    assert [mail.to for mail in mailoutbox] == [["new@usager.example"]]


def test_old_bills_and_credits_are_no_news(tmp_path: Path, mailoutbox: list[Any]) -> None:
    """Nor is a bill of a contract without a contact, which is settled all the same."""
    a_contract(email="fatima@usager.example")
    a_contract("1000002")
    old = {"issued_on": "2020-01-05", "due_on": "2020-01-25"}
    told(
        tmp_path,
        line(number="OLD", **old),
        line(number="A1", total="-1", remaining="-1"),
        line(number="SILENT", contract="1000002", **today()),
    )
    assert mailoutbox == []
    assert not Bill.objects.filter(told_at=None).exists()
