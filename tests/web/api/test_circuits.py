"""A reply walks through its circuit over the API."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from correspondence.models.replies import Reply
from correspondence.replies import drafting
from correspondence.replies.editing import StepData
from routing.assigning import giving
from routing.inbox import assignments
from tests.correspondence.circuits import circuit
from tests.factories import department, deposit, drain, person

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]


@pytest.fixture
def draft(db: None) -> Reply:
    letter = deposit(actor=person("amina")).letter
    row = giving.assign(letter, department=department("EAU"), actor=person("amina"))
    assignments.accept(row, actor=person("badr"))
    return drafting.draft_reply(letter, actor=person("badr"), subject="Re", body="Bonjour")


def test_visa_and_signature_over_the_api(draft: Reply, api_as: Caller) -> None:
    circuit()
    base = f"/api/v1/replies/{draft.pk}"
    told = api_as("badr").post(f"{base}/submit").json()
    assert [(s["act"], s["state"]) for s in told["steps"]] == [
        ("visa", "due"),
        ("signature", "later"),
    ]
    step = {"step": told["steps"][0]["id"]}
    assert api_as("direction").post(f"{base}/visa", step).status_code == 403
    told = api_as("dounia").post(f"{base}/visa", step).json()
    assert (told["state"], told["steps"][0]["done_by"]) == ("approved", "dounia")
    assert api_as("dounia").post(f"{base}/visa", step).status_code == 409
    told = api_as("direction").post(f"{base}/sign").json()
    assert (told["state"], told["signed"], told["signed_level"]) == ("signed", False, "none")
    assert told["number"].endswith("/OUT/000001")
    assert api_as("direction").post(f"{base}/sign").status_code == 409
    way = {"method": "portal"}
    assert api_as("badr").post(f"{base}/send", way).status_code == 403
    drain("reply.sign")
    assert api_as("badr").post(f"{base}/send", way).json()["signed"]
    letter = api_as("badr").get(f"/api/v1/letters/{draft.letter_id}").json()
    assert letter["replies"][0]["steps"][1]["done_by"] == "direction"


def test_a_circuit_is_chosen_by_its_id(draft: Reply, api_as: Caller) -> None:
    circuit()
    chosen = circuit([StepData(1, "visa", "director")])
    theirs = circuit(department=department("SI"))
    base = f"/api/v1/replies/{draft.pk}"
    refused = api_as("badr").post(f"{base}/submit", {"circuit": theirs.pk})
    assert refused.status_code == 403
    assert api_as("badr").post(f"{base}/submit", {"circuit": "x"}).status_code == 400
    told = api_as("badr").post(f"{base}/submit", {"circuit": chosen.pk}).json()
    assert [s["who"] for s in told["steps"]] == ["director"]
    told = api_as("direction").post(f"{base}/return", {"remark": "Plus court"}).json()
    assert (told["state"], told["steps"][0]["remark"]) == ("draft", "Plus court")
