"""Payments over the API: found, counted, and only for those who read them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from eservices.payments.handing_over import hand_over_payments
from eservices.payments.models import Channel
from eservices.payments.posting import Line, post_payment
from eservices.payments.refunds import ask_refund
from tests.eservices.bills.bills import a_bill
from tests.factories import person

pytestmark = pytest.mark.django_db


def test_payments_are_listed_shown_and_counted(api_as: Callable[[str], APIClient]) -> None:
    bill = a_bill(total=12840)
    payment = post_payment(
        [Line(bill.number, 12840)], channel="transfer", paid_at=timezone.now(), reference="V1"
    )
    client = api_as("samira")
    found = client.get(f"/api/v1/payments?q={bill.number}&channel=transfer").json()
    assert [row["receipt"] for row in found["payments"]] == [payment.receipt]
    assert found["payments"][0]["amount"] == "128.40"
    one = client.get(f"/api/v1/payments/{payment.pk}").json()
    assert one["bills"] == [{"bill": bill.number, "contract": "1000001", "amount": "128.40"}]
    figures = client.get("/api/v1/payments/figures").json()["figures"]
    assert [(row["channel"], row["count"], row["total"]) for row in figures] == [
        ("transfer", 1, "128.40")
    ]
    ask_refund(payment=payment, amount=40, reason="R", way="cash", by=person("rachid"))
    refunds = client.get("/api/v1/payments/refunds?state=asked").json()["refunds"]
    assert [(row["receipt"], row["amount"]) for row in refunds] == [(payment.receipt, "0.40")]
    assert client.get("/api/v1/payments?q=nothing").json()["payments"] == []


def test_files_for_billing_are_listed(api_as: Callable[[str], APIClient], tmp_path: Path) -> None:
    bill = a_bill(total=12840)
    post_payment([Line(bill.number, 12840)], channel=Channel.TRANSFER, paid_at=timezone.now())
    made = hand_over_payments(tmp_path / "p.csv", by=person("samira"))
    assert made is not None
    [row] = api_as("samira").get("/api/v1/payments/exports").json()["exports"]
    assert (row["id"], row["count"], row["total"]) == (made.pk, 1, "128.40")
    assert row["sha256"] == made.sha256
    assert api_as("ghita").get("/api/v1/payments/exports").status_code == 403


def test_the_centre_reads_payments_and_no_figures(api_as: Callable[[str], APIClient]) -> None:
    assert api_as("ghita").get("/api/v1/payments").status_code == 200
    assert api_as("ghita").get("/api/v1/payments/figures").status_code == 403
    assert api_as("badr").get("/api/v1/payments").status_code == 403
