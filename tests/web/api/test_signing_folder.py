"""The signing folder over the API: what waits, the paper, several visas at once."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from correspondence.models.replies import Reply
from correspondence.models.steps import ReplyStep
from correspondence.replies import circuit as replies_circuit
from correspondence.replies import drafting
from org.models import User
from routing.assigning import giving
from routing.inbox import assignments
from tests.correspondence.circuits import circuit, fresh
from tests.factories import department, deposit

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(amina: User, badr: User) -> list[Reply]:
    """Three replies of Badr's for Dounia's visa and the director's signature, the oldest first."""
    circuit()
    letter = deposit(actor=amina, subject="Fuite").letter
    assignment = giving.assign(letter, department=department("EAU"), actor=amina)
    assignments.accept(assignment, actor=badr)
    made = [
        drafting.draft_reply(letter, actor=badr, subject=f"Réponse {n}", body="Réparée.")
        for n in range(3)
    ]
    return [fresh(replies_circuit.submit_reply(reply, actor=badr)) for reply in made]


def step_of(reply: Reply) -> ReplyStep:
    return ReplyStep.objects.get(reply=reply, act="visa")


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_folder_over_the_api(
    three: list[Reply], api_as: Callable[[str], APIClient], dounia: User
) -> None:
    api = api_as("dounia")
    told = api.get("/api/v1/signing-folder?limit=2").json()
    assert [row["subject"] for row in told["waiting"]] == ["Réponse 0", "Réponse 1"]
    assert told["waiting"][0]["number"] == three[0].home.number
    rest = api.get("/api/v1/signing-folder", {"cursor": told["next_cursor"]}).json()
    assert [row["act"] for row in rest["waiting"]] == ["visa"]
    paper = api.get(f"/api/v1/replies/{three[0].pk}/paper")
    assert content(paper).startswith(b"%PDF")
    replies_circuit.approve_reply(three[1], actor=dounia)
    steps = [str(step_of(reply).pk) for reply in three]
    unknown = "00000000-0000-4000-8000-000000000000"
    done = api.post("/api/v1/signing-folder/visas", {"steps": [*steps, unknown]}, format="json")
    assert done.json()["given"] == [steps[0], steps[2]]
    assert [row["step"] for row in done.json()["refused"]] == [steps[1]]
    assert done.json()["unknown"] == [unknown]
