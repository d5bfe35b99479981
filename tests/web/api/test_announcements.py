"""Announcements over the API and by command: made, listed, withdrawn, refused by field."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db
URL = "/api/v1/announcements"
Api = Callable[[str], APIClient]


def words(**more: Any) -> dict[str, Any]:
    today = timezone.localdate().isoformat()
    given = {"words_ar": "المكتب مغلق", "words_fr": "Bureau fermé", "first_day": today}
    return {**given, "last_day": today, **more}


def home() -> str:
    return Client(headers={"accept-language": "fr"}).get("/portal/").content.decode()


def test_it_is_made_listed_and_withdrawn(api_as: Api) -> None:
    client = api_as("admin")
    made = client.post(URL, words(urgent=True), format="json")
    assert made.status_code == 201, made.content
    assert (made.json()["made_by"], made.json()["words_en"]) == ("admin", "")
    assert "Bureau fermé" in home()
    assert client.get(URL).json() == {"announcements": [made.json()], "next_cursor": ""}

    one = f"{URL}/{made.json()['id']}"
    assert client.delete(one).status_code == 204
    assert "Bureau fermé" not in home()
    assert client.delete(one).status_code == 409
    assert client.delete(f"{URL}/999").status_code == 404
    assert client.get(URL).json()["announcements"][0]["withdrawn_at"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"words_ar": " "}, "words_ar"),
        ({"last_day": "2020-01-01"}, "last_day"),
        ({"first_day": "tomorrow"}, "first_day"),
        ({"words_fr": "x" * 601}, "words_fr"),
        ({"word": "x"}, "word"),
    ],
)
def test_what_is_wrong_is_refused_by_its_field(api_as: Api, more: Any, field: str) -> None:
    answer = api_as("admin").post(URL, words(**more), format="json")
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, [field])


def test_others_do_not_announce(api_as: Api) -> None:
    for name in ("amina", "badr"):
        assert api_as(name).post(URL, words(), format="json").status_code == 403
        assert api_as(name).get(URL).status_code == 403


def test_a_command_makes_lists_and_withdraws(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("announcements", make=True, fr="Bureau fermé", ar="المكتب مغلق")
    made = json.loads(capsys.readouterr().out)
    assert "Bureau fermé" in home()
    call_command("announcements", withdraw=made["id"])
    assert "Bureau fermé" not in home()
    call_command("announcements")
    assert json.loads(capsys.readouterr().out)["withdrawn"] is True
    mistakes: list[dict[str, Any]] = [
        {"make": True, "fr": "x"},
        {"make": True, "fr": "x", "ar": "y", "first": "z"},
        {"withdraw": made["id"]},
        {"actor": "nobody"},
    ]
    for wrong in mistakes:
        with pytest.raises(CommandError) as refused:
            call_command("announcements", **wrong)
        assert refused.value.returncode == 2
