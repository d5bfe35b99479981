"""Logging in: second steps, known devices, idle sessions, duties that ask for more."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.organisation import DEMO_PASSWORD
from identity.models import ApiToken, KnownDevice, SecurityEvent
from identity.staff import set_active
from org.models import User
from tests.factories import person
from web.models import Attempt
from web.shared.failed_sign_ins import TOLD_OF_NOBODY
from web.throttle import LOGIN_BY_ADDRESS, LOGIN_BY_NAME, LOGIN_BY_NAME_ANYWHERE, counted

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
Browser = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _no_code_is_used_yet() -> None:
    from django.core.cache import cache

    cache.clear()


def code_now(secret: str = SECRET) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def log_in(username: str, password: str = DEMO_PASSWORD, client: Client | None = None) -> Any:
    client = client or Client()
    answer: Any = client.post("/login/", {"username": username, "password": password})
    answer.browser = client
    return answer


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def kinds(who: User) -> list[str]:
    rows = SecurityEvent.objects.filter(person=who) | SecurityEvent.objects.filter(subject=who)
    return list(rows.order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def badr_with_app(badr: User) -> User:
    from allauth.core import context
    from django.test import RequestFactory

    with context.request_context(RequestFactory().get("/")):
        TOTP.activate(badr, SECRET)
    return badr


def test_a_password_is_enough_without_a_second_step(badr: User) -> None:
    answer = log_in("badr")
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert is_in(answer.browser)
    assert kinds(badr) == ["signed_in"]


def test_who_is_nobody_and_who_left_are_told_the_same(badr: User) -> None:
    User.objects.filter(pk=badr.pk).update(is_active=False)
    told = [log_in(name, "faux").content for name in ("nobody-here", "amina")]
    told.append(log_in("badr").content)
    plain = [page.replace(b"nobody-here", b"").replace(b"amina", b"") for page in told]
    import re

    same = {re.sub(rb'value="[^"]*"', b"", page) for page in plain}
    assert len(same) == 1
    assert kinds(person("amina")) == ["sign_in_failed"]
    assert not SecurityEvent.objects.filter(detail__icontains="nobody-here").exists()


@pytest.mark.parametrize("path", ["/login/", "/api/v1/token"])
def test_a_name_that_nobody_has_costs_the_same_statements(badr: User, path: str) -> None:
    def statements(name: str) -> list[str]:
        given = {"username": name, "password": "faux-faux-faux"}
        kind = {} if path == "/login/" else {"content_type": "application/json"}
        browser = Client()
        browser.post(path, given, **kind)  # type: ignore[arg-type]
        with CaptureQueriesContext(connection) as asked:
            browser.post(path, given, **kind)  # type: ignore[arg-type]
        return [" ".join(one["sql"].split()[:3]) for one in asked.captured_queries]

    assert statements("badr") == statements("nobody-here")
    failed = SecurityEvent.objects.filter(kind="sign_in_failed")
    assert set(failed.values_list("subject", flat=True)) == {badr.pk, None}


def failing(name: str, path: str = "/login/") -> list[str]:
    """Fail to sign in, and return the statements of it by their first words."""
    given = {"username": name, "password": "faux-faux-faux"}
    kind: Any = {} if path == "/login/" else {"content_type": "application/json"}
    with CaptureQueriesContext(connection) as asked:
        Client().post(path, given, **kind)
    return [one["sql"].split()[0] for one in asked.captured_queries]


@pytest.mark.parametrize("path", ["/login/", "/api/v1/token"])
@pytest.mark.parametrize("told", [0, TOLD_OF_NOBODY.most])
def test_beyond_the_limit_of_the_record_too(badr: User, path: str, told: int) -> None:
    """At the first failure with a name, and at the one after it."""
    for _ in range(told):
        counted(TOLD_OF_NOBODY, "all")
    failing("somebody-else", path)
    first, second = failing("badr", path), failing("badr", path)
    assert (failing("nobody-here", path), failing("nobody-here", path)) == (first, second)
    failed = SecurityEvent.objects.filter(kind="sign_in_failed")
    assert failed.filter(subject=badr).count() == 2
    assert failed.filter(subject=None).count() == (0 if told else 3)


@pytest.mark.parametrize("told", [0, TOLD_OF_NOBODY.most])
def test_when_attempts_are_braked_too(badr: User, told: int) -> None:
    for name in ("badr", "nobody-here"):
        for _ in range(LOGIN_BY_NAME_ANYWHERE.most):
            counted(LOGIN_BY_NAME_ANYWHERE, name)
    for _ in range(told):
        counted(TOLD_OF_NOBODY, "all")
    failing("somebody-else")
    first, second = failing("badr"), failing("badr")
    assert (failing("nobody-here"), failing("nobody-here")) == (first, second)
    assert kinds(badr) == ["sign_in_braked"]


def test_the_limit_of_the_record_is_told_once(caplog: Any) -> None:
    caplog.set_level("INFO", logger="security")
    for _ in range(TOLD_OF_NOBODY.most - 2):
        counted(TOLD_OF_NOBODY, "all")
    for _ in range(4):
        failing("nobody-here")
    lines = [one.getMessage() for one in caplog.records]
    assert [line for line in lines if line.startswith("braked")] == ["braked limit=login.nobody"]
    assert SecurityEvent.objects.filter(kind="sign_in_failed").count() == 2


def test_failures_of_two_accounts_share_no_row_but_that_of_the_address(badr: User) -> None:
    failing("badr")
    failing("amina")
    shared = Attempt.objects.filter(count__gt=1).values_list("bucket", flat=True)
    assert list(shared) == [LOGIN_BY_ADDRESS.bucket]


def test_a_failure_is_of_the_account_of_exactly_that_name(badr: User) -> None:
    """Names that differ in case alone were made elsewhere: pages and the directory refuse them."""
    capital = User.objects.create_user(username="Badr", password=DEMO_PASSWORD)
    for name in ("Badr", "badr", "BADR"):
        failing(name, "/api/v1/token")
    failed = SecurityEvent.objects.filter(kind="sign_in_failed").order_by("pk")
    assert list(failed.values_list("subject", flat=True)) == [capital.pk, badr.pk, badr.pk]


def test_after_the_password_comes_the_code(badr_with_app: User) -> None:
    answer = log_in("badr")
    assert answer["Location"] == "/login/code/"
    browser = answer.browser
    assert not is_in(browser)
    assert "one-time-code" in browser.get("/login/code/").content.decode()
    assert 'role="alert"' in browser.post("/login/code/", {"code": "000000"}).content.decode()
    assert not is_in(browser)
    assert browser.post("/login/code/", {"code": code_now()}).status_code == 302
    assert is_in(browser)
    assert kinds(badr_with_app) == ["second_factor_failed", "signed_in"]


def test_the_secret_of_the_app_is_not_readable_in_the_database(badr_with_app: User) -> None:
    assert SECRET not in str(Authenticator.objects.get(user=badr_with_app).data)


def test_a_code_works_once_whichever_process_is_asked(badr_with_app: User) -> None:
    from django.core.cache import cache

    code = code_now()
    first, second = log_in("badr").browser, log_in("badr").browser
    assert first.post("/login/code/", {"code": code}).status_code == 302
    cache.clear()  # as empty as that of another process
    assert second.post("/login/code/", {"code": f"{code[:3]} {code[3:]}"}).status_code == 200
    assert not is_in(second)
    session = first.session
    session["account_authentication_methods"] = []
    session.save()
    asked = first.post("/account/confirm/", {"confirm_code": code, "next": "/account/"})
    assert asked.status_code == 422


def test_the_code_that_set_an_app_up_lets_nobody_in(badr: User) -> None:
    browser = log_in("badr").browser
    browser.get("/account/second-step/app/")
    code = code_now(browser.session["mfa.totp.secret"])
    assert browser.post("/account/second-step/app/", {"code": code}).status_code == 302
    assert Authenticator.objects.filter(user=badr, type="totp").exists()
    seen_over_the_shoulder = log_in("badr").browser
    seen_over_the_shoulder.post("/login/code/", {"code": code})
    assert not is_in(seen_over_the_shoulder)


def test_codes_are_not_guessed(badr_with_app: User) -> None:
    browser = log_in("badr").browser
    for _ in range(10):
        assert browser.post("/login/code/", {"code": "000000"}).status_code == 200
    answer = browser.post("/login/code/", {"code": code_now()})
    assert answer.status_code == 429
    assert not is_in(browser)


def test_what_was_typed_lives_through_the_second_step(badr_with_app: User) -> None:
    import json

    kept = json.dumps(["/letters/x/notes/", [["text", "une note de deux mots"]], []])
    browser = Client()
    given = {"username": "badr", "password": DEMO_PASSWORD, "kept": kept}
    page = browser.post("/login/", given)
    assert page.status_code == 200
    assert "une note de deux mots" in page.content.decode()
    done = browser.post("/login/code/", {"code": code_now(), "kept": kept}).content.decode()
    assert 'action="/letters/x/notes/"' in done
    assert is_in(browser)


def test_a_lock_out_attempt_does_not_reach_a_known_device(badr: User) -> None:
    known = log_in("badr").browser
    assert known.post("/logout/")["Clear-Site-Data"] == '"cache"'
    attacker = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(LOGIN_BY_NAME.most):
        log_in("badr", "guess", attacker)
    assert log_in("badr", client=Client(REMOTE_ADDR="203.0.113.9")).status_code == 429
    assert log_in("badr", client=known).status_code == 302
    assert is_in(known)


def test_a_lock_out_attempt_reaches_no_new_browser_elsewhere(badr: User) -> None:
    for _ in range(LOGIN_BY_NAME.most * 3):
        log_in("badr", "guess", Client(REMOTE_ADDR="203.0.113.9"))
    assert log_in("badr", client=Client(REMOTE_ADDR="203.0.113.10")).status_code == 302


def test_guesses_of_one_name_from_everywhere_are_braked(badr: User) -> None:
    for house in range(LOGIN_BY_NAME_ANYWHERE.most // LOGIN_BY_NAME.most):
        for _ in range(LOGIN_BY_NAME.most):
            log_in("badr", "guess", Client(REMOTE_ADDR=f"2001:db8:1:{house}00::7"))
    assert log_in("badr", client=Client(REMOTE_ADDR="203.0.113.9")).status_code == 429


def test_a_neighbour_at_the_same_address_locks_nobody_out_of_their_device(badr: User) -> None:
    known = log_in("badr").browser
    known.post("/logout/")
    for number in range(LOGIN_BY_ADDRESS.most):
        log_in(f"name-{number}", "guess")
    assert log_in("dounia").status_code == 429
    assert log_in("badr", client=known).status_code == 302


def test_a_known_device_of_one_person_helps_nobody_guess_another(badr: User) -> None:
    known = log_in("badr").browser
    known.post("/logout/")
    for _ in range(LOGIN_BY_NAME.most):
        log_in("dounia", "guess", known)
    assert log_in("dounia", client=known).status_code == 429


def test_guesses_on_a_known_device_are_braked_too(badr: User) -> None:
    known = log_in("badr").browser
    known.post("/logout/")
    for _ in range(10):
        log_in("badr", "guess", known)
    assert log_in("badr", client=known).status_code == 429
    assert log_in("badr").status_code == 302


def test_the_cookie_of_the_language_is_out_of_reach_of_scripts(badr: User) -> None:
    User.objects.filter(pk=badr.pk).update(language="ar")
    first = log_in("badr")
    chosen = first.browser.post(reverse("set_language"), {"language": "fr"})
    for answer, language in ((first, "ar"), (chosen, "fr")):
        cookie = answer.cookies[settings.LANGUAGE_COOKIE_NAME]
        assert (cookie.value, cookie["httponly"], cookie["samesite"]) == (language, True, "Lax")


def test_the_device_cookie_is_kept_as_a_hash_and_changes_each_time(badr: User) -> None:
    first = log_in("badr")
    cookie = first.cookies[settings.DEVICE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/login/")
    assert cookie.value not in str(KnownDevice.objects.values())
    first.browser.post("/logout/")
    second = log_in("badr", client=first.browser)
    assert second.cookies[settings.DEVICE_COOKIE_NAME].value != cookie.value
    assert KnownDevice.objects.filter(person=badr).count() == 1


def test_two_people_share_a_browser(badr: User, dounia: User) -> None:
    browser = log_in("badr").browser
    browser.post("/logout/")
    log_in("dounia", client=browser)
    browser.post("/logout/")
    for _ in range(LOGIN_BY_NAME.most):
        log_in("badr", "guess", Client(REMOTE_ADDR="203.0.113.9"))
    assert log_in("badr", client=browser).status_code == 302


def test_an_idle_session_ends_and_polling_does_not_keep_it(badr: User, settings: Any) -> None:
    settings.SESSION_IDLE_MINUTES = 30
    browser = log_in("badr").browser
    assert is_in(browser)
    session = browser.session
    session["seen_at"] = int(time.time()) - 29 * 60
    session.save()
    browser.get("/search/saved/counts/")
    assert browser.session["seen_at"] < time.time() - 28 * 60
    session = browser.session
    session["seen_at"] = int(time.time()) - 31 * 60
    session.save()
    answer = browser.get("/inbox/")
    assert answer["Location"].startswith("/login/")
    assert "session_expired" in kinds(badr)


def test_no_idle_limit_where_none_is_set(badr: User, settings: Any) -> None:
    settings.SESSION_IDLE_MINUTES = 0
    browser = log_in("badr").browser
    session = browser.session
    session["seen_at"] = int(time.time()) - 99 * 3600
    session.save()
    assert is_in(browser)


def test_a_session_ends_after_its_longest_time_though_it_is_used(badr: User, settings: Any) -> None:
    settings.SESSION_HOURS = 12
    browser = log_in("badr").browser
    assert is_in(browser)
    for hours, stays in ((11, True), (13, False)):
        session = browser.session
        session["signed_in_since"] = int(time.time()) - hours * 3600
        session.save()
        assert is_in(browser) is stays
    last = SecurityEvent.objects.filter(kind="session_expired").latest("pk")
    assert last.detail == {"why": "longest"}
    log_in("badr", client=browser)
    assert is_in(browser)  # anew, for as long again


def test_a_duty_may_ask_for_a_second_step(client_as: Browser, settings: Any, admin: User) -> None:
    settings.MFA_REQUIRED_DUTIES = {"administrator"}
    browser = client_as("admin")
    assert browser.get("/office/")["Location"] == "/account/second-step/"
    assert browser.get("/api/v1/jobs").status_code == 403
    assert browser.get("/account/second-step/").status_code == 200
    page = browser.get("/account/second-step/app/")
    secret = browser.session["mfa.totp.secret"]
    assert secret in page.content.decode()
    done = browser.post("/account/second-step/app/", {"code": code_now(secret)})
    assert done["Location"] == "/account/second-step/codes/"
    assert browser.get("/office/").status_code == 200
    assert client_as("amina").get("/tray/").status_code == 200
    refused = browser.post("/account/second-step/app/remove/").content.decode()
    assert 'role="alert"' in refused
    assert Authenticator.objects.filter(user=admin, type="totp").exists()


def test_without_the_second_step_of_a_duty_no_token_is_made_on_the_page_either(
    client_as: Browser, settings: Any, admin: User
) -> None:
    settings.MFA_REQUIRED_DUTIES = {"administrator"}
    browser = client_as("admin")
    given = {"name": "Script", "access": "write", "days": "30"}
    answer = browser.post("/account/tokens/new/", given)
    assert answer["Location"] == "/account/second-step/"
    assert browser.get("/account/tokens/")["Location"] == "/account/second-step/"
    assert not ApiToken.objects.filter(person=admin).exists()


def test_sessions_are_listed_and_ended_from_elsewhere(badr: User) -> None:
    here, there = log_in("badr").browser, log_in("badr").browser
    page = here.get("/account/sessions/")
    assert page.content.decode().count('class="row"') == 2
    assert here.post("/account/sessions/").status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert UserSession.objects.filter(user=badr).count() == 1
    assert "sessions_ended" in kinds(badr)


def test_who_was_deactivated_is_out_at_once(badr: User) -> None:
    browser = log_in("badr").browser
    set_active(badr, False, actor=None)
    assert not is_in(browser)
    User.objects.filter(pk=badr.pk).update(is_active=True)
    assert not is_in(browser)


def test_a_passkey_that_is_none_opens_nothing(client: Client, badr: User) -> None:
    asked = client.get("/login/passkey/", headers={"accept": "application/json"})
    assert "challenge" in asked.json()["request_options"]["publicKey"]
    deep, digits = "[" * 100_000, "9" * 5000
    for rubbish in ("", "{}", '{"id": "x", "response": {"userHandle": "MQ"}}', "[1]", deep, digits):
        answer = client.post("/login/passkey/", {"credential": rubbish})
        assert answer["Location"] == "/login/"
    assert not is_in(client)
    browser = log_in("badr").browser
    for rubbish in ('{"id": "x", "response": {}}', deep, digits):
        page = browser.post("/account/second-step/passkeys/new/", {"credential": rubbish})
        assert 'role="alert"' in page.content.decode()
    failed = SecurityEvent.objects.filter(kind="sign_in_failed", person=None)
    assert failed.count() == 6


def test_a_name_with_a_nul_is_nobodys(badr: User) -> None:
    known = log_in("badr").browser
    known.post("/logout/")
    assert log_in("ba\0dr", "x", known).status_code in {200, 400}


def test_standing_in_is_on_record(client_as: Browser, badr: User, chafik: User) -> None:
    from django.utils import timezone

    today = timezone.localdate().isoformat()
    form = {"person": badr.pk, "delegate": chafik.pk, "starts_on": today, "ends_on": today}
    assert client_as("badr").post("/absences/new/", form).status_code == 303
    row = SecurityEvent.objects.get(kind="rights_changed")
    assert (row.person, row.subject, row.detail["for"]) == (badr, chafik, "badr")


def test_a_session_is_drawn_anew_each_time_and_not_to_be_guessed(badr: User) -> None:
    """32 characters of 36 by `secrets` are more than 160 bits; nothing of them is taken over."""
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32  # a name that somebody else chose
    drawn = [log_in("badr", client=browser).browser.session.session_key]
    browser.post("/logout/")
    drawn += [log_in("badr", client=browser).browser.session.session_key]
    drawn += [log_in("badr").browser.session.session_key for _time in range(3)]
    assert len(set(drawn)) == 5
    for key in drawn:
        assert re.fullmatch(r"[a-z0-9]{32}", key)
        assert key != "a" * 32
        assert len(set(key)) > 8


def test_leaving_is_in_the_menu_of_every_page(badr: User) -> None:
    browser = log_in("badr").browser
    for path in ("/", "/inbox/", "/search/", "/account/", "/notifications/"):
        assert re.search(r'<form method="post"\s+action="/logout/"', page_of(browser, path)), path
    browser.post("/logout/")
    assert not is_in(browser)


def page_of(browser: Client, path: str) -> str:
    answer = browser.get(path, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())
