"""Work orders and field entries over the API."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from eservices.relations.models import Team, WorkOrder
from tests.eservices.relations.field import ordered, team
from tests.factories import person, picture_bytes

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]


def _entry(kind: str, **data: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "kind": kind,
        "made_at": timezone.now().isoformat(),
        "data": data,
    }


def test_an_order_is_made_listed_and_shown(api_as: Caller) -> None:
    crew, client = team(), api_as("dounia")
    today = timezone.localdate().isoformat()
    given = {"team": crew.code, "planned_on": today, "what": "Réparer", "checklist": ["Couper"]}
    made = client.post("/api/v1/work-orders", given, format="json")
    assert made.status_code == 201, made.content
    found = client.get(f"/api/v1/work-orders?team={crew.code}&day={today}&state=planned").json()
    assert [row["number"] for row in found["work_orders"]] == [made.json()["number"]]
    assert found["next_cursor"] == ""
    one = client.get(f"/api/v1/work-orders/{made.json()['id']}").json()
    assert one["checklist"] == [{"code": "1", "label": "Couper", "done": False}]
    past = given | {"planned_on": "2020-01-01"}
    refused = client.post("/api/v1/work-orders", past, format="json")
    assert refused.status_code == 400
    assert "planned_on" in refused.json()["error"]["fields"]
    for wrong in ({"team": "NIL"}, {"request": str(uuid.uuid4())}, {"what": ""}, {"odd": 1}):
        assert client.post("/api/v1/work-orders", given | wrong, format="json").status_code == 400
    assert api_as("chafik").get("/api/v1/work-orders").json()["work_orders"] == []


def test_pages_follow_one_another(api_as: Caller) -> None:
    crew = team()
    made = {str(ordered(crew).pk) for _ in range(5)}
    seen: list[str] = []
    address = "/api/v1/work-orders?limit=2"
    cursor = ""
    for _ in range(3):
        page = api_as("amina").get(f"{address}&cursor={cursor}" if cursor else address).json()
        seen += [row["id"] for row in page["work_orders"]]
        cursor = page["next_cursor"]
    assert set(seen) == made
    assert len(seen) == 5
    assert cursor == ""


def test_an_entry_is_taken_once_and_a_photo_comes_as_a_form(api_as: Caller) -> None:
    order, client = ordered(), api_as("badr")
    address = f"/api/v1/work-orders/{order.pk}/entries"
    entry = _entry("check", code="1", done=True)
    first, again = (client.post(address, entry, format="json") for _ in range(2))
    assert first.status_code == again.status_code == 200, first.content
    assert (first.json()["new"], again.json()["new"]) == (True, False)
    assert first.json()["work_order"]["checklist"][0]["done"]
    photo = SimpleUploadedFile("photo.jpg", picture_bytes(form="JPEG"), "image/jpeg")
    form = _entry("photo") | {"data": '{"caption": "avant"}', "file": photo}
    assert client.post(address, form, format="multipart").json()["new"]
    taken = order.entries.get(kind="photo")
    assert taken.data == {"caption": "avant"}
    assert taken.by == person("badr")
    end = client.post(address, _entry("end", done=True, remark=""), format="json").json()
    assert end["work_order"]["state"] == "done"
    assert client.post(address, _entry("index", value="x"), format="json").status_code == 400
    assert client.post(address, _entry("photo"), format="json").status_code == 400
    assert WorkOrder.objects.get(pk=order.pk).state == "done"


def test_an_order_is_moved_and_cancelled(api_as: Caller) -> None:
    order, client = ordered(), api_as("dounia")
    address = f"/api/v1/work-orders/{order.pk}"
    crew = Team.objects.create(code="EAU-77", department=order.team.department)
    day = (timezone.localdate() + timedelta(days=2)).isoformat()
    move = {"planned_on": day, "team": crew.code, "slot": "8-10"}
    moved = client.post(f"{address}/move", move, format="json")
    assert moved.status_code == 200, moved.content
    told = moved.json()
    assert (told["planned_on"], told["team"], told["slot"]) == (day, crew.code, "8-10")
    for wrong in ({"planned_on": "2001-01-01"}, {"planned_on": day, "team": "XX"}, {}):
        assert client.post(f"{address}/move", wrong, format="json").status_code == 400
    assert (
        api_as("chafik").post(f"{address}/cancel", {"why": "x"}, format="json").status_code == 404
    )
    assert client.post(f"{address}/cancel", {"why": " "}, format="json").status_code == 400
    cancelled = client.post(f"{address}/cancel", {"why": "Doublon"}, format="json")
    assert (cancelled.json()["state"], cancelled.json()["outcome"]) == ("cancelled", "Doublon")
    assert client.post(f"{address}/move", move, format="json").status_code == 409


def test_teams_are_listed(api_as: Caller) -> None:
    crew = team()
    rows = api_as("badr").get("/api/v1/teams").json()["teams"]
    assert {row["code"]: row["members"] for row in rows}[crew.code] == ["badr"]
