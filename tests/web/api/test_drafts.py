"""Letters of the office's own, internal ones, several letters and mailings over the API."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from rest_framework.test import APIClient

from correspondence.forms.keeping import keep_template
from correspondence.replies import drafting
from org.models import User
from registry.models.letters import Letter
from routing.assigning import giving
from routing.inbox import assignments
from tests.factories import department, deposit, drain, file, kind, person
from web.api import draft_shapes as shapes

pytestmark = pytest.mark.django_db

Caller = Callable[[str], APIClient]
OWN: dict[str, Any] = {
    "department": "EAU",
    "subject": "Coupure",
    "body": "L'eau sera coupée.",
    "addressees": [{"name": "M. le Président", "email": "bo@sale.example"}],
}


def post(client: APIClient, address: str, words: dict[str, Any] | None = None) -> Any:
    return client.post(f"/api/v1/{address}", words or {}, format="json")


def test_a_letter_of_the_office_s_own(api_as: Caller) -> None:
    badr = api_as("badr")
    made = post(badr, "drafts", OWN)
    assert made.status_code == 201
    assert set(made.json()) == set(shapes.DraftOut().fields)
    draft = made.json()["id"]
    assert post(badr, f"replies/{draft}/submit").status_code == 200
    assert post(api_as("dounia"), f"replies/{draft}/approve").status_code == 200
    sent = post(badr, f"replies/{draft}/send", {"method": "email"}).json()
    assert sent["number"].split("/")[1] == "OUT"
    assert badr.get("/api/v1/drafts?state=sent").json()["drafts"][0]["id"] == draft
    assert badr.get(f"/api/v1/drafts/{draft}").json()["letter"] == sent["outgoing"]


def test_an_internal_letter(api_as: Caller) -> None:
    badr = api_as("badr")
    more = {"direction": "internal", "addressees": [{"department": "SI"}]}
    draft = post(badr, "drafts", OWN | more).json()["id"]
    post(badr, f"replies/{draft}/submit")
    post(api_as("dounia"), f"replies/{draft}/approve")
    sent = post(badr, f"replies/{draft}/send", {"method": "portal"}).json()
    letter = Letter.objects.get(pk=sent["outgoing"])
    assert (letter.register.code, sent["state"]) == ("INT", "delivered")
    assert api_as("chafik").get(f"/api/v1/letters/{letter.pk}").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"department": "XXX"}, 400),
        ({"addressees": []}, 403),
        ({"addressees": [{"department": "XXX"}]}, 400),
        ({"subject": ""}, 400),
        ({"confidentiality": 2}, 403),
        ({"department": "SI"}, 403),
    ],
)
def test_what_is_wrong_is_told(api_as: Caller, wrong: dict[str, Any], status: int) -> None:
    assert post(api_as("badr"), "drafts", OWN | wrong).status_code == status


def a_template(text: str = "Réf. {{ number }}, à {{ recipient_name }}.", **more: Any) -> int:
    upload = file("m.txt", text.encode())
    given = {"name": "Accusé", "language": "fr"} | more
    return int(keep_template(actor=person("admin"), file=upload, **given).pk)


def test_templates_are_listed_as_far_as_one_may_begin_a_draft_from_them(
    api_as: Caller, amina: User, badr: User
) -> None:
    of_all = a_template(name="Accusé")
    of_eau = a_template(name="Bon à savoir", department=department("EAU"))
    of_si = a_template(name="Circulaire", department=department("SI"))
    of_a_kind = a_template(name="Devis", kind=kind("quotation"))

    def seen(who: str, asked: str = "") -> list[int]:
        page = api_as(who).get(f"/api/v1/templates{asked}").json()
        return [row["id"] for row in page["templates"]]

    assert seen("badr") == [of_all, of_eau]
    assert seen("chafik") == [of_all, of_si]
    assert seen("chafik", "?department=EAU") == [of_all]
    assert api_as("badr").get("/api/v1/templates?department=XXX").status_code == 400
    letter = deposit(subject="Devis", kind=kind("quotation"), departments=["EAU"]).letter
    assert seen("badr", f"?letter={letter.pk}") == [of_all, of_eau, of_a_kind]
    assert api_as("chafik").get(f"/api/v1/templates?letter={letter.pk}").status_code == 404
    first = api_as("badr").get("/api/v1/templates?limit=1").json()
    assert first["templates"] == [
        {
            "id": of_all,
            "name": "Accusé",
            "language": "fr",
            "department": None,
            "kind": None,
            "version": 1,
            "format": "text",
            "becomes": "text",
        }
    ]
    assert seen("badr", f"?cursor={quote(first['next_cursor'])}") == [of_eau]


def test_a_draft_is_begun_from_a_template(api_as: Caller, amina: User, badr: User) -> None:
    pk, client = a_template(), api_as("badr")
    own = {name: value for name, value in OWN.items() if name != "body"} | {"template": pk}
    made = post(client, "drafts", own)
    assert made.status_code == 201, made.content
    assert made.json()["body"] == "Réf. , à M. le Président."
    assert post(client, "drafts", own | {"template": None}).status_code == 403
    of_si = a_template(department=department("SI"))
    assert post(client, "drafts", own | {"template": of_si}).status_code == 400
    letter = deposit(actor=amina, subject="Fuite").letter
    assignments.accept(giving.assign(letter, department=department("EAU"), actor=amina), actor=badr)
    replied = post(client, f"letters/{letter.pk}/replies", {"template": pk})
    assert replied.status_code == 201, replied.content
    assert replied.json()["body"].startswith(f"Réf. {letter.number}, à")
    typed = post(client, f"letters/{letter.pk}/replies", {"template": pk, "body": "Autre"})
    assert typed.json()["body"] == "Autre"
    stranger = post(api_as("chafik"), f"letters/{letter.pk}/replies", {"template": pk})
    assert stranger.status_code == 404


def test_one_reply_to_two_letters(api_as: Caller, amina: User, badr: User) -> None:
    letters = [deposit(subject=f"Fuite {n}").letter for n in range(2)]
    for letter in letters:
        row = giving.assign(letter, department=department("EAU"), actor=amina)
        assignments.accept(row, actor=badr)
    reply = drafting.draft_reply(letters[0], actor=badr, subject="", body="Réparées.")
    address = f"/api/v1/replies/{reply.pk}/also"
    client = api_as("badr")
    done = client.put(address, {"letters": [str(letters[1].pk)]}, format="json")
    assert done.status_code == 200
    draft = client.get(f"/api/v1/drafts/{reply.pk}").json()
    assert draft["also"] == [str(letters[1].pk)]
    assert reply.also.get().letter == letters[1]
    secret = deposit(subject="Réseau").letter
    refused = client.put(address, {"letters": [str(secret.pk)]}, format="json")
    assert refused.status_code == 400


def test_a_mailing(api_as: Caller) -> None:
    badr = api_as("badr")
    many = [{"name": "Karim"}, {"name": "Salma"}]
    made = post(badr, "mailings", OWN | {"addressees": many})
    assert (made.status_code, made.json()["doing"]) == (202, "make")
    mailing = made.json()["id"]
    assert post(badr, f"mailings/{mailing}", {"deed": "submit"}).status_code == 409
    drain("mailing.carry")
    assert post(badr, f"mailings/{mailing}", {"deed": "submit"}).status_code == 202
    drain("mailing.carry")
    shown = badr.get(f"/api/v1/mailings/{mailing}").json()
    assert set(shown) == set(shapes.MailingOut().fields)
    assert [line["state"] for line in shown["lines"]] == ["submitted"] * 2
