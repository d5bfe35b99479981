"""Requests for services over the API: list, one, actions, messages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.eservices.office import opened

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]


def listed(client: APIClient, query: str = "") -> list[str]:
    """The numbers of a page."""
    answer = client.get(f"/api/v1/requests{query}")
    assert answer.status_code == 200, answer.content
    return [row["number"] for row in answer.json()["requests"]]


def test_the_list_is_paged_and_narrowed(api_as: Caller) -> None:
    numbers = [opened().letter.number for _ in range(3)]
    client = api_as("badr")
    assert listed(client) == numbers[::-1]
    first = client.get("/api/v1/requests?limit=2").json()
    further = {"limit": 2, "cursor": first["next_cursor"]}
    rest = client.get("/api/v1/requests", further).json()
    got = [row["number"] for row in [*first["requests"], *rest["requests"]]]
    assert got == numbers[::-1]
    assert rest["next_cursor"] == ""
    assert listed(client, "?service=complaint_water&stage=received") == numbers[::-1]
    assert listed(client, "?service=enquiry") == []
    assert listed(client, "?late=true") == []
    assert listed(api_as("chafik")) == []
    assert client.get("/api/v1/requests?colour=red").status_code == 400


def test_one_is_shown_whole(api_as: Caller) -> None:
    request = opened()
    told = api_as("badr").get(f"/api/v1/requests/{request.pk}").json()
    assert told["answers"]["problem"] == "leak"
    assert told["stage"] == "received"
    assert [one["name"] for one in told["actions"]][:1] == ["triage"]
    assert told["documents"][0]["role"] == "main"
    assert told["due_on"]


def test_an_action_moves_it_on_and_a_stale_one_conflicts(api_as: Caller) -> None:
    request, client = opened(), api_as("badr")
    address = f"/api/v1/requests/{request.pk}/actions/triage"
    answer = client.post(address, {"stage": "received"}, format="json")
    assert answer.status_code == 200
    assert answer.json()["stage"] == "triage"
    assert client.post(address, {"stage": "received"}, format="json").status_code == 409
    missing = client.post(f"/api/v1/requests/{request.pk}/actions/no_action", {}, format="json")
    assert missing.status_code == 403
    assert missing.json()["error"]["message"]
    said = {"reason": "Déjà réparé"}
    ended = client.post(f"/api/v1/requests/{request.pk}/actions/no_action", said, format="json")
    assert ended.json()["outcome"] == "no_action"


def test_a_message_comes_with_files(api_as: Caller) -> None:
    request, client = opened(), api_as("badr")
    address = f"/api/v1/requests/{request.pk}/messages"
    assert client.post(address, {"text": ""}, format="json").status_code == 400
    answer = client.post(address, {"text": "Nous passons demain."}, format="json")
    assert answer.status_code == 201
    assert answer.json()["from_citizen"] is False
    assert api_as("chafik").post(address, {"text": "x"}, format="json").status_code == 404


def test_the_list_costs_the_same_queries_for_many(api_as: Caller) -> None:
    client = api_as("badr")
    opened()
    listed(client)
    with CaptureQueriesContext(connection) as few:
        listed(client)
    for _one in range(4):
        opened()
    with CaptureQueriesContext(connection) as many:
        listed(client)
    assert len(many) == len(few), [row["sql"][:90] for row in many]


def test_the_schema_describes_them(api_as: Caller) -> None:
    told: dict[str, Any] = api_as("badr").get("/api/schema/?format=json").json()
    assert "/api/v1/requests/{request_id}/actions/{action}" in told["paths"]
