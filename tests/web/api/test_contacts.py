"""The directory over the API: matched, made, changed, merged and linked."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from registry.models.contacts import ContactView
from tests.factories import deposit, person
from tests.registry.contacts import contact
from web.api import contact_shapes as shapes

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]
URL = "/api/v1/contacts"


def fields(shape: Any) -> set[str]:
    return set(shape().fields)


def test_a_contact_is_made_found_and_matched(api_as: Caller) -> None:
    client = api_as("amina")
    points = [{"kind": "phone", "value": "06 12 34 56 78"}]
    given = {"name": "محمد العلوي", "language": "ar", "points": points}

    made = client.post(URL, given, format="json").json()
    found = client.get(URL, {"q": "Mohamed Alaoui"}).json()
    matches = client.get(
        f"{URL}/matches", {"name": "Mohamed Alaoui", "phone": "+212612345678"}
    ).json()["matches"]

    assert set(made) == fields(shapes.ContactOut)
    assert set(made["points"][0]) == fields(shapes.PointOut)
    assert [row["id"] for row in found["contacts"]] == [made["id"]]
    assert set(found["contacts"][0]) == fields(shapes.ContactRow)
    assert set(matches[0]) == fields(shapes.MatchOut)
    assert matches[0]["automatic"] is True
    assert matches[0]["contact"]["id"] == made["id"]


def test_a_bad_point_is_named_and_nothing_is_made(api_as: Caller) -> None:
    client = api_as("amina")
    given = {"name": "Karim Tahiri", "points": [{"kind": "email", "value": "nobody"}]}

    answer = client.post(URL, given, format="json")

    assert answer.status_code == 400
    assert "email" in answer.json()["error"]["fields"]
    assert client.get(URL).json()["contacts"] == []


def test_a_change_from_an_old_version_is_refused(api_as: Caller) -> None:
    client, row = api_as("amina"), contact()
    change = {"version": 1, "name": "Karim Tahiri"}

    assert client.patch(f"{URL}/{row.pk}", change, format="json").status_code == 200
    change["name"] = "Omar Tazi"
    assert client.patch(f"{URL}/{row.pk}", change, format="json").status_code == 409


def test_a_merge_is_done_and_undone_once(api_as: Caller) -> None:
    client, row, other = api_as("admin"), contact(), contact(phone="0612345678")

    merge = client.post(f"{URL}/{row.pk}/merges", {"loser": other.pk}, format="json").json()

    assert set(merge) == fields(shapes.MergeOut)
    assert client.get(f"{URL}/{other.pk}").json()["id"] == row.pk
    undo = f"/api/v1/contact-merges/{merge['id']}/undo"
    assert client.post(undo).status_code == 200
    assert client.post(undo).status_code == 409
    assert client.get(f"{URL}/{other.pk}").json()["id"] == other.pk


def test_a_contact_cannot_become_itself(api_as: Caller) -> None:
    row = contact()

    answer = api_as("amina").post(f"{URL}/{row.pk}/merges", {"loser": row.pk}, format="json")

    assert answer.status_code == 409


def test_a_letter_is_linked_and_its_department_sees_the_contact(api_as: Caller) -> None:
    letter = deposit(actor=person("amina"), departments=["EAU"]).letter
    row = contact()
    address = f"/api/v1/letters/{letter.pk}/contact"

    assert api_as("badr").get(f"{URL}/{row.pk}").status_code == 404
    assert api_as("amina").put(address, {"contact": row.pk}, format="json").status_code == 200
    seen = api_as("badr").get(f"{URL}/{row.pk}")

    assert seen.status_code == 200
    assert seen.json()["notes"] == ""
    assert ContactView.objects.filter(contact=row, person__username="badr").exists()
    assert api_as("badr").delete(address).status_code == 403
    assert api_as("amina").delete(address).status_code == 204
    assert api_as("badr").get(f"{URL}/{row.pk}").status_code == 404


def test_the_list_goes_on_by_its_cursor(api_as: Caller) -> None:
    made = [contact(f"Tahiri {letter}").pk for letter in "abcde"]
    client = api_as("audit")

    first = client.get(URL, {"limit": 3}).json()
    rest = client.get(URL, {"limit": 3, "cursor": first["next_cursor"]}).json()

    assert [row["id"] for row in first["contacts"] + rest["contacts"]] == made
    assert rest["next_cursor"] == ""
