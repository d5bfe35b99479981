"""Rules over the API: written by administrators, seen by auditors and the director, tried."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from org.models import User
from registry.models.events import LetterEvent
from routing.models.rules import RoutingRule
from tests.factories import deposit
from web.api import rule_shapes as shapes

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]
URL = "/api/v1/rules"


def rule(title: str = "Leaks", **given: Any) -> dict[str, Any]:
    conditions = [{"field": "words", "value": "fuite"}]
    return {"title": title, "conditions": conditions, "department": "EAU", **given}


def test_a_rule_is_written_seen_and_changed(api_as: Caller) -> None:
    client = api_as("admin")
    made = client.post(URL, rule(automatic=True, copies=["DG"]), format="json")
    assert made.status_code == 201
    assert set(made.json()) == set(shapes.RuleOut().fields)
    url = f"{URL}/{made.json()['id']}"
    changed = client.patch(url, {"version": 1, "department": "COM"}, format="json")
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert (changed.json()["department"], changed.json()["copies"]) == ("COM", ["DG"])
    late = client.patch(url, {"version": 1, "title": "x"}, format="json")
    assert (late.status_code, late.json()["error"]["code"]) == (409, "moved_on")
    assert client.patch(url, {"title": "x"}, format="json").status_code == 400
    for username in ("audit", "direction"):
        assert api_as(username).get(url).json()["title"] == "Leaks"
        assert api_as(username).post(URL, rule("x"), format="json").status_code == 403
        assert api_as(username).patch(url, {"version": 2}, format="json").status_code == 403
    assert client.get(f"{URL}/999").status_code == 404


def test_what_makes_no_rule_is_told_by_field(api_as: Caller) -> None:
    client = api_as("admin")
    for given, field in (
        (rule(conditions=[]), "conditions"),
        (rule(conditions=[{"field": "amount", "value": "x"}]), "conditions.0"),
        (rule(department="NOPE"), "department"),
        (rule(copies=["DG"]), "automatic"),
    ):
        answer = client.post(URL, given, format="json")
        assert answer.status_code == 400
        assert field in answer.json()["error"]["fields"], answer.json()
    assert not RoutingRule.objects.exists()


def test_rules_are_put_in_order_at_once(api_as: Caller) -> None:
    client = api_as("admin")
    ids = [client.post(URL, rule(t), format="json").json()["id"] for t in "abc"]
    client.post(URL, rule("first", place=0), format="json")
    titles = [one["title"] for one in client.get(URL).json()["rules"]]
    assert titles == ["first", "a", "b", "c"]
    assert client.put(f"{URL}/order", {"rules": ids}, format="json").status_code == 409
    first = RoutingRule.objects.get(title="first").pk
    answer = client.put(f"{URL}/order", {"rules": [*reversed(ids), first]}, format="json")
    assert [one["title"] for one in answer.json()["rules"]] == ["c", "b", "a", "first"]


def test_a_dry_run_tells_figures_and_only_the_letters_of_the_viewer(
    api_as: Caller, amina: User
) -> None:
    letter = deposit(actor=amina, subject="Fuite").letter
    events = LetterEvent.objects.count()
    client = api_as("admin")
    made = client.post(f"{URL}/trials", {"draft": rule(automatic=True)}, format="json")
    assert made.status_code == 201
    told = made.json()
    assert set(told) == set(shapes.RuleTrialOut().fields)
    assert (told["figures"]["matched"], told["letters"]) == (1, [])
    seen = api_as("direction").get(f"{URL}/trials/{told['id']}?verdict=other").json()
    assert set(seen["letters"][0]) == set(shapes.TrialLetterOut().fields)
    assert seen["letters"][0]["number"] == letter.number
    assert (LetterEvent.objects.count(), RoutingRule.objects.count()) == (events, 0)
    assert client.post(f"{URL}/trials", {}, format="json").status_code == 400
    assert client.get(f"{URL}/trials/{told['id']}?wrong=1").status_code == 400
    refused = api_as("audit").post(f"{URL}/trials", {"draft": rule()}, format="json")
    assert refused.status_code == 403
