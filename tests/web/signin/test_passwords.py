"""Passwords: changed, replaced by mail, refused where they are guessed; what ends with them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.core import context
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from zxcvbn.matching import RANKED_DICTIONARIES

from config.organisation import DEMO_PASSWORD
from identity import passwords
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


def asking(email: str) -> list[str]:
    """Ask for a link, and return the statements of it by their first words, in any order."""
    with CaptureQueriesContext(connection) as asked:
        assert Client().post("/password/forgotten/", {"email": email}).status_code == 302
    return sorted(one["sql"].split()[0] for one in asked.captured_queries)


def test_an_address_that_nobody_has_costs_as_much_as_anothers(with_address: User) -> None:
    asking("somebody-else@example.org")
    known = asking(with_address.email)
    assert asking("nobody@example.org") == known
    assert SecurityEvent.objects.filter(kind="password_asked").count() == 1


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


KNOWN = (
    *("123qweasdzxc", "1qaz2wsx3edc", "Mailcreated5240", "Sojdlg123aljg", "azertyuiop123"),
    *("mohammed1234", "motdepasse123", "correcthorsebatterystaple"),  # as they stand there
    *("correct horse battery staple", "Correct-Horse-Battery-Staple!", "IlovemyfamilY"),
    *("Casablanca2024", "C@s@bl@nc@2024", "!!Bienvenue2025", "dragonDRAGONdragon"),
    *("marrakech-marrakech", "P@$$w0rd19991231", "1qaz2wsx3edc1qaz2wsx3edc", "MarocMaroc2030"),
)
UNKNOWN = (
    *(GOOD, "je-note-chaque-lettre", "le-bureau-ouvre-a-8h", "un mot de passe à moi"),
    *("Une phrase assez longue 7", "بيت قديم تحت المطر", "dragon 8471930264 17"),
)


@pytest.mark.parametrize("bad", KNOWN)
def test_what_was_stolen_elsewhere_is_refused_also_varied(bad: str) -> None:
    with pytest.raises(ValidationError) as refused:
        passwords.KnownValidator().validate(bad)
    assert refused.value.code == "password_known"


@pytest.mark.parametrize("good", UNKNOWN)
def test_what_nobody_knows_is_taken(good: str) -> None:
    passwords.KnownValidator().validate(good)
    validate_password(good)


def test_who_takes_a_stolen_one_is_told_why(badr: User) -> None:
    answer = _change(log_in("badr").browser, "Correct-Horse-Battery-Staple!")
    assert answer.status_code == 200
    assert "mots de passe volés" in answer.content.decode()
    assert person("badr").check_password(DEMO_PASSWORD)


def test_the_lists_hold_the_commonest_of_twelve_letters_or_more() -> None:
    ranked = [word for word in RANKED_DICTIONARIES["passwords"] if len(word) >= 12]
    assert len(ranked) > 200
    for word in ranked:
        with pytest.raises(ValidationError):
            passwords.KnownValidator().validate(word)


@pytest.mark.parametrize("text", ["", "7", "12345678901234567890", "é" * 40, "٣" * 12, "x" * 5000])
def test_any_text_is_looked_at_without_an_error(text: str) -> None:
    assert len(list(passwords.forms_of(text))) <= 19


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


ONE_KIND = ("cigognetonnerreviolet", "CIGOGNETONNERREVIOLET", "84719302641759", "اللقلاقفوقالصومعة")


@pytest.mark.parametrize("good", ONE_KIND)
def test_no_kind_of_character_is_asked_for(good: str) -> None:
    validate_password(good)


def test_a_long_one_is_taken_whole_and_as_typed(badr: User) -> None:
    """Blanks around it, letters of all scripts, and what stands far behind count."""
    long = f"  {GOOD} لقلاق " + "x" * 180 + " 1 "
    assert _change(log_in("badr").browser, long)["Location"] == "/account/"
    assert log_in("badr", long).status_code == 302
    for other in (long.strip(), long.lower().upper(), long[:72], long[:-2] + "2 "):
        assert log_in("badr", other).status_code == 200
    told = {"username": "badr", "password": long}
    answer = Client().post("/api/v1/token", told, content_type="application/json")
    assert answer.status_code == 200
    told["password"] = long.strip()
    answer = Client().post("/api/v1/token", told, content_type="application/json")
    assert answer.status_code == 401


def test_fields_of_passwords_are_masked_and_named_for_managers(badr: User) -> None:
    """Every field that takes a password, on the pages that have one."""
    pages = {"/login/": Client(), "/account/password/": log_in("badr").browser}
    seen = set()
    for path, browser in pages.items():
        for tag in re.findall(r"<input\b[^>]*>", browser.get(path).content.decode()):
            if re.search(r'name="\w*password\w*"', tag):
                assert 'type="password"' in tag, tag
                (named,) = re.findall(r'autocomplete="([^"]*)"', tag)
                seen.add(named)
    assert seen == {"current-password", "new-password"}


def test_an_old_password_is_asked_to_be_changed_by_nobody(badr: User) -> None:
    long_ago = timezone.now() - timedelta(days=4000)
    User.objects.filter(pk=badr.pk).update(date_joined=long_ago, last_login=long_ago)
    answer = log_in("badr")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert answer.browser.get("/inbox/").status_code == 200


def test_who_forgot_it_is_asked_for_an_address_and_nothing_else() -> None:
    """No question whose answer others know."""
    page = Client().get("/password/forgotten/").content.decode().partition("<main")[2]
    fields = set(re.findall(r'<(?:input|select|textarea)\b[^>]*name="(\w+)"', page))
    assert fields - {"csrfmiddlewaretoken"} == {"email"}


def test_a_new_password_by_mail_leaves_the_second_step(with_address: User) -> None:
    with context.request_context(RequestFactory().get("/")):
        TOTP.activate(with_address, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    Client().post("/password/forgotten/", {"email": "badr@example.org"})
    drain()
    (link,) = re.findall(r"http\S+", str(mail.outbox[0].body))
    browser = Client()
    form = browser.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    there = form.redirect_chain[-1][0]
    browser.post(there, {"password1": GOOD, "password2": GOOD})
    assert not is_in(browser)  # a password, and no session
    answer = log_in("badr", GOOD)
    assert answer["Location"] == "/login/code/"
    assert not is_in(answer.browser)
