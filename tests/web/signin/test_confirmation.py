"""Before signing, voiding and keys, a person shows again who they are; typing is not lost."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from channels.services import all_keys
from config.organisation import DEMO_PASSWORD
from org.models import User
from registry.models.voiding import VoidRequest
from tests.factories import api_key, deposit
from tests.web.signin.test_log_in import kinds

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture
def stale(client_as: Browser) -> Callable[[str], Client]:
    """A browser in which the person signed in an hour ago."""

    def open_browser(username: str) -> Client:
        client = client_as(username)
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time() - 3600}
        ]
        session.save()
        return client

    return open_browser


def test_voiding_asks_who_it_is_and_goes_on_with_what_was_typed(
    stale: Browser, amina: User
) -> None:
    letter = deposit(actor=amina).letter
    browser = stale("amina")
    where, form = f"/letters/{letter.pk}/void/", {"reason": "Un doublon de la lettre d’hier"}
    page = browser.post(where, form)
    assert page.status_code == 401
    assert "Un doublon de la lettre" in page.content.decode()
    assert f'action="{where}"' in page.content.decode()
    assert not VoidRequest.objects.filter(letter=letter).exists()

    wrong = browser.post(where, form | {"confirm_password": "faux"})
    assert wrong.status_code == 401
    assert 'role="alert"' in wrong.content.decode()

    before = browser.session.session_key
    done = browser.post(where, form | {"confirm_password": DEMO_PASSWORD})
    assert done.status_code == 303
    after = browser.session.session_key
    assert after != before  # who knew the key of before has nothing by it
    assert not Session.objects.filter(pk=before).exists()
    assert VoidRequest.objects.get(letter=letter).reason == form["reason"]
    assert kinds(amina)[:2] == ["confirm_failed", "confirmed"]
    # and for a while nothing more is asked
    other = deposit(actor=amina).letter
    assert browser.post(f"/letters/{other.pk}/void/", form).status_code == 303


def test_the_password_is_not_kept_in_the_session(stale: Browser, amina: User) -> None:
    letter = deposit(actor=amina).letter
    browser = stale("amina")
    browser.post(f"/letters/{letter.pk}/void/", {"reason": "x", "confirm_password": "a-secret"})
    browser.post(f"/letters/{letter.pk}/void/", {"reason": "zebra"})
    assert "a-secret" not in str(dict(browser.session))
    assert "zebra" not in str(dict(browser.session))


def test_guessing_there_is_braked(stale: Browser, amina: User) -> None:
    letter = deposit(actor=amina).letter
    browser = stale("amina")
    for _ in range(10):
        browser.post(f"/letters/{letter.pk}/void/", {"reason": "x", "confirm_password": "faux"})
    answer = browser.post(
        f"/letters/{letter.pk}/void/", {"reason": "x", "confirm_password": DEMO_PASSWORD}
    )
    assert answer.status_code == 401
    assert not VoidRequest.objects.exists()


@pytest.mark.parametrize(
    ("who", "where", "form"),
    [
        ("admin", "/partners/new/", {"partner": "Régie", "may_deposit": "1", "per_hour": "10"}),
        ("badr", "/account/tokens/new/", {"name": "x", "access": "read", "days": "3"}),
        ("badr", "/signature/give/", {"drop": "1"}),
        ("dounia", "/letters/{letter}/replies/{letter}/sign/", {}),
    ],
)
def test_keys_and_signatures_ask_too(
    stale: Browser, amina: User, who: str, where: str, form: dict[str, str]
) -> None:
    where = where.format(letter=deposit(actor=amina).letter.pk)
    answer = stale(who).post(where, form)
    assert answer.status_code == 401
    assert "confirm_password" in answer.content.decode()
    assert not all_keys().exists()


def test_reading_and_other_work_ask_nothing(stale: Browser, amina: User) -> None:
    letter = deposit(actor=amina).letter
    browser = stale("amina")
    assert browser.get(f"/letters/{letter.pk}/").status_code == 200
    given = browser.post(f"/letters/{letter.pk}/assign/", {"department": "EAU"})
    assert given.status_code == 303


def test_a_file_is_not_lost_in_silence(stale: Browser) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    form: dict[str, Any] = {"file": SimpleUploadedFile("s.png", b"x", "image/png")}
    answer = stale("badr").post(
        "/signature/give/", form, HTTP_REFERER="http://testserver/signature/"
    )
    assert answer["Location"] == "/account/confirm/?next=%2Fsignature%2F"


def test_the_page_by_itself_leads_back_to_this_office_only(stale: Browser) -> None:
    browser = stale("badr")
    assert browser.get("/account/confirm/?next=/signature/").status_code == 200
    for wanted, led in (("/signature/", "/signature/"), ("https://evil.example/", "/account/")):
        given = {"next": wanted, "confirm_password": DEMO_PASSWORD}
        assert browser.post("/account/confirm/", given)["Location"] == led


def test_the_second_step_is_set_up_by_whoever_has_just_signed_in(stale: Browser) -> None:
    answer = stale("badr").get("/account/second-step/app/")
    assert answer["Location"].startswith("/account/confirm/?next=")


def test_a_token_needs_no_confirmation(amina: User) -> None:
    letter = deposit(actor=amina).letter
    answer = Client().post(
        f"/api/v1/letters/{letter.pk}/void-requests",
        {"reason": "Doublon"},
        content_type="application/json",
        headers={"authorization": f"Token {api_key('amina')}"},
    )
    assert answer.status_code == 201


def test_a_session_is_asked_over_the_api_too(stale: Browser, amina: User) -> None:
    letter = deposit(actor=amina).letter
    where, words = f"/api/v1/letters/{letter.pk}/void-requests", {"reason": "Doublon"}
    browser = stale("amina")
    answer = browser.post(where, words, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "unconfirmed")
    assert not VoidRequest.objects.exists()
    browser.post("/account/confirm/", {"confirm_password": DEMO_PASSWORD})
    assert browser.post(where, words, content_type="application/json").status_code == 201
