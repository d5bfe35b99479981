"""What a bank transferred for its days, named by staff among the credits on the account."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from eservices.bank.models import BankPartner, Posting
from eservices.bank.received import candidates, name_credit, received_for
from eservices.payments import journal
from eservices.payments.bank_import import take_bank_file
from eservices.payments.bank_lines import match_again
from eservices.payments.models import BankLine, Payment
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from tests.eservices.bank.banks import a_bank
from tests.eservices.bills.bills import a_bill
from tests.eservices.payments.banks import camt, entry, transaction
from tests.eservices.payments.office import staff

pytestmark = pytest.mark.django_db


def posted(count: int = 2) -> BankPartner:
    """Return a partner that posted some payments of 1000 DH today, 1.50 DH of each being its."""
    bank = a_bank(fee_fixed="1.50")
    for number in range(count):
        a_bill(number=f"F-{number}", total=100_000)
        bank.pay(f"REF-{number}", (f"F-{number}", "1000.00"))
    return BankPartner.objects.get()


def credited(*amounts: str) -> list[BankLine]:
    """Return credits that came today."""
    told = [
        entry(amount, transaction(text=f"REGLEMENT {number}"), own=f"OWN-{number}")
        for number, amount in enumerate(amounts)
    ]
    take_bank_file(camt(*told), name="releve.xml")
    BankLine.objects.update(booked_on=timezone.localdate())
    return list(BankLine.objects.order_by("pk"))


def test_a_credit_is_named_once_and_pays_no_bill_again() -> None:
    partner, today = posted(), timezone.localdate()
    other, right = credited("77.00", "1997.00")
    assert candidates(partner, today) == [right, other]
    with pytest.raises(NotAllowedError):
        name_credit(partner, today, right.pk, by=staff("hind", code="EAU"))
    found = name_credit(partner, today, right.pk, by=staff())
    assert (found.expected, found.difference, found.days) == (199_700, 0, (today,))
    with pytest.raises(ConflictError):
        name_credit(partner, today, other.pk, by=staff())
    right.refresh_from_db()
    assert (right.state, right.why, right.payment) == ("aside", "settlement", None)
    assert Payment.objects.count() == 2
    assert list(journal.check()) == []


def test_a_centime_that_is_missing_is_told() -> None:
    partner, today = posted(), timezone.localdate()
    [line] = credited("1996.99")
    assert name_credit(partner, today, line.pk, by=staff()).difference == -1


def test_a_credit_of_several_days_is_compared_with_all_of_them() -> None:
    partner, today = posted(), timezone.localdate()
    before = today - timedelta(days=1)
    Posting.objects.filter(reference="REF-0").update(on=before)
    [line] = credited("1997.00")
    assert name_credit(partner, today, line.pk, by=staff()).difference == 99_850
    assert candidates(partner, before) == [line]
    found = name_credit(partner, before, line.pk, by=staff())
    assert (found.days, found.difference) == ((before, today), 0)


def test_a_credit_that_is_matched_anew_is_no_settlement_any_more() -> None:
    partner, today = posted(), timezone.localdate()
    [line] = credited("1997.00")
    name_credit(partner, today, line.pk, by=staff())
    match_again(line.pk, by=staff())
    assert received_for(partner, today) is None
    assert name_credit(partner, today, line.pk, by=staff()).difference == 0


def test_the_page_names_the_credit(client_as: Callable[[str], Client]) -> None:
    partner, today = posted(), timezone.localdate()
    [line] = credited("1996.99")
    client, place = client_as("rachid"), f"/banks/{partner.pk}/settlements/{today}/"
    assert f'value="{line.pk}"' in client.get(place).content.decode()
    assert "received/" not in client_as("direction").get(place).content.decode()
    refused = client.post(f"{place}received/", {"line": "x", "next": place})
    assert (refused.status_code, refused["Location"]) == (303, place)
    assert received_for(partner, today) is None
    assert client.post(f"{place}received/", {"line": line.pk}).status_code == 303
    page = client.get(place).content.decode()
    assert "0,01" in page
    assert "received/" not in page
    assert f"{today:%d/%m/%Y}" in client.get("/banks/settlements/").content.decode()
