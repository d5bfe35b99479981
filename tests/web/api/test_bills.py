"""Bills and statements over the API."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from rest_framework.test import APIClient

from eservices.bills.models import Allocation, Bill
from eservices.bills.remaining import refresh
from tests.eservices.bills.bills import a_bill, a_contract
from tests.eservices.bills.tables import run_json

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]
UBL: Final = Path(__file__).parents[2] / "eservices" / "bills" / "files" / "ubl.xml"


def test_bills_are_listed_and_shown(api_as: Caller) -> None:
    """Of a contract, those to be paid; one with lines and payments, its paper."""
    api = api_as("amina")
    a_contract()
    run_json("import_bills", UBL)
    bill = Bill.objects.get()
    a_bill(a_contract("1000002"), number="OTHER")
    row = Allocation.objects.create(bill=bill, receipt="R/1", amount=2840, at=bill.made_at)
    refresh([bill])
    [listed] = api.get("/api/v1/bills", {"contract": "0100 0001"}).json()["bills"]
    facts = ("U2026-0001", "1000001", "128.40", "100.00", "MAD", True)
    names = ("number", "contract", "total", "remaining", "currency", "estimated")
    assert tuple(listed[name] for name in names) == facts
    assert len(api.get("/api/v1/bills").json()["bills"]) == 2
    assert api.get("/api/v1/bills", {"contract": "4711"}).json()["bills"] == []
    assert api.get("/api/v1/bills", {"number": "OTHER"}).json()["bills"][0]["contract"] == "1000002"
    one = api.get(f"/api/v1/bills/{bill.pk}").json()
    assert [line["band"] for line in one["lines"]] == ["0–6 m³", "7–20 m³"]
    assert one["lines"][1]["net"] == "100.00"
    assert [(p["receipt"], p["amount"]) for p in one["payments"]] == [(row.receipt, "28.40")]
    content = api.get(f"/api/v1/bills/{bill.pk}/content")
    assert content["Content-Type"] == "application/pdf"
    assert api.get(f"/api/v1/bills/{10**9}").status_code == 404


def test_the_statement_is_that_of_the_command(api_as: Caller) -> None:
    """Word for word; an unknown contract is 404."""
    a_bill(number="F1")
    found = api_as("amina").get("/api/v1/statement", {"contract": "1000001"}).json()
    told = run_json("statement", "1000001")
    assert found == {name: told[name] for name in ("opening", "movements", "balance")}
    later = {"contract": "1000001", "until": "2020-01-01"}
    assert api_as("amina").get("/api/v1/statement", later).json()["balance"] == "0.00"
    assert api_as("amina").get("/api/v1/statement", {"contract": "9"}).status_code == 404
