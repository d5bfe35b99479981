"""Contracts and imports over the API: found, one with its meters, for whom."""

from pathlib import Path

import pytest
from rest_framework.test import APIClient

from eservices.relations.models import CustomerView
from tests.eservices.contracts.contracts import a_contract, a_meter, imported, table
from tests.eservices.contracts.test_imports import FATIMA
from tests.factories import person

pytestmark = pytest.mark.django_db


def _api(username: str) -> APIClient:
    client = APIClient()
    client.force_authenticate(person(username))
    return client


def test_contracts_are_listed_found_and_shown() -> None:
    a_meter(a_contract("0010001"), "W-77")
    a_contract("20002", customer_name="Omar Alaoui", status="closed")
    office = _api("amina")
    found = office.get("/api/v1/contracts", {"limit": 1}).json()
    assert [row["number"] for row in found["contracts"]] == ["0010001"]
    more = office.get("/api/v1/contracts", {"limit": 1, "cursor": found["next_cursor"]}).json()
    assert [row["number"] for row in more["contracts"]] == ["20002"]
    for asked in ({"q": "alaoui"}, {"status": "closed"}, {"q": "20002", "sector": "S1"}):
        rows = office.get("/api/v1/contracts", asked).json()["contracts"]
        assert [row["number"] for row in rows] == ["20002"]
    shown = office.get("/api/v1/contracts/10001").json()
    assert shown["meters"][0]["serial"] == "W-77"
    assert "access" not in str(shown)
    assert CustomerView.objects.count() == 1
    assert office.get("/api/v1/contracts/999").status_code == 404


def test_imports_are_listed_with_what_was_refused(tmp_path: Path) -> None:
    imported("import_contracts", table(tmp_path, FATIMA, "bad"))
    administrator = _api("admin")
    (run,) = administrator.get("/api/v1/imports", {"kind": "contracts"}).json()["imports"]
    assert (run["lines"], run["new"], run["refused"]) == (2, 1, 1)
    whole = administrator.get(f"/api/v1/imports/{run['id']}").json()
    assert whole["refused_lines"][0]["line"] == 3
    assert administrator.get("/api/v1/imports", {"kind": "bills"}).json()["imports"] == []
    assert _api("amina").get("/api/v1/imports").status_code == 403
