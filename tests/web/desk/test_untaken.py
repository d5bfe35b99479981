"""Payments by card of which the bank does not say that it took the money."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from eservices.bills.models import Bill
from eservices.payments import attempts, journal, reconcile
from eservices.payments.models import Attempt, JournalEntry, Payment, Refund
from eservices.payments.port import GatewayAnswer, Outcome
from eservices.payments.posting import Line
from eservices.payments.untaken import seen_at_bank, untaken, voided_by_bank
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from tests.eservices.bills.bills import a_bill
from tests.eservices.payments.office import staff
from tests.eservices.payments.sequences import ADDRESS
from tests.factories import freshly_signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bank(settings: Any) -> None:
    """An office whose gateway can be asked."""
    settings.PAYMENT_URL = f"{ADDRESS}?user=u&password=p"


def paid(days: int = 2) -> Payment:
    """Return a payment by card that ended some days ago, its money not told as taken."""
    bill = a_bill(total=12840)
    attempt = attempts.begin([Line(bill.number, 12840)])
    attempts.take_answer(GatewayAnswer(attempt.oid, Outcome.PAID, 12840, "MAD"))
    Attempt.objects.filter(pk=attempt.pk).update(ended_at=timezone.now() - timedelta(days=days))
    return Payment.objects.get(attempt=attempt)


def test_what_waits_longer_than_a_day_is_shown_until_a_person_saw_the_money(settings: Any) -> None:
    payment = paid()
    paid(days=0)
    assert list(untaken()) == [payment]
    with pytest.raises(NotAllowedError):
        seen_at_bank(payment, by=staff("hind", code="EAU"))
    seen_at_bank(payment, by=staff())
    assert not untaken().exists()
    with pytest.raises(ConflictError):
        seen_at_bank(payment, by=staff())
    assert JournalEntry.objects.get(kind="attempt_seen_at_bank").amount == 12840
    paid()
    settings.PAYMENT_URL = ADDRESS  # a gateway that cannot be asked tells nothing of any
    assert not untaken().exists()


def test_what_the_bank_voided_is_taken_back_by_who_decides(
    browser: Callable[[str], Client],
) -> None:
    payment = paid()
    clerk, head = browser("rachid"), browser("samira")
    address = f"/payments/{payment.pk}/untaken/voided/"
    for client in (clerk, head):
        freshly_signed_in(client)
        assert "untaken=1" in client.get("/payments/").content.decode()
    assert payment.receipt in head.get("/payments/?untaken=1").content.decode()
    assert address in head.get(f"/payments/{payment.pk}/").content.decode()
    assert address not in clerk.get(f"/payments/{payment.pk}/").content.decode()
    clerk.post(address, {"reason": "Annulé"})
    head.post(address, {"reason": ""})
    assert untaken().exists()
    head.post(address, {"reason": "Annulé"})
    assert not untaken().exists()
    assert Refund.objects.get().amount == 12840
    assert Bill.objects.get().remaining == 12840
    assert list(journal.check()) == []
    with pytest.raises(ConflictError):
        voided_by_bank(payment, reason="R", by=staff("samira", role="head"))


def test_a_bank_that_took_what_staff_void_at_that_moment_is_told(
    browser: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = paid()
    [attempt] = reconcile.stuck(timezone.now())
    head = staff("samira", role="head")

    class Late:
        """A gateway whose word comes once staff have voided the payment."""

        def status(self, oid: str) -> GatewayAnswer:
            voided_by_bank(payment, reason="R", by=head)
            return GatewayAnswer(oid, Outcome.PAID, 12840, "MAD")

    monkeypatch.setattr(reconcile, "gateway", Late)
    for _again in range(2):
        reconcile.settle_attempt(attempt)
    assert JournalEntry.objects.get(kind="attempt_taken_after_all").amount == 12840
    page = browser("samira").get(f"/payments/{payment.pk}/").content.decode()
    assert "Encaissé par la banque malgré l’annulation" in page
    assert list(journal.check()) == []
