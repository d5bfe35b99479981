"""Opinions, giving to several, papers and absences over the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from channels.batch.marks import STICKER, Mark, code_of
from org.models import User
from routing.assigning import giving
from routing.inbox import assignments
from tests.factories import department, deposit

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]


def post(client: APIClient, path: str, **body: Any) -> Any:
    return client.post(f"/api/v1/{path}", body, format="json")


def test_an_opinion_is_asked_and_answered(api_as: Caller, amina: User, badr: User) -> None:
    letter = deposit(actor=amina).letter
    row = giving.assign(letter, department=department("EAU"), actor=amina)
    assignments.accept(row, actor=badr)
    asked = post(
        api_as("badr"), f"letters/{letter.pk}/opinions",
        asked=[{"department": "SI", "person": "chafik"}], question="Avis ?", in_turn=True,
    )  # fmt: skip
    assert asked.status_code == 201
    (opinion,) = asked.json()["opinions"]
    assert (opinion["state"], opinion["asked_for"], opinion["person"]) == ("open", "EAU", "chafik")
    given = post(api_as("chafik"), f"opinions/{opinion['id']}/answer", answer="Favorable")
    assert given.json()["answer"] == "Favorable"
    again = post(api_as("badr"), f"opinions/{opinion['id']}/withdraw")
    assert again.status_code == 409


def test_a_letter_goes_to_several_or_in_parts_and_has_somebody_in_charge(
    api_as: Caller, amina: User
) -> None:
    letter, other = deposit(actor=amina).letter, deposit(actor=amina).letter
    given = post(
        api_as("amina"), f"letters/{letter.pk}/assignments",
        to=[{"department": "EAU"}, {"department": "SI", "role": "copy"}],
    )  # fmt: skip
    assert [a["role"] for a in given.json()["assignments"]] == ["action", "copy"]
    assert post(api_as("amina"), f"letters/{letter.pk}/assignments").status_code == 403
    parts = [{"department": "EAU", "matter": "a"}, {"department": "COM", "matter": "b"}]
    assert post(api_as("amina"), f"letters/{other.pk}/split", parts=parts).status_code == 201
    row = given.json()["assignments"][0]
    path = f"/api/v1/assignments/{row['id']}/person"
    named = api_as("dounia").put(path, {"person": "badr"}, format="json")
    assert named.json()["person"] == "badr"
    assert api_as("badr").put(path, {"person": "dounia"}, format="json").status_code == 403
    assert api_as("dounia").put(path, {"person": "x"}, format="json").status_code == 400


def test_a_paper_is_handed_over(api_as: Caller, amina: User, badr: User) -> None:
    letter = deposit(actor=amina).letter
    giving.assign(letter, department=department("EAU"), actor=amina)
    path = f"letters/{letter.pk}/custody"
    post(api_as("amina"), path, what="department", department="EAU")
    (stage,) = post(api_as("badr"), path, what="take").json()["custody"]
    assert (stage["department"], stage["confirmed_by"]) == ("EAU", "badr")
    assert post(api_as("badr"), path, what="person").status_code == 403
    way = post(api_as("badr"), path, what="box", box="A-1").json()["custody"]
    assert [one["current"] for one in way] == [False, True]
    free = code_of(Mark(STICKER, "K7MPQ2R4T"))
    put = post(api_as("badr"), path, what="sticker", code=free)
    assert put.json()["stickers"] == ["K7MPQ2R4T"]
    assert post(api_as("badr"), path, what="sticker", code=free).status_code == 403
    assert post(api_as("chafik"), path, what="sticker", code=free).status_code == 404


def test_an_absence_is_announced_and_ended(api_as: Caller) -> None:
    today = timezone.localdate().isoformat()
    days = {"starts_on": today, "ends_on": today}
    made = post(api_as("dounia"), "absences", delegate="chafik", **days)
    assert made.status_code == 201
    bad = post(api_as("dounia"), "absences", delegate="badr", **days)
    assert (bad.status_code, list(bad.json()["error"]["fields"])) == (400, ["delegate"])
    assert post(api_as("dounia"), "absences", delegate="nobody", **days).status_code == 400
    seen = api_as("chafik").get("/api/v1/absences").json()["absences"]
    assert [one["person"] for one in seen] == ["dounia"]
    path = f"absences/{made.json()['id']}/end"
    assert post(api_as("chafik"), path).status_code == 404
    assert post(api_as("dounia"), path).json()["ended_at"]
    assert post(api_as("dounia"), path).status_code == 403
