"""Replies, drafts, mailings and notes over the API are made once under one Idempotency-Key."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from correspondence.models.drafts import Mailing
from correspondence.models.replies import Reply
from org.models import User
from registry.models.letters import Letter
from routing.assigning import giving
from routing.inbox import assignments
from routing.models.notes import Note
from tests.factories import department, deposit

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]
TO = [{"name": "Commune de Salé", "email": "bo@sale.example"}]
BODIES: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "replies": (Reply, "letters/{letter}/replies", {"subject": "Fuite", "body": "Réparée."}),
    "notes": (Note, "letters/{letter}/notes", {"text": "Vu sur place.", "reach": "readers"}),
    "drafts": (
        Reply,
        "drafts",
        {"department": "EAU", "subject": "Coupure", "body": "Le 4 mars.", "addressees": TO},
    ),
    "mailings": (
        Mailing,
        "mailings",
        {"department": "EAU", "subject": "Coupure", "body": "Le 4 mars.", "addressees": TO},
    ),
}


@pytest.fixture
def letter(amina: User, badr: User) -> Letter:
    """A letter that Badr of EAU has in hand."""
    found = deposit(actor=amina).letter
    row = giving.assign(found, department=department("EAU"), actor=amina)
    assignments.accept(row, actor=badr)
    return found


def post(client: APIClient, place: str, body: dict[str, Any], key: str | None) -> Any:
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post(f"/api/v1/{place}", body, format="json", headers=headers)


@pytest.mark.parametrize("what", BODIES)
def test_the_same_call_under_one_key_is_made_once(
    api_as: Caller, letter: Letter, what: str
) -> None:
    model, place, body = BODIES[what]
    badr, place = api_as("badr"), place.format(letter=letter.pk)
    first, again = post(badr, place, body, "a-7"), post(badr, place, body, "a-7")
    assert first.status_code == again.status_code
    assert first.status_code in (201, 202)
    assert first.json()["id"] == again.json()["id"]
    assert model.objects.count() == 1

    other = post(badr, place, {**body, next(iter({"text", "body"} & body.keys())): "B"}, "a-7")
    keyless = post(badr, place, body, None)
    assert len({first.json()["id"], other.json()["id"], keyless.json()["id"]}) == 3


def test_the_key_of_another_makes_ones_own(api_as: Caller, letter: Letter) -> None:
    _model, place, body = BODIES["notes"]
    for name in ("badr", "amina"):
        assert post(api_as(name), place.format(letter=letter.pk), body, "a-7").status_code == 201
    assert Note.objects.count() == 2


def test_a_key_that_is_too_long_is_refused(api_as: Caller, letter: Letter) -> None:
    _model, place, body = BODIES["notes"]
    refused = post(api_as("badr"), place.format(letter=letter.pk), body, "k" * 201)
    assert refused.status_code == 400
    assert "Idempotency-Key" in refused.json()["error"]["fields"]
    assert not Note.objects.exists()
