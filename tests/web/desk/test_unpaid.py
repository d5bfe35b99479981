"""Cheques that come back unpaid, and bills that were paid too much, on the pages of money."""

from collections.abc import Callable

import pytest
from django.test import Client

from eservices.bills.models import Bill, Settled
from eservices.bills.remaining import refresh
from eservices.payments import journal
from eservices.payments.cashier import Handed, close_day, open_day, take_money
from eservices.payments.models import CashierDay, Channel, JournalEntry, Payment, Refund
from eservices.payments.posting import Line
from eservices.payments.refunds import RefundError, ask_refund
from eservices.payments.unpaid import unpaid_by_bank
from routing.acting.errors import NotAllowedError
from tests.eservices.bills.bills import a_bill
from tests.eservices.payments.office import RIB, staff
from tests.factories import freshly_signed_in

pytestmark = pytest.mark.django_db


def by_cheque(channel: str = Channel.CHEQUE) -> Payment:
    """Return a payment at the counter, of a day that is closed."""
    user = staff()
    open_day(user, desk="G1", opening=0)
    bill = a_bill(total=12840)
    payment = take_money(user, [Line(bill.number, 12840)], Handed(channel, "0012345"))
    close_day(user, counted=12840 if channel == Channel.CASH else 0)
    return payment


def test_a_cheque_that_the_bank_did_not_pay_is_owed_again(
    browser: Callable[[str], Client],
) -> None:
    payment = by_cheque()
    clerk, head = browser("rachid"), browser("samira")
    address = f"/payments/{payment.pk}/unpaid/"
    for client in (clerk, head):
        freshly_signed_in(client)
    assert address in head.get(f"/payments/{payment.pk}/").content.decode()
    assert address not in clerk.get(f"/payments/{payment.pk}/").content.decode()
    clerk.post(address, {"reason": "Provision insuffisante"})
    head.post(address, {"reason": " "})
    assert not Refund.objects.exists()
    head.post(address, {"reason": "Provision insuffisante"})
    head.post(address, {"reason": "Provision insuffisante"})
    refund = Refund.objects.get()
    assert (refund.amount, refund.way, refund.cashier_day) == (12840, "cheque", None)
    assert "Provision insuffisante" in refund.reason
    assert Bill.objects.get().remaining == 12840
    assert CashierDay.objects.get().counts["refunds"]["count"] == 0  # no cash went out
    assert JournalEntry.objects.get(kind="payment_unpaid").subject == payment.receipt
    assert list(journal.check()) == []
    page = head.get(f"/payments/{payment.pk}/").content.decode()
    assert address not in page
    assert "payment_unpaid" not in page


def test_cash_is_never_unpaid_and_a_refund_that_is_asked_for_comes_first() -> None:
    head = staff("samira", role="head")
    with pytest.raises(RefundError) as refused:
        unpaid_by_bank(by_cheque(Channel.CASH), reason="R", by=head)
    assert refused.value.code == "way"
    card = by_cheque(Channel.TERMINAL)
    with pytest.raises(NotAllowedError):
        unpaid_by_bank(card, reason="Contesté", by=staff())
    ask_refund(payment=card, amount=100, reason="R", way="transfer", account=RIB, by=staff())
    with pytest.raises(RefundError) as refused:
        unpaid_by_bank(card, reason="Contesté", by=head)
    assert refused.value.code == "refund_there"


def test_a_bill_paid_twice_is_shown_where_money_is_kept(browser: Callable[[str], Client]) -> None:
    payment = by_cheque()
    client = browser("rachid")
    assert "unpaid=over" not in client.get("/payments/").content.decode()
    bill = Bill.objects.get()
    Settled.objects.create(bill=bill, on=bill.issued_on, amount=2840, at=bill.made_at)
    refresh([bill])
    a_bill(total=500)
    assert "?unpaid=over" in client.get("/payments/").content.decode()
    listed = client.get("/bills/?unpaid=over").content.decode()
    assert bill.number in listed
    assert listed.count('<li class="row"') == 1
    assert "28,40" in listed
    assert f"/payments/?q={bill.number}" in client.get(f"/bills/{bill.pk}/").content.decode()
    assert 'value="28.40"' in client.get(f"/payments/{payment.pk}/").content.decode()
