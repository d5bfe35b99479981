"""Administrators keep partners over the API: keys, webhooks, and the log of messages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient
from standardwebhooks import Webhook

from channels.models import Partner, PartnerKey
from channels.services import key_of
from org.models import User
from tests.channels.receiver import Receiver, receiver
from tests.factories import drain
from tests.web.api.test_partner import LETTERS, come

__all__ = ["receiver"]
pytestmark = pytest.mark.django_db
URL = "/api/v1/partners"
Api = Callable[..., APIClient]


@pytest.fixture
def client(api_as: Api) -> APIClient:
    return api_as("admin")


@pytest.fixture
def partner(client: APIClient) -> str:
    answer = client.post(URL, {"name": "Commune"}, format="json")
    assert answer.status_code == 201, answer.content
    return f"{URL}/{answer.json()['id']}"


def put(client: APIClient, partner: str, **given: Any) -> Any:
    return client.put(f"{partner}/webhook", given, format="json")


def test_partners_are_made_and_listed(client: APIClient, partner: str) -> None:
    again = client.post(URL, {"name": "Commune"}, format="json")
    assert (again.status_code, list(again.json()["error"]["fields"])) == (400, ["name"])
    (row,) = client.get(URL).json()["partners"]
    assert (row["name"], row["keys"], row["webhook"]["url"]) == ("Commune", [], "")
    assert client.get(partner).json() == row
    assert client.get(f"{URL}/999").status_code == 404
    assert client.get(URL, {"q": "x"}).status_code == 400


def test_a_key_is_made_replaced_and_revoked(client: APIClient, partner: str) -> None:
    bad = client.post(f"{partner}/keys", {}, format="json")
    assert bad.status_code == 400
    made = client.post(f"{partner}/keys", {"may_deposit": True}, format="json").json()
    fresh = client.post(f"/api/v1/partner-keys/{made['id']}/replace").json()
    assert all(key_of(one["key"]) for one in (made, fresh))
    assert client.post(f"/api/v1/partner-keys/{made['id']}/replace").status_code == 409
    PartnerKey.objects.filter(pk=made["id"]).update(ends_at=timezone.now() - timedelta(seconds=1))
    assert key_of(made["key"]) is None
    assert client.delete(f"/api/v1/partner-keys/{fresh['id']}").status_code == 204
    assert key_of(fresh["key"]) is None
    assert client.delete(f"/api/v1/partner-keys/{fresh['id']}").status_code == 409
    assert len(client.get(partner).json()["keys"]) == 2


def test_a_webhook_is_set_tried_and_followed(
    client: APIClient, partner: str, receiver: Receiver
) -> None:
    assert client.post(f"{partner}/webhook/test").status_code == 409
    events = ["letter.registered", "letter.changed"]
    answer = put(client, partner, url=receiver.url, events=events, contact="it@commune.example")
    assert answer.status_code == 200, answer.content
    secret = answer.json()["secret"]
    assert put(client, partner, url=receiver.url).json()["secret"] == ""
    tried = client.post(f"{partner}/webhook/test").json()
    assert (tried["state"], tried["answer_code"], tried["type"]) == (
        "delivered",
        204,
        "webhook.test",
    )
    made = client.post(f"{partner}/keys", {"may_deposit": True}, format="json").json()
    words = {"message": "Bonjour", "sender": {"name": "X"}}
    come(made["key"]).post(LETTERS, {"message": words["message"]}, format="json")
    from channels.services import queue_deliveries

    queue_deliveries()
    drain("partner.tell")
    for headers, body in receiver.got:
        Webhook(secret).verify(body, headers)
    log = client.get(f"{partner}/deliveries").json()["deliveries"]
    assert [row["type"] for row in log] == [*events[::-1], "webhook.test"]
    assert all(row["state"] == "delivered" for row in log)
    assert client.get(f"{partner}/deliveries", {"state": "failed"}).json()["deliveries"] == []
    again = client.post(f"/api/v1/partner-deliveries/{log[0]['id']}/send-again").json()
    assert (again["webhook_id"], again["state"]) == (log[0]["webhook_id"], "waiting")
    drain("partner.tell")
    assert receiver.got[-1][0]["webhook-id"] == log[0]["webhook_id"]
    assert client.post(f"/api/v1/partner-deliveries/{log[2]['id']}/send-again").status_code == 409


def test_a_secret_is_turned(client: APIClient, partner: str, receiver: Receiver) -> None:
    assert client.post(f"{partner}/webhook/secret").status_code == 409
    old = put(client, partner, url=receiver.url).json()["secret"]
    turned = client.post(f"{partner}/webhook/secret").json()
    assert turned["secret"] not in {old, ""}
    assert turned["webhook"]["old_secret_until"]
    assert client.post(f"{partner}/webhook/on").status_code == 409
    assert old not in client.get(partner).content.decode()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"url": "http://commune.example/"}, "url"),
        ({"url": "https://user:x@commune.example/"}, "url"),
        ({"url": "https://commune.example/", "events": []}, "events"),
        ({"url": "https://commune.example/", "events": ["letter.burnt"]}, "events"),
        ({"url": "https://commune.example/", "contact": "nobody"}, "contact"),
        ({"url": "https://commune.example/", "secret": "whsec_x"}, "secret"),
        ({}, "url"),
    ],
)
def test_what_cannot_be_set_is_refused_by_name(
    client: APIClient, partner: str, given: dict[str, Any], field: str
) -> None:
    answer = put(client, partner, **given)
    assert answer.status_code == 400
    assert [name.partition(".")[0] for name in answer.json()["error"]["fields"]] == [field]
    assert Partner.objects.get().webhook_url == ""


def test_nobody_else_sees_partners(api_as: Api, partner: str, amina: User) -> None:
    for name in ("amina", "badr"):
        assert api_as(name).get(partner).status_code == 403
        assert api_as(name).get(URL).status_code == 403


def test_what_cannot_be_done_with_messages_now_says_why(
    client: APIClient, partner: str, receiver: Receiver
) -> None:
    client.put(f"{partner}/webhook", {"url": receiver.url}, format="json")
    tried = client.post(f"{partner}/webhook/test").json()
    for address, word in (
        (f"{partner}/webhook/on", "already"),
        (f"/api/v1/partner-deliveries/{tried['id']}/send-again", "test"),
    ):
        answer = client.post(address)
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (409, "not_possible")
        assert word in error["message"]


def test_keys_are_made_replaced_and_revoked_by_command(client: APIClient, capsys: Any) -> None:
    def command(*given: str) -> str:
        call_command("partner_keys", *given)
        return str(capsys.readouterr().out).strip()

    made = command("make", "Commune", "--follow", "--per-hour", "9", "--as", "admin")
    key = key_of(made)
    assert key is not None
    assert (key.partner.name, key.may_deposit, key.may_follow, key.per_hour) == (
        "Commune", False, True, 9,
    )  # fmt: skip
    after = key_of(command("replace", key.public, "--as", "admin"))
    assert after is not None
    listed = command("list", "Commune").splitlines()
    assert [line.split("\t")[:3] for line in listed] == [
        [one.public, "follow", "9/h"] for one in (key, after)
    ]
    command("revoke", f"sjl_{after.public}", "--as", "admin")
    assert PartnerKey.objects.get(pk=after.pk).revoked_at is not None
    for refused in (
        *(("make", "Commune", "--as", "admin"), ("make", "Commune", "--deposit")),
        *(("revoke", "zzz", "--as", "admin"), ("replace", after.public, "--as", "admin")),
    ):
        with pytest.raises(CommandError) as told:
            command(*refused)
        assert told.value.returncode == 2
