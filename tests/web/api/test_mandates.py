"""Citizens' mandates over the API: listed with their proof, decided once, by who decides alone."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from eservices.people import mandates
from tests.web.desk.test_mandates import asked

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]


@pytest.mark.parametrize(
    ("verb", "state", "holds"), [("confirm", "confirmed", 1), ("refuse", "refused", 0)]
)
def test_a_mandate_is_listed_with_its_proof_and_decided_once(
    api_as: Caller, verb: str, state: str, holds: int
) -> None:
    row, client = asked(), api_as("amina")
    listed = client.get("/api/v1/mandates").json()["mandates"]
    assert [(one["id"], one["agent"], one["services"]) for one in listed] == [
        (str(row.pk), "Omar Idrissi", ["works_permit"])
    ]
    proof = client.get(f"/api/v1/mandates/{row.pk}/proof")
    assert proof["Content-Disposition"].startswith("attachment")
    told = client.post(f"/api/v1/mandates/{row.pk}/{verb}")
    assert told.json() == {"id": str(row.pk), "state": state}
    assert len(mandates.mandates_of(row.agent)) == holds
    assert client.post(f"/api/v1/mandates/{row.pk}/{verb}").status_code == 404
    assert client.get("/api/v1/mandates").json()["mandates"] == []


def test_others_see_and_decide_none(api_as: Caller) -> None:
    row, client = asked(), api_as("badr")
    assert client.get("/api/v1/mandates").status_code == 403
    assert client.post(f"/api/v1/mandates/{row.pk}/confirm").status_code == 403
    assert mandates.mandates_of(row.agent) == []
