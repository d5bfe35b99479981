"""Requests for services over the API: list, one, actions, messages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from org.models import User
from tests.eservices.office import opened
from tests.eservices.requests.test_works import LINES, file_in, head, later

pytestmark = pytest.mark.django_db
__all__ = ["head"]  # a fixture
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


def test_the_schema_describes_them(schema: dict[str, Any]) -> None:
    assert "/api/v1/requests/{request_id}/actions/{action}" in schema["paths"]


def test_quotations_meetings_and_acceptances_over_the_api(api_as: Caller, head: User) -> None:
    client = api_as("hanane")
    row = file_in("quotation")
    base = f"/api/v1/requests/{row.pk}"
    wrong = {"lines": [{**LINES[0], "price": "dix"}], "valid_until": str(later())}
    answer = client.post(f"{base}/quotations", wrong, format="json")
    assert answer.status_code == 400
    assert "dix" in answer.content.decode()
    answer = client.post(f"{base}/quotations", {**wrong, "lines": LINES}, format="json")
    assert answer.status_code == 201, answer.content
    assert (answer.json()["total"], answer.json()["state"]) == ("241.20", "sent")
    decision = {"decision": "accept", "remark": "Lettre du jour"}
    answer = client.post(f"{base}/quotations/1/decision", decision, format="json")
    assert answer.json()["state"] == "accepted", answer.content
    assert client.post(f"{base}/quotations/1/decision", decision).status_code == 409
    assert len(client.get(f"{base}/quotations").json()["quotations"]) == 1
    meeting = {"held_on": str(later(0)), "minutes": "PV"}
    assert client.post(f"{base}/meetings", meeting, format="json").status_code == 201
    assert client.get(f"{base}/meetings").json()["meetings"][0]["minutes"] == "PV"
    opened_ones = client.post(f"{base}/children", {"trades": ["water"]}, format="json")
    assert [one["trade"] for one in opened_ones.json()["children"]] == ["water"]
    final = f"/api/v1/requests/{file_in('final_acceptance').pk}"
    given = {"kind": "final", "on": str(later(0)), "reserves": [{"text": "Regard"}]}
    made = client.post(f"{final}/acceptances", given, format="json")
    assert made.status_code == 201, made.content
    lift = f"{final}/reserves/{made.json()['reserves'][0]['id']}/lift"
    assert client.post(lift, {}, format="json").json()["lifted_at"]
    assert client.post(lift, {}, format="json").status_code == 409
    assert client.get(f"{final}/acceptances").json()["acceptances"][0]["kind"] == "final"
    assert api_as("chafik").get(f"{base}/quotations").status_code == 404
