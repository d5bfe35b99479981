"""ETag and If-Match: what somebody changed meanwhile is not overwritten unseen."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from correspondence.replies import drafting
from registry.models.letters import Letter
from routing.assigning import giving
from routing.inbox import assignments
from routing.notes import writing
from search.address.request import SearchRequest
from search.saved.searches import save_search
from tests.factories import department, deposit, person
from tests.registry.contacts import contact
from tests.web.undone import each

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]


@pytest.fixture
def places() -> dict[str, tuple[str, str, str, dict[str, Any]]]:
    """Who overwrites what: user name, address, method and words of a change that is possible."""
    amina, badr = person("amina"), person("badr")
    letter = deposit(actor=amina, subject="Fuite").letter
    assignment = giving.assign(letter, department=department("EAU"), actor=amina)
    assignments.accept(assignment, actor=badr)
    reply = drafting.draft_reply(letter, actor=badr, subject="Re", body="Bonjour")
    note = writing.write_note(letter, author=badr, text="Vu", reach="readers")
    search = save_search(person=amina, name="Fuites", asked=SearchRequest(words="fuite"))

    def at(name: str, **ids: Any) -> str:
        return reverse(f"api:{name}", kwargs=ids)

    return {
        "reply": ("badr", at("reply", reply_id=reply.pk), "put", {"body": "Cher Monsieur"}),
        "note": ("badr", at("note", note_id=note.pk), "put", {"text": "Revu"}),
        "contact": (
            "amina",
            at("contact", contact_id=contact().pk),
            "patch",
            {"name": "Karim Tahiri", "version": 1},
        ),
        "search": ("amina", at("saved_search", search_id=search.pk), "patch", {"name": "Eau"}),
    }


def test_the_first_change_passes_and_the_second_is_stale(
    api_as: Caller, places: dict[str, tuple[str, str, str, dict[str, Any]]]
) -> None:
    def attempt(name: str) -> None:
        who, address, method, words = places[name]
        client = api_as(who)
        seen = client.get(address).headers["ETag"]
        assert client.get(address).headers["ETag"] == seen
        change = getattr(client, method)
        first = change(address, words, format="json", headers={"If-Match": seen})
        assert first.status_code == 200, first.content
        assert first.headers["ETag"] == client.get(address).headers["ETag"] != seen
        second = change(address, words, format="json", headers={"If-Match": seen})
        assert second.status_code == 412
        assert second.json()["error"]["code"] == "stale"
        assert second.json()["error"]["message"]

    each(list(places), attempt)


def test_without_the_header_or_with_a_star_all_is_as_ever(
    api_as: Caller, places: dict[str, tuple[str, str, str, dict[str, Any]]]
) -> None:
    _who, address, _method, words = places["reply"]
    badr = api_as("badr")
    assert badr.put(address, words, format="json").status_code == 200
    starred = badr.put(address, words, format="json", headers={"If-Match": "*"})
    assert starred.status_code == 200


def test_a_verb_asks_for_the_letter_that_was_seen(api_as: Caller) -> None:
    amina = api_as("amina")
    letter = deposit(actor=person("amina")).letter
    address = f"/api/v1/letters/{letter.pk}"
    seen = amina.get(address).headers["ETag"]
    assert amina.post(f"{address}/assign", {"department": "EAU"}).status_code == 201
    stale = amina.post(f"{address}/assign", {"department": "SI"}, headers={"If-Match": seen})
    assert stale.status_code == 412
    assert Letter.objects.get(pk=letter.pk).assignments.count() == 1
    seen = amina.get(address).headers["ETag"]
    weakened = f'"other", W/{seen}'  # as a proxy that compresses answers passes it on
    passed = amina.post(f"{address}/assign", {"department": "SI"}, headers={"If-Match": weakened})
    assert passed.status_code == 201


def test_what_a_verb_refuses_leaves_nothing_behind(api_as: Caller) -> None:
    amina = api_as("amina")
    letter = deposit(actor=person("amina")).letter
    address = f"/api/v1/letters/{letter.pk}"
    seen = amina.get(address).headers["ETag"]
    refused = amina.post(f"{address}/reopen", {"reason": "Encore"}, headers={"If-Match": seen})
    assert refused.status_code in {403, 409}
    assert amina.get(address).headers["ETag"] == seen


def test_the_order_of_rules_is_not_overwritten_unseen(api_as: Caller) -> None:
    admin = api_as("admin")
    listed = admin.get("/api/v1/rules")
    ids = [rule["id"] for rule in listed.json()["rules"]]
    order = {"rules": list(reversed(ids))}
    seen = {"If-Match": listed.headers["ETag"]}
    assert admin.put("/api/v1/rules/order", order, headers=seen).status_code == 200
    if len(ids) > 1:
        assert admin.put("/api/v1/rules/order", order, headers=seen).status_code == 412


def test_the_document_says_so(schema: Any) -> None:
    paths = schema["paths"]
    edit = paths["/api/v1/replies/{reply_id}"]["put"]
    assert "If-Match" in {told["name"] for told in edit["parameters"]}
    assert "412" in edit["responses"]
    read = paths["/api/v1/replies/{reply_id}"]["get"]
    assert "ETag" in read["responses"]["200"]["headers"]


def test_errors_are_problems_for_those_who_ask_for_them(api_as: Caller) -> None:
    nowhere = "/api/v1/letters/00000000-0000-4000-8000-000000000000"
    accepted = {"Accept": "application/json, application/problem+json"}
    told = api_as("amina").get(nowhere, headers=accepted)
    assert told.headers["Content-Type"] == "application/problem+json"
    problem = told.json()
    assert (problem["type"], problem["status"], problem["title"]) == (
        "about:blank",
        404,
        "Not Found",
    )
    assert problem["detail"] == problem["error"]["message"]
    assert problem["code"] == problem["error"]["code"] == "not_found"
    plain = api_as("amina").get(nowhere)
    assert plain.headers["Content-Type"] == "application/json"
    assert set(plain.json()) == {"error"}
    fine = api_as("amina").get("/api/v1/me", headers={"Accept": "application/problem+json"})
    assert (fine.status_code, fine.headers["Content-Type"]) == (200, "application/json")
