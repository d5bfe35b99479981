"""The clocks of letters over the API."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from registry.models.letters import Letter
from registry.models.pieces import PiecesRequest
from routing.assigning import giving
from routing.inbox import assignments
from routing.rules.defaults import load_defaults
from tests.factories import department, deposit, kind, person

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]


@pytest.fixture
def letter() -> Letter:
    load_defaults()
    found = deposit(kind=kind("enquiry"), actor=person("amina")).letter
    given = giving.assign(found, department=department("EAU"), actor=person("amina"))
    assignments.accept(given, actor=person("badr"))
    return Letter.objects.get(pk=found.pk)


def test_a_clock_is_stopped_restarted_and_extended(api_as: Caller, letter: Letter) -> None:
    client, head = api_as("badr"), api_as("dounia")
    base = f"/api/v1/letters/{letter.pk}"
    stopped = client.post(f"{base}/clock/stop", {"reason": "Expertise"}, format="json")
    assert stopped.status_code == 200
    assert stopped.json()["due_on"] is None
    assert stopped.json()["stands_since"]
    assert client.post(f"{base}/clock/stop", {"reason": "Encore"}, format="json").status_code == 403
    again = client.post(f"{base}/clock/restart", {"reason": "Reçu"}, format="json")
    assert again.json()["due_on"]
    longer = head.post(f"{base}/clock/extend", {"reason": "Complexe"}, format="json")
    assert longer.json()["due_on"] > again.json()["due_on"]


@pytest.mark.parametrize("words", [{}, {"reason": ""}, {"reason": "x" * 501}, {"reason": None}])
def test_a_reason_is_asked_for(api_as: Caller, letter: Letter, words: dict[str, object]) -> None:
    address = f"/api/v1/letters/{letter.pk}/clock/stop"
    assert api_as("badr").post(address, words, format="json").status_code == 400


def test_missing_pieces_are_asked_for_once(api_as: Caller, letter: Letter) -> None:
    client, address = api_as("badr"), f"/api/v1/letters/{letter.pk}/pieces"
    assert client.post(address, {"pieces": []}, format="json").status_code == 400
    asked = client.post(address, {"pieces": ["Plan", "Facture"]}, format="json")
    assert asked.status_code == 200
    assert PiecesRequest.objects.get(letter=letter).lines == ["Plan", "Facture"]
    assert client.post(address, {"pieces": ["Plan"]}, format="json").status_code == 403


def test_the_pieces_are_added_and_the_clock_goes_on(api_as: Caller, letter: Letter) -> None:
    client, address = api_as("badr"), f"/api/v1/letters/{letter.pk}/pieces"
    plan = {"files": [SimpleUploadedFile("plan.txt", b"Plan de situation")]}
    assert client.post(f"{address}/files", plan, format="multipart").status_code == 403
    client.post(address, {"pieces": ["Plan"]}, format="json")
    assert client.post(f"{address}/files", {}, format="multipart").status_code == 422
    again = [SimpleUploadedFile("plan.txt", b"Plan de situation")]
    added = client.post(f"{address}/files", {"files": again, "pieces": [1]}, format="multipart")
    assert added.status_code == 200
    assert added.json()["due_on"]
    assert letter.documents.count() == 2


def test_each_piece_is_received_or_missing(api_as: Caller, letter: Letter) -> None:
    client, address = api_as("badr"), f"/api/v1/letters/{letter.pk}/pieces"
    assert client.get(address).status_code == 404
    client.post(address, {"pieces": ["Plan", "Facture"]}, format="json")
    plan = {"files": [SimpleUploadedFile("plan.txt", b"Plan de situation")], "pieces": [1]}
    assert client.post(f"{address}/files", plan, format="multipart").json()["due_on"] is None
    found = client.get(address).json()
    assert [(p["name"], bool(p["received_at"])) for p in found["pieces"]] == [
        ("Plan", True),
        ("Facture", False),
    ]
    assert found["answered_at"] is None
    for wrong in ({"pieces": [3]}, {"pieces": ["x"]}, {"complete": "perhaps"}):
        assert client.post(f"{address}/files", wrong, format="multipart").status_code in (400, 403)
    ended = client.post(f"{address}/files", {"complete": True}, format="multipart")
    assert ended.json()["due_on"]
    assert client.get(address).json()["answered_at"]
