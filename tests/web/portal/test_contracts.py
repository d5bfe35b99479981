"""My contracts: added by a proof, seen by who holds them alone, and by a mandate."""

import re
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from eservices.contracts import proving
from eservices.contracts.models import Holder
from eservices.people import account, mandates
from tests.eservices.citizens import citizen, person_of
from tests.eservices.contracts.contracts import CODE, a_contract, a_meter, held_by
from tests.eservices.office import content_of, published_type
from tests.web.portal.test_space import text
from web.portal.contracts import urls

pytestmark = pytest.mark.django_db
SALMA, THIEF = "salma@usager.example", "thief@voleur.example"
Outbox = list[EmailMessage]
PAGES = ("contracts", "prove_contract", "contract")
VERBS = ("name_contract", "remove_contract")


def path_of(name: str, number: str = "1000001") -> str:
    """Return the address of a page or action."""
    of_all = name in {"contracts", "prove_contract"}
    return reverse(f"portal:{name}", args=[] if of_all else [number])


def with_contract(
    outbox: Outbox, mail: str = SALMA, number: str = "1000001", **facts: Any
) -> Client:
    """Return the browser of somebody who has proven a contract with a meter."""
    browser = citizen(mail, outbox)
    contract = a_contract(number, **facts)
    a_meter(contract, f"W-{number}", last_index=4711)
    answer = browser.post("/my/contracts/prove/", {"number": number, "code": CODE})
    assert (answer.status_code, answer["Location"]) == (303, f"/my/contracts/{number}/")
    return browser


def test_every_address_is_in_the_matrix() -> None:
    assert {pattern.name for pattern in urls.urlpatterns} == {*PAGES, *VERBS}


@pytest.mark.parametrize("name", [*PAGES, *VERBS])
def test_who_is_not_in_goes_to_the_sign_in(client: Client, name: str) -> None:
    a_contract()
    for answer in (client.get(path_of(name)), client.post(path_of(name))):
        assert answer.status_code in {303, 405}
        assert answer.status_code == 405 or answer["Location"].startswith("/my/sign-in/?next=")


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_contract_is_added_and_shown(language: str, mailoutbox: Outbox) -> None:
    browser = with_contract(mailoutbox)
    browser.post("/my/contracts/1000001/name/", {"label": "  Maison  "})
    headers = {"accept-language": language}
    for path in ("/my/contracts/", "/my/contracts/1000001/", "/my/data/"):
        page = browser.get(path, headers=headers).content.decode()
        assert f'<html lang="{language}"' in page
        assert "1000001" in page
        assert "Maison" in page
        assert "style=" not in page
    shown = browser.get("/my/contracts/1000001/").content.decode()
    assert "4711" in shown
    assert "Fatima Bennis" in shown


def test_wrong_and_unknown_are_the_same_page(mailoutbox: Outbox) -> None:
    a_contract()
    browser, pages = citizen(SALMA, mailoutbox), []
    for number in ("1000001", "9999999"):
        answer = browser.post("/my/contracts/prove/", {"number": number, "code": "WRONG"})
        assert answer.status_code == 422
        pages.append(text(answer).replace(number, ""))
    assert pages[0] == pages[1]
    assert not Holder.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "number"),
        ({"number": "1000001"}, "code"),
        ({"number": "1000001", "bill": "F1"}, "amount"),
        ({"number": "1000001", "amount": "128.40"}, "bill"),
        ({"number": "1000001", "bill": "F1", "amount": "much"}, "amount"),
    ],
)
def test_what_is_missing_is_told_at_its_field(
    given: dict[str, str], field: str, mailoutbox: Outbox
) -> None:
    answer = citizen(SALMA, mailoutbox).post("/my/contracts/prove/", given)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_tries_are_limited(mailoutbox: Outbox) -> None:
    a_contract()
    browser = citizen(SALMA, mailoutbox)
    for _try in range(proving.MOST_OF_PERSON):
        browser.post("/my/contracts/prove/", {"number": "1000001", "code": "WRONG"})
    answer = browser.post("/my/contracts/prove/", {"number": "1000001", "code": CODE})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert not Holder.objects.exists()


def test_anothers_contract_answers_like_none(mailoutbox: Outbox) -> None:
    with_contract(mailoutbox)
    thief = with_contract(mailoutbox, THIEF, "2000002", customer_name="Ali Voleur")
    thief.get("/my/contracts/")  # what was said of the proof is read
    for name, method in (
        ("contract", "get"),
        ("name_contract", "post"),
        ("remove_contract", "post"),
    ):
        found = [getattr(thief, method)(path_of(name, no)) for no in ("1000001", "7777777", "x")]
        assert [answer.status_code for answer in found] == [404, 404, 404]
        pages = {re.sub("1000001|7777777", "", text(answer)) for answer in found[:2]}
        assert len(pages) == 1
    for page in ("/my/contracts/", "/my/data/", "/my/", "/my/history/"):
        shown = thief.get(page).content.decode()
        assert "1000001" not in shown
        assert "Bennis" not in shown
    assert Holder.objects.filter(ended_at=None).count() == 2


def test_a_mandate_opens_a_contract_to_be_read_while_it_holds(mailoutbox: Outbox) -> None:
    with_contract(mailoutbox)
    agent = citizen(THIEF, mailoutbox)
    given = mandates.MandateInput(contact=THIEF, contracts=["1000001"])
    row = mandates.give(person_of(SALMA), given)
    assert "1000001" in agent.get("/my/contracts/").content.decode()
    assert agent.get("/my/contracts/1000001/").status_code == 200
    assert agent.post("/my/contracts/1000001/remove/").status_code == 404
    mandates.end(person_of(SALMA), row.pk)
    assert agent.get("/my/contracts/1000001/").status_code == 404


def test_a_contract_is_taken_off_and_ends_with_the_account(mailoutbox: Outbox) -> None:
    browser = with_contract(mailoutbox)
    assert browser.post("/my/contracts/1000001/remove/").status_code == 303
    assert browser.get("/my/contracts/1000001/").status_code == 404
    browser.post("/my/contracts/prove/", {"number": "1000001", "code": CODE})
    account.delete(person_of(SALMA))
    assert not Holder.objects.filter(ended_at=None).exists()


def test_the_list_takes_as_many_queries_for_many(mailoutbox: Outbox) -> None:
    browser = with_contract(mailoutbox)
    person, counts = person_of(SALMA), []
    for more in (range(2, 4), range(4, 40)):
        for number in more:
            held_by(person, a_contract(f"30000{number:02d}"))
        with CaptureQueriesContext(connection) as queries:
            page = browser.get("/my/contracts/").content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "?cursor=" in page


def test_a_service_that_must_know_the_contract_asks_for_its_proof(mailoutbox: Outbox) -> None:
    """Level 2 alone is not enough: the very contract of the form must be in the space."""
    published_type({**content_of("cancellation"), "code": "test_cancel", "identity": 2})
    start = "/services/test_cancel/start/"
    assert Client().get(start).status_code == 403
    browser = citizen(SALMA, mailoutbox)
    page = browser.get(start)
    assert page.status_code == 403
    assert "/my/contracts/prove/?next=/services/test_cancel/start/" in page.content.decode()
    a_contract()
    proof = {"number": "1000001", "code": CODE, "next": start}
    assert browser.post("/my/contracts/prove/", proof)["Location"] == start
    assert browser.get(start).status_code in {200, 302, 303}
    for evil in ("https://evil.example/services/", "//evil.example/services/", "/search/"):
        answer = browser.post("/my/contracts/prove/", {**proof, "next": evil})
        assert answer["Location"] == "/my/contracts/1000001/"
