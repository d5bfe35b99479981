"""Same mail over the API: in the deposit's answer, in the letter's, decided and taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from org.models import User
from registry.doubles.finding import Match
from registry.doubles.same_mail import propose
from registry.models.letters import Letter
from tests.factories import deposit

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]


@pytest.fixture
def pair(amina: User) -> tuple[Letter, Letter]:
    """Two letters of which the later is probably the earlier again; EAU reads the later alone."""
    earlier, later = deposit(actor=amina).letter, deposit(actor=amina, departments=["EAU"]).letter
    with transaction.atomic():
        propose(later, [Match(earlier.pk, 0.9, ("same_text",))])
    return earlier, later


def same(client: APIClient, letter: Letter) -> Any:
    return client.get(f"/api/v1/letters/{letter.pk}/same").json()["same"]


def test_a_file_that_came_before_is_said_with_the_number(api_as: Caller) -> None:
    client = api_as("amina")
    first, again = (
        client.post("/api/v1/letters", {"message": "La même."}, format="json").json()
        for _ in range(2)
    )
    assert first["same_as"] == []
    (before,) = again["same_as"]
    assert (before["number"], before["reasons"]) == (first["number"], ["same_file"])


def test_a_proposal_is_decided_and_taken_back(api_as: Caller, pair: tuple[Letter, Letter]) -> None:
    earlier, later = pair
    client = api_as("amina")
    (row,) = same(client, later)
    assert (row["number"], row["score"], row["link"]) == (earlier.number, 0.9, None)
    assert client.get(f"/api/v1/letters/{later.pk}").json()["same"] == [row]
    address = f"/api/v1/letters/{later.pk}/same"
    words = {"other": earlier.number, "kind": "duplicate"}
    (linked,) = client.post(address, words, format="json").json()["same"]
    assert (linked["decided_by"], linked["kind"], linked["later"]) == ("amina", "duplicate", True)
    assert client.post(address, words, format="json").status_code == 409
    undo = f"{address}/{linked['link']}/undo"
    assert client.post(undo, {}, format="json").status_code == 400
    assert client.post(undo, {"reason": "Erreur"}, format="json").json()["same"] == []
    assert client.post(undo, {"reason": "Erreur"}, format="json").status_code == 409


def test_wrong_words_are_refused(api_as: Caller, pair: tuple[Letter, Letter]) -> None:
    address = f"/api/v1/letters/{pair[1].pk}/same"
    for words in (
        {"other": "2019/IN/000009", "kind": "duplicate"},
        {"other": "x", "kind": "duplicate"},
        {"other": str(pair[1].pk), "kind": "duplicate"},
        {"other": str(pair[0].pk), "kind": "twin"},
    ):
        assert api_as("amina").post(address, words, format="json").status_code == 400, words


def test_who_reads_only_one_of_two_letters_sees_no_other(
    api_as: Caller, pair: tuple[Letter, Letter]
) -> None:
    earlier, later = pair
    badr = api_as("badr")
    assert same(badr, later) == []
    words = {"other": str(earlier.pk), "kind": "duplicate"}
    address = f"/api/v1/letters/{later.pk}/same"
    assert badr.post(address, words, format="json").status_code == 403
    api_as("amina").post(address, words, format="json")
    assert same(badr, later) == []
    events = badr.get(f"/api/v1/letters/{later.pk}/events").json()["events"]
    assert (events[-1]["kind"], events[-1]["data"], events[-1]["actor"]) == ("withheld", {}, None)
    assert earlier.number not in str(badr.get(f"/api/v1/letters/{later.pk}").json())
