"""Passwords: changed, replaced by mail, refused where they are guessed; what ends with them."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from config.organisation import DEMO_PASSWORD
from identity.models import SecurityEvent
from jobs.models import Job
from org.models import User
from tests.factories import api_key, drain, person
from tests.web.signin.test_log_in import is_in, log_in

pytestmark = pytest.mark.django_db
GOOD = "cigogne tonnerre 41 violet"


def _change(client: Client, new: str, old: str = DEMO_PASSWORD) -> Any:
    given = {"oldpassword": old, "password1": new, "password2": new}
    return client.post("/account/password/", given)


@pytest.fixture
def with_address(badr: User) -> User:
    badr.email = "badr@example.org"
    badr.save()
    return badr


def test_a_change_ends_other_sessions_and_all_tokens(badr: User) -> None:
    here, there = log_in("badr").browser, log_in("badr").browser
    token = {"authorization": f"Token {api_key('badr')}"}
    assert Client().get("/api/v1/me", headers=token).status_code == 200
    assert _change(here, GOOD)["Location"] == "/account/"
    assert is_in(here)
    assert not is_in(there)
    assert Client().get("/api/v1/me", headers=token).status_code == 401
    assert log_in("badr", GOOD).status_code == 302
    assert SecurityEvent.objects.filter(kind="password_changed", subject=badr).count() == 1


def test_tokens_outlive_a_password_that_is_only_hashed_anew(badr: User, settings: Any) -> None:
    token = {"authorization": f"Token {api_key('badr')}"}
    before = person("badr").password
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    log_in("badr")
    assert person("badr").password != before
    assert Client().get("/api/v1/me", headers=token).status_code == 200


@pytest.mark.parametrize(
    "bad", ["short 1", "passwordpassword", "qwertyuiopqwerty", "badr badr badr", "sijill sijill 1"]
)
def test_what_is_guessed_early_is_refused(badr: User, bad: str) -> None:
    browser = log_in("badr").browser
    answer = _change(browser, bad)
    assert answer.status_code == 200
    assert 'class="error"' in answer.content.decode()
    assert person("badr").check_password(DEMO_PASSWORD)


def test_the_present_password_is_asked_for_and_not_guessed(badr: User) -> None:
    browser = log_in("badr").browser
    for _ in range(10):
        assert _change(browser, GOOD, old="faux").status_code == 200
    assert _change(browser, GOOD).status_code == 429
    assert person("badr").check_password(DEMO_PASSWORD)


def test_a_lost_password_is_replaced_by_mail(with_address: User) -> None:
    session = log_in("badr").browser
    browser = Client()
    answer = browser.post("/password/forgotten/", {"email": "Badr@Example.org"})
    assert answer["Location"] == "/password/forgotten/sent/"
    assert browser.get("/password/forgotten/sent/").status_code == 200
    drain()
    (sent,) = mail.outbox
    assert sent.to == ["badr@example.org"]
    (link,) = re.findall(r"http\S+", str(sent.body))
    path = link.removeprefix("http://127.0.0.1:8000")
    form = browser.get(path, follow=True)
    assert "password1" in form.content.decode()
    assert browser.get(path)["Location"].endswith("-set-password/")  # the key left the address
    there = form.redirect_chain[-1][0]
    done = browser.post(there, {"password1": GOOD, "password2": GOOD}, follow=True)
    assert done.redirect_chain[-1][0] == "/password/new/done/"
    assert not is_in(session)
    assert log_in("badr", GOOD).status_code == 302
    assert "password1" not in Client().get(path, follow=True).content.decode()


def test_an_address_of_nobody_is_answered_the_same_and_nothing_is_sent(with_address: User) -> None:
    for email in ("badr@example.org", "nobody@example.org", "else@example.org"):
        answer = Client().post("/password/forgotten/", {"email": email})
        assert (answer.status_code, answer["Location"]) == (302, "/password/forgotten/sent/")
    # as much work for all, so that nobody learns from the time that it takes
    assert Job.objects.filter(kind="identity.reset").count() == 2
    drain()
    assert [one.to for one in mail.outbox] == [["badr@example.org"]]
    assert "@example.org" not in str(Job.objects.values())


def test_nobody_without_an_account_gets_one(client: Client) -> None:
    for path in ("/signup/", "/accounts/signup/", "/login/provider/new/"):
        assert client.get(path).status_code in {302, 404}
    assert not User.objects.exclude(pk__in=User.objects.values("pk")).exists()
    assert client.get("/login/provider/new/")["Location"] == "/login/"


def test_asking_for_links_is_braked(with_address: User) -> None:
    for _ in range(5):
        Client().post("/password/forgotten/", {"email": "badr@example.org"})
    answer = Client().post("/password/forgotten/", {"email": "badr@example.org"})
    assert answer.status_code == 429


def test_a_person_is_told_that_the_password_is_another(with_address: User) -> None:
    browser = log_in("badr").browser
    _change(browser, GOOD)
    drain()
    assert [sent.to for sent in mail.outbox] == [["badr@example.org"]]
    assert "badr" in str(mail.outbox[0].body)


def test_a_password_is_not_carried_through_a_log_in() -> None:
    words = "cheval agrafe batterie correct"
    given = {"oldpassword": words, "password1": words, "password2": words}
    page = Client().post("/account/password/", given)
    assert words not in page.content.decode()
    given = {"reason": "un motif de deux mots", "confirm_password": words}
    page = Client().post("/letters/00000000-0000-4000-8000-000000000000/void/", given)
    assert "un motif de deux mots" in page.content.decode()
    assert words not in page.content.decode()
