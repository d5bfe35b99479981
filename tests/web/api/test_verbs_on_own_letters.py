"""Every verb of a reply, tried on letters that answer nothing: outgoing and internal ones."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.web.undone import each

pytestmark = pytest.mark.django_db

Caller = Callable[[str], APIClient]
OWN: dict[str, Any] = {
    "department": "EAU",
    "subject": "Coupure",
    "body": "L'eau sera coupée.",
    "addressees": [{"name": "M. le Président", "email": "bo@sale.example", "address": "1, rue A"}],
}
INTERNAL = OWN | {"direction": "internal", "addressees": [{"department": "SI"}]}
STATES = ("draft", "submitted", "approved", "sent")
VERBS: dict[str, dict[str, Any]] = {
    "": {"subject": "Coupure", "body": "Demain."},
    "lasting": {"lasting": "text"},
    "submit": {},
    "approve": {},
    "visa": {},
    "sign": {},
    "return": {"remark": "Plus court"},
    "withdraw": {},
    "send": {"method": "email"},
    "ways": {"method": "email"},
    "also": {"letters": []},
}
PUTS = {"", "also"}


def post(client: APIClient, address: str, words: dict[str, Any] | None = None) -> Any:
    return client.post(f"/api/v1/{address}", words or {}, format="json")


def brought_to(state: str, own: dict[str, Any], api_as: Caller) -> str:
    """A draft that has come as far as this; its address."""
    made = f"replies/{post(api_as('badr'), 'drafts', own).json()['id']}"
    way = [("badr", "submit", {}), ("dounia", "approve", {}), ("badr", "send", {"method": "email"})]
    for who, verb, words in way[: STATES.index(state)]:
        done = post(api_as(who), f"{made}/{verb}", words)
        assert done.status_code == 200, done.content
    return made


@pytest.mark.parametrize("own", [OWN, INTERNAL], ids=["outgoing", "internal"])
@pytest.mark.parametrize("state", ["draft", "sent"])
def test_each_verb_is_done_or_refused_in_words(
    api_as: Caller, state: str, own: dict[str, Any]
) -> None:
    made = f"/api/v1/{brought_to(state, own, api_as)}"
    clients = {who: api_as(who) for who in ("chafik", "badr", "dounia")}

    def attempt(verb: str) -> None:
        for who, client in clients.items():
            call = client.put if verb in PUTS else client.post
            answer = call(f"{made}/{verb}" if verb else made, VERBS[verb], format="json")
            assert answer.status_code in (200, 403, 404, 409), (who, answer.content)

    each(VERBS, attempt)


def test_an_own_letter_goes_out_by_a_further_way(api_as: Caller) -> None:
    sent = brought_to("sent", OWN, api_as)
    answer = post(api_as("badr"), f"{sent}/ways", {"method": "post"})
    assert answer.status_code == 200, answer.content
    assert answer.json()["state"] == "sent"
