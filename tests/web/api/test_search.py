"""Search over the API: suggestions, saved searches, exports, within the caller's rights."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from search.exports.models import Export
from search.saved.models import SavedSearch
from tests.factories import deposit, drain

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]


@pytest.fixture(autouse=True)
def _own_index(own_data_dir: Path, settings: Any) -> None:
    """An index and a folder of exports of the test's own."""
    settings.EXPORT_DIR = own_data_dir / "exports"


def test_suggestions_come_from_what_the_caller_reads(api_as: Caller) -> None:
    letter = deposit(subject="Zellige", departments=["EAU"]).letter
    drain("letter.index")
    found = api_as("badr").get("/api/v1/search/suggestions", {"q": "zell"}).json()["suggestions"]
    assert str(letter.pk) in [one["letter"] for one in found]
    assert api_as("chafik").get("/api/v1/search/suggestions", {"q": "zell"}).json() == {
        "suggestions": []
    }


def test_a_saved_search_is_kept_counted_changed_and_deleted(api_as: Caller) -> None:
    client = api_as("badr")
    made = client.post("/api/v1/saved-searches", {"name": "Zellige", "search": "q=zellige"}).json()
    assert made["search"] == "q=zellige"
    deposit(subject="Zellige", departments=["EAU"])
    deposit(subject="Zellige", departments=["SI"])
    drain("letter.index")
    where = f"/api/v1/saved-searches/{made['id']}"
    assert client.get(where).json()["new"] == 1
    assert client.patch(where, {"seen": True, "name": "Autre"}).json()["name"] == "Autre"
    assert client.get(where).json()["new"] == 0
    assert client.delete(where).status_code == 204
    assert client.get("/api/v1/saved-searches").json()["searches"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x", "search": ""},
        {"name": "x", "search": "colour=red"},
        {"name": "", "search": "q=a"},
        {"name": "x", "search": "q=a", "alert": "hourly"},
        {"name": "x", "search": "q=" + "a" * 3000},
    ],
)
def test_what_cannot_be_kept_is_said_by_field(api_as: Caller, body: dict[str, str]) -> None:
    answer = api_as("amina").post("/api/v1/saved-searches", body)
    assert answer.status_code == 400
    assert answer.json()["error"]["fields"]


@pytest.mark.parametrize(
    ("search", "name"),
    [
        ("rubbish=1", "rubbish"),
        ("q=fuite&depatment=EAU", "depatment"),
        ("fuite", "fuite"),
        ("after=yesterday", "after"),
        ("month=2026-3", "month"),
        ("order=oldest", "order"),
        ("overdue=perhaps", "overdue"),
        ("q=fuite&q=gaz", "q"),
        ("q=fuite&cursor=abc", "cursor"),
    ],
)
def test_a_search_that_says_what_is_not_known_is_neither_exported_nor_kept(
    api_as: Caller, search: str, name: str
) -> None:
    deposit(subject="Fuite")
    drain("letter.index")
    client = api_as("amina")
    for address, more in (("exports", {"format": "csv"}), ("saved-searches", {"name": "x"})):
        answer = client.post(f"/api/v1/{address}", {"search": search, **more}, format="json")
        assert answer.status_code == 400, answer.content
        assert f"search.{name}" in answer.json()["error"]["fields"]
    assert not Export.objects.exists()
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize("search", ["q=fuite&department=&overdue=false", "after=2026-01-01"])
def test_what_the_search_knows_is_taken(api_as: Caller, search: str) -> None:
    answer = api_as("amina").post("/api/v1/saved-searches", {"name": "x", "search": search})
    assert answer.status_code == 201, answer.content


def test_an_export_is_asked_for_and_fetched(api_as: Caller) -> None:
    own = deposit(subject="Zellige", departments=["EAU"]).letter
    other = deposit(subject="Zellige", departments=["SI"]).letter
    drain("letter.index")
    client = api_as("badr")
    made = client.post("/api/v1/exports", {"search": "q=zellige", "format": "csv"})
    assert made.status_code == 201
    where = f"/api/v1/exports/{made.json()['id']}"
    assert client.get(where).json()["state"] == "waiting"
    assert client.get(f"{where}/content").status_code == 404
    drain("search.export")
    assert client.get(where).json()["state"] == "ready"
    answer: Any = client.get(f"{where}/content")
    body = b"".join(answer.streaming_content)
    assert own.number.encode() in body
    assert other.number.encode() not in body
    assert api_as("chafik").get(f"{where}/content").status_code == 404
