"""Notes over the API: only those that the caller sees, and only the author changes them."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from org.models import User
from registry.models.letters import Letter
from routing.assigning import giving
from routing.inbox import assignments
from routing.models.notes import Note
from tests.factories import department, deposit

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]


@pytest.fixture
def letter(amina: User, badr: User) -> Letter:
    """A letter that Badr of EAU has in hand."""
    found = deposit(actor=amina).letter
    row = giving.assign(found, department=department("EAU"), actor=amina)
    assignments.accept(row, actor=badr)
    return found


def write(client: APIClient, letter: Letter, **given: Any) -> Any:
    return client.post(f"/api/v1/letters/{letter.pk}/notes", given, format="json")


def texts(client: APIClient, letter: Letter) -> list[str]:
    answer = client.get(f"/api/v1/letters/{letter.pk}/notes")
    assert answer.status_code == 200
    return [note["text"] for note in answer.json()["notes"]]


def test_notes_are_seen_by_whom_they_are_for(api_as: Caller, letter: Letter) -> None:
    badr = api_as("badr")
    assert write(badr, letter, text="a", reach="mine").status_code == 201
    assert write(badr, letter, text="b", reach="department").json()["department"] == "EAU"
    made = write(badr, letter, text="c @dounia", reach="readers", named=["direction"]).json()
    assert sorted(made["named"]) == ["direction", "dounia"]
    assert texts(badr, letter) == ["c @dounia", "b", "a"]
    assert texts(api_as("dounia"), letter) == ["c @dounia", "b"]
    assert texts(api_as("direction"), letter) == ["c @dounia"]
    for who in ("chafik", "admin"):
        assert api_as(who).get(f"/api/v1/letters/{letter.pk}/notes").status_code == 404


def test_the_author_alone_changes_and_deletes(api_as: Caller, letter: Letter) -> None:
    badr = api_as("badr")
    private = write(badr, letter, text="a", reach="mine").json()["id"]
    public = write(badr, letter, text="b", reach="readers").json()["id"]
    for pk, status in ((private, 404), (public, 403)):
        answer = api_as("dounia").put(f"/api/v1/notes/{pk}", {"text": "x"}, format="json")
        assert answer.status_code == status
        assert api_as("dounia").delete(f"/api/v1/notes/{pk}").status_code == status
    changed = badr.put(f"/api/v1/notes/{public}", {"text": "d"}, format="json")
    assert (changed.status_code, changed.json()["text"]) == (200, "d")
    assert badr.delete(f"/api/v1/notes/{public}").status_code == 204
    assert texts(badr, letter) == ["a"]


def test_who_may_not_see_it_is_not_named(api_as: Caller, letter: Letter) -> None:
    answer = write(api_as("badr"), letter, text="a", reach="readers", named=["chafik"])
    assert answer.status_code == 403
    assert "chafik" in answer.json()["error"]["message"]
    assert not Note.objects.exists()
