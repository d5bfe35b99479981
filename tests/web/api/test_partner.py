"""Partners come in with keys: to their own letters, as often and as far as the key says."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from channels.models import Partner, PartnerKey
from channels.services import make_key, revoke_key
from org.models import User
from registry.changes import record_change
from registry.kinds import RegistryEvent
from registry.models.acts import Act
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from tests.factories import deposit

pytestmark = pytest.mark.django_db
LETTERS = "/api/v1/partner/letters"


def key(admin: User, *, partner: str = "Commune", **rights: Any) -> str:
    given = {"may_deposit": True, "may_follow": True, "per_hour": 600} | rights
    return make_key(partner=partner, actor=admin, **given)[1]


def come(text: str) -> APIClient:
    client = APIClient(headers={"accept-language": "en"})
    client.credentials(HTTP_AUTHORIZATION=f"Key {text}")
    return client


def test_a_partner_deposits_once_and_follows_its_letter(admin: User) -> None:
    client = come(key(admin))
    words = {"message": "Une fuite.", "subject": "Fuite"}

    first = client.post(LETTERS, words, format="json", headers={"idempotency-key": "a1"})
    again = client.post(LETTERS, words, format="json", headers={"idempotency-key": "a1"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["number"] == again.json()["number"]
    letter = Letter.objects.get(pk=first.json()["id"])
    assert (letter.register.code, letter.channel, letter.confidentiality) == ("IN", "api", 0)
    public = PartnerKey.objects.get().public
    event = LetterEvent.objects.get(letter=letter, kind="registered")
    assert event.data["partner_key"] == public
    followed = client.get(f"{LETTERS}/{letter.pk}").json()
    assert (followed["number"], followed["stage"]) == (letter.number, "registered")
    assert "Fuite" not in str(followed)


def test_the_letters_of_others_are_not_there(admin: User) -> None:
    words = {"message": "Bonjour"}
    theirs = come(key(admin, partner="Autre")).post(LETTERS, words, format="json").json()["id"]
    client = come(key(admin))

    assert client.get(f"{LETTERS}/{theirs}").status_code == 404
    assert client.get(f"{LETTERS}/{deposit().letter.pk}").status_code == 404


def test_two_partners_with_one_idempotency_key_have_two_letters(admin: User) -> None:
    head = {"idempotency-key": "1"}
    answers = [
        come(key(admin, partner=name)).post(LETTERS, {"message": name}, format="json", headers=head)
        for name in ("A", "B")
    ]

    assert [answer.status_code for answer in answers] == [201, 201]


def test_a_partner_s_idempotency_key_with_other_content_is_refused(admin: User) -> None:
    head = {"idempotency-key": "1"}
    client = come(key(admin))
    answers = [
        client.post(LETTERS, {"message": words}, format="json", headers=head)
        for words in ("A", "B", "A")
    ]

    assert [answer.status_code for answer in answers] == [201, 409, 200]
    assert answers[1].json()["error"]["code"] == "key_used"


def test_a_key_opens_only_its_own_doors(admin: User) -> None:
    deposits, follows = key(admin, may_follow=False), key(admin, may_deposit=False)
    made = come(deposits).post(LETTERS, {"message": "x"}, format="json").json()

    assert come(deposits).get(f"{LETTERS}/{made['id']}").status_code == 403
    assert come(follows).post(LETTERS, {"message": "x"}, format="json").status_code == 403
    assert come(follows).get(f"{LETTERS}/{made['id']}").status_code == 200
    for address in ("/api/v1/letters", "/api/v1/me", f"/api/v1/letters/{made['id']}"):
        assert come(follows).get(address).status_code == 401


def test_a_revoked_or_wrong_key_opens_nothing(admin: User) -> None:
    text = key(admin)
    wrong = [text[:-1] + ("A" if text[-1] != "A" else "B"), "sjl_x_y", "", "\0", "é" * 50]
    for one in wrong[:3]:
        assert come(one).post(LETTERS, {"message": "x"}, format="json").status_code == 401
    revoke_key(PartnerKey.objects.get().pk, actor=admin)

    assert come(text).post(LETTERS, {"message": "x"}, format="json").status_code == 401
    assert not Letter.objects.filter(channel="api").exists()
    assert [act.kind for act in Act.objects.all()] == ["partner_key_made", "partner_key_revoked"]


def test_a_key_is_kept_as_a_hash_alone(admin: User) -> None:
    secret = key(admin).rpartition("_")[2]
    row = PartnerKey.objects.values().get()

    assert secret not in str(row)
    assert secret not in str(list(Act.objects.values()))


def test_a_key_comes_as_often_as_it_may(admin: User) -> None:
    client = come(key(admin, per_hour=2))
    answers = [client.post(LETTERS, {"message": str(n)}, format="json") for n in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert int(answers[2].headers["Retry-After"]) >= 1


def test_administrators_make_and_revoke_keys(
    client_as: Callable[[str], Client], admin: User
) -> None:
    client = client_as("admin")
    form = {"partner": "<b>Commune</b>", "may_deposit": "1", "per_hour": "60"}

    answer = client.post("/partners/new/", form)

    row = PartnerKey.objects.get()
    shown = answer.content.decode()
    assert f"sjl_{row.public}_" in shown
    assert "&lt;b&gt;Commune" in shown
    listed = client.get("/partners/").content.decode()
    assert row.public in listed
    assert f"sjl_{row.public}_" not in listed  # shown once
    assert client.post(f"/partners/{row.pk}/revoke/").status_code == 303
    assert PartnerKey.objects.get().revoked_by == admin
    for bad in ({"partner": ""}, {"per_hour": "0"}, {"may_deposit": ""}, {"per_hour": "x"}):
        assert client.post("/partners/new/", form | bad).status_code == 422


def test_administrators_say_where_a_partner_is_told(
    client_as: Callable[[str], Client], admin: User
) -> None:
    key(admin)
    partner = Partner.objects.get()
    client = client_as("admin")
    address = {"partner": str(partner.pk), "url": "https://commune.example/hook"}

    answer = client.post("/partners/webhook/", address)

    assert "commune.example" in answer.content.decode()
    assert Partner.objects.get().webhook_url == address["url"]
    bad = client.post("/partners/webhook/", address | {"url": "ftp://x"})
    assert bad.status_code == 422
    assert client.post("/partners/webhook/", {"partner": "9999"}).status_code == 404


def test_a_partner_lists_its_own_letters_and_what_changed(
    admin: User, django_assert_max_num_queries: Any
) -> None:
    client = come(key(admin))
    come(key(admin, partner="Autre")).post(LETTERS, {"message": "x"}, format="json")
    deposit()
    made = [
        client.post(LETTERS, {"message": f"{at}", "subject": "Fuite"}, format="json").json()
        for at in range(3)
    ]
    first = client.get(LETTERS, {"limit": 2}).json()
    rest = client.get(LETTERS, {"limit": 2, "cursor": first["next_cursor"]}).json()
    listed = first["letters"] + rest["letters"]
    assert [row["id"] for row in listed] == [row["id"] for row in reversed(made)]
    assert rest["next_cursor"] == ""
    assert listed[0] == client.get(f"{LETTERS}/{made[2]['id']}").json()
    assert "Fuite" not in str(listed)

    moment = timezone.now()
    letter = Letter.objects.get(pk=made[1]["id"])
    with transaction.atomic():
        record_change(letter, RegistryEvent.CORRECTED, actor=admin)
    changed = client.get(LETTERS, {"changed_since": moment.isoformat()}).json()["letters"]
    assert [(row["id"], row["version"]) for row in changed] == [(made[1]["id"], letter.version)]
    with django_assert_max_num_queries(8):
        client.get(LETTERS)
    assert come(key(admin, may_follow=False)).get(LETTERS).status_code == 403
    assert client.get(LETTERS, {"stage": "closed"}).status_code == 400
