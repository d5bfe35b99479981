"""A page over the API: words with their places, corrected by a program on a person's behalf."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from registry.models.letters import Letter
from registry.reading.readings import NewReading, record_readings, text_of
from tests.factories import deposit
from tests.registry.read_pages import page
from web.api.pages import PageOut, PageWordOut

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]


@pytest.fixture
def letter() -> Letter:
    """One document, one page of two lines."""
    letter = deposit(departments=["EAU"]).letter
    read = page("Une fuxte", "chez nous") | {"number": 1}
    new = NewReading(letter.documents.get().pk, "test", "fr", read["text"], [read])
    with transaction.atomic():
        record_readings(letter, [new])
    return letter


def address(letter: Letter, number: int = 1) -> str:
    return f"/api/v1/letters/{letter.pk}/documents/{letter.documents.get().pk}/pages/{number}"


def test_a_page_tells_its_words_and_takes_corrections(letter: Letter, api_as: Caller) -> None:
    client = api_as("amina")
    before = client.get(address(letter)).json()
    assert set(before) == set(PageOut().fields)
    assert set(before["words"][1]) == set(PageWordOut().fields)
    assert before["words"][1]["box"] == [0.1, 0.0, 0.19, 0.05]

    sent = {
        "seal": before["seal"],
        "words": [{"index": 1, "text": "fuite"}],
        "lines": [{"line": 1, "text": ""}],
        "new_lines": [{"box": [0, 0.8, 0.5, 0.9], "text": "fin"}],
    }
    after = client.patch(address(letter), sent, format="json").json()

    assert after["text"] == text_of(letter.pk) == "Une fuite\nfin"
    assert after["source"] == "person"
    assert [word["confidence"] for word in after["words"]] == [0.5, 1.0, 1.0]


def test_a_page_that_has_changed_since_is_a_conflict(letter: Letter, api_as: Caller) -> None:
    client = api_as("amina")
    seal = client.get(address(letter)).json()["seal"]
    client.patch(address(letter), {"seal": seal, "confirm": True}, format="json")
    again: dict[str, Any] = {"seal": seal, "words": [{"index": 0, "text": "Deux"}]}
    assert client.patch(address(letter), again, format="json").status_code == 409
    assert text_of(letter.pk) == "Une fuxte\nchez nous"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"seal": "x", "words": [{"index": -1, "text": "x"}]},
        {"words": [{"index": 99, "text": "x"}]},
        {"words": [{"index": 0, "text": "a\0b"}]},
        {"words": [{"index": 0, "text": "x" * 10_000}]},
        {"new_lines": [{"box": [0, 0, 2, 2], "text": "x"}]},
        {"new_lines": [{"box": [0, 0], "text": "x"}]},
        {"text": "   "},
    ],
)
def test_corrections_that_cannot_be_are_refused(
    letter: Letter, api_as: Caller, given: dict[str, Any]
) -> None:
    client = api_as("amina")
    seal = client.get(address(letter)).json()["seal"]
    sent = {"seal": seal, **given} if given else given
    assert client.patch(address(letter), sent, format="json").status_code == 400
    assert text_of(letter.pk) == "Une fuxte\nchez nous"


def test_a_department_reads_words_and_corrects_none(letter: Letter, api_as: Caller) -> None:
    client = api_as("badr")
    seal = client.get(address(letter)).json()["seal"]
    answer = client.patch(address(letter), {"seal": seal, "confirm": True}, format="json")
    assert answer.status_code == 403
    assert client.get(address(letter, 2)).status_code == 404
