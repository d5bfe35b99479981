"""The digital agency over the API: charges, meters, final bill, schedule, papers."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from eservices.agency.models import Charge
from eservices.requests.models import Request
from tests.eservices.agency.journey import branch_head, fresh
from tests.eservices.agency.test_ending import at_final_bill, billed
from tests.eservices.agency.test_papers import account
from tests.eservices.agency.test_paying import DEBT
from tests.eservices.bills.bills import a_bill
from tests.eservices.contracts.contracts import a_contract
from tests.eservices.office import opened
from tests.factories import api_key

pytestmark = pytest.mark.django_db


def program(code: str) -> APIClient:
    """A program of the head of a department."""
    head = branch_head(code)
    client = APIClient(headers={"accept-language": "en"})
    client.credentials(HTTP_AUTHORIZATION=f"Token {api_key(head.user.username)}")
    return client


def at(request: Request, place: str = "dues") -> str:
    """An address of a request."""
    return f"/api/v1/requests/{request.pk}/{place}"


def test_a_final_bill_is_named_and_the_request_ends() -> None:
    contract = a_contract()
    request, head = at_final_bill(contract), program("BRT")
    bill = billed(contract, 0)
    told = head.get(at(request)).json()
    [meter] = told["meters"]
    assert (told["contract"], told["balance"], meter["final_index"]) == ("1000001", "0.00", 151)
    assert {"charge", "final_bill"} <= set(told["may"])
    lost = head.post(at(request, "final-bill"), {"bill": "X"}, format="json")
    assert lost.status_code == 403
    told = head.post(at(request, "final-bill"), {"bill": bill.number}, format="json").json()
    assert told["final_bill"] == bill.number
    assert head.post(at(request, "look")).json()["stage"] == "ended"


def test_a_last_index_is_written_by_the_serial_number() -> None:
    contract = a_contract()
    request, head = at_final_bill(contract), program("BRT")
    meter = contract.meters.get()
    unknown = {"serial": "none", "index": 160}
    assert head.post(at(request, "last-index"), unknown, format="json").status_code == 403
    known = {"serial": meter.serial.lower(), "index": 160}
    told = head.post(at(request, "last-index"), known, format="json").json()
    assert [one["final_index"] for one in told["meters"]] == [160]


def test_charges_are_written_and_taken_back() -> None:
    answers = {
        "quality": "owner", "services": ["water"], "use": "housing",
        "place": {"text": "Settat"}, "from_on": timezone.localdate().isoformat(),
    }  # fmt: skip
    request, head = opened("subscription", answers=answers), program("BRT")
    wrong = head.post(at(request, "charges"), {"subject": "x", "amount": "1e2"}, format="json")
    assert list(wrong.json()["error"]["fields"]) == ["amount"]
    given = {"subject": "Dépôt de garantie", "amount": "350.50", "seen": 0}
    told = head.post(at(request, "charges"), given, format="json")
    again = head.post(at(request, "charges"), given, format="json")
    assert (again.status_code, told.json()["charges_written"]) == (409, 1)
    [charge] = told.json()["charges"]
    assert (told.status_code, charge["amount"]) == (201, "350.50")
    assert head.delete(at(request, f"charges/{charge['id']}")).status_code == 204
    assert head.delete(at(request, f"charges/{charge['id']}")).status_code == 404
    assert not Charge.objects.exists()


def test_a_schedule_comes_to_what_remains() -> None:
    contract = a_contract()
    bill = a_bill(contract, 30_000)
    request = opened("instalments", answers={"contract": contract.number, **DEBT})
    head, today = program("REC"), timezone.localdate()
    parts = [
        {"due_on": (today + timedelta(days=30 * n)).isoformat(), "amount": "100.00"}
        for n in range(3)
    ]
    given = {"bills": [bill.number], "parts": parts[:2]}
    short = head.put(at(request, "plan"), given, format="json")
    assert (short.status_code, "300.00" in short.json()["error"]["message"]) == (403, True)
    told = head.put(at(request, "plan"), given | {"parts": parts}, format="json").json()
    assert [part["amount"] for part in told["plan"]["instalments"]] == ["100.00"] * 3
    assert (told["plan"]["total"], told["plan"]["accepted_at"]) == ("300.00", None)
    assert [one["number"] for one in told["bills"]] == [bill.number]


def test_a_statement_is_delivered_by_who_may() -> None:
    contract = a_contract()
    request = opened("statement", answers=account(contract), email="salma@example.org")
    other, head = program("TRX"), program("COM")
    assert other.post(at(request, "deliver")).status_code == 404
    assert other.get(at(request)).status_code == 404
    assert head.get(at(request)).json()["may"] == ["deliver"]
    assert head.post(at(request, "deliver")).json()["stage"] == "delivered"
    assert fresh(request).stage == "delivered"
    assert head.post(at(request, "deliver")).status_code == 409
