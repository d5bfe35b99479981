"""Outgoing mail over the API: from the reply to the closed list, its proof, and what comes back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from correspondence.models.dispatch import Dispatch
from tests.factories import picture_bytes
from tests.web.desk.test_outgoing import HOME, sent, work

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]
URL = "/api/v1/outgoing"


def shown(client: APIClient, show: str) -> list[dict[str, Any]]:
    answer = client.get(URL, {"show": show})
    assert answer.status_code == 200, answer.content
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def test_a_registered_letter_from_its_number_to_its_acknowledgement(api_as: Caller) -> None:
    dispatch = sent("registered")
    amina, badr = api_as("amina"), api_as("badr")
    [row] = shown(amina, "registered")
    assert (row["id"], row["address"], row["list"]) == (str(dispatch.pk), HOME, None)
    assert badr.get(URL, {"show": "registered"}).status_code == 403
    line = amina.put(f"{URL}/{dispatch.pk}/line", {"tracking_number": "RR123456785MA"})
    assert line.json()["tracking_number"] == "RR123456785MA"
    assert amina.put(f"{URL}/{dispatch.pk}/line", {"tracking_number": "?"}).status_code == 403
    closed = amina.post("/api/v1/posting-lists", {"way": "registered"})
    assert (closed.status_code, closed.json()["count"]) == (201, 1)
    work()
    [listed] = amina.get("/api/v1/posting-lists").json()["results"]
    assert listed["drawn"]
    content: Any = amina.get(f"/api/v1/posting-lists/{listed['id']}/content")
    assert b"".join(content.streaming_content).startswith(b"%PDF")
    assert [r["id"] for r in shown(badr, "unacknowledged")] == [str(dispatch.pk)]
    assert badr.post(f"{URL}/{dispatch.pk}/acknowledge", {"on": "2999-01-01"}).status_code == 403
    today = str(timezone.localdate())
    done = badr.post(f"{URL}/{dispatch.pk}/acknowledge", {"on": today})
    assert done.json()["state"] == "delivered"
    again = badr.post(f"{URL}/{dispatch.pk}/acknowledge", {"on": today})
    assert again.status_code == 409


def test_taken_back_then_sent_another_way_then_handed_over(api_as: Caller) -> None:
    dispatch = sent("post")
    badr = api_as("badr")
    assert badr.post(f"{URL}/{dispatch.pk}/take_back").json()["problem"] == "taken_back"
    assert [r["id"] for r in shown(badr, "came_back")] == [str(dispatch.pk)]
    reply = f"/api/v1/replies/{dispatch.reply_id}"
    assert badr.post(f"{reply}/send", {"method": "portal"}).status_code == 200
    assert shown(badr, "came_back") == []
    assert badr.post(f"{reply}/ways", {"method": "handed_over"}).status_code == 200
    [row] = shown(badr, "counter")
    scan = SimpleUploadedFile("slip.png", picture_bytes("Signé"), content_type="image/png")
    address = f"{URL}/{row['id']}/hand_over"
    done = badr.post(address, {"name": "M. Alami", "signature": scan}, format="multipart")
    assert done.json()["state"] == "handed_over"
    assert Dispatch.objects.get(pk=row["id"]).proof["to"] == "M. Alami"


def test_an_answered_letter_is_taken_up_again(api_as: Caller) -> None:
    dispatch = sent("portal", address="")
    address = f"/api/v1/letters/{dispatch.reply.letter_id}/reopen"
    assert api_as("amina").post(address, {}).status_code == 400
    answer = api_as("amina").post(address, {"reason": "Le client rappelle"})
    assert (answer.status_code, answer.json()["stage"]) == (200, "in_hand")
    assert api_as("amina").post(address, {"reason": "Encore"}).status_code == 403


@pytest.mark.parametrize("show", ["", "everything"])
def test_an_unknown_list_is_an_error(api_as: Caller, show: str) -> None:
    assert api_as("amina").get(URL, {"show": show}).status_code == 400
