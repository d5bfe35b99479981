"""The provider tells that a session there is over: what it says ends ours, and nobody else does."""

import json
import time
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.core import context
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client, RequestFactory

from identity.models import SecurityEvent
from org.models import User
from tests.services.sim_eid import CLIENT
from tests.web.away import simulated_provider
from tests.web.signin.test_log_in import SECRET, code_now, is_in, log_in
from tests.web.signin.test_untrue_providers import office, visit
from web.signin.adapter import SESSION_THERE
from web.signin.backchannel_logout import CALLS, EVENT

pytestmark = pytest.mark.django_db
PATH = "/login/provider/office/ended/"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The provider's address."""
    with simulated_provider() as address:
        yield address


@pytest.fixture(autouse=True)
def _office_with_it(settings: Any, provider: str) -> None:
    office(settings, f"{provider}/citizen")


def signed_in() -> Client:
    browser = Client(enforce_csrf_checks=True)
    plain = Client()
    plain.get(visit(plain))
    browser.cookies = plain.cookies
    assert is_in(browser)
    return browser


def token(provider: str, *, by: str = "citizen", **changes: Any) -> str:
    """Return a token of a log-out that the provider signs; None leaves a claim out."""
    claims: dict[str, Any] = {
        "iss": f"{provider}/citizen", "aud": CLIENT, "iat": int(time.time()), "jti": "one",
        "sub": "subject-one", "events": {EVENT: {}},
    }  # fmt: skip
    claims = {name: value for name, value in (claims | changes).items() if value is not None}
    address = f"{provider}/{by}/signed?{urlencode({'claims': json.dumps(claims)})}"
    with urllib.request.urlopen(address, timeout=20) as answer:
        return str(json.load(answer)["token"])


def tell(given: str) -> int:
    """Call as the provider does, without a session and without a token of forms."""
    caller = Client(enforce_csrf_checks=True)
    return int(caller.post(PATH, {"logout_token": given}).status_code)


def test_all_sessions_of_the_person_that_it_began_end(provider: str, badr: User) -> None:
    first, second, by_password = signed_in(), signed_in(), log_in("badr").browser
    amina = log_in("amina").browser
    assert tell(token(provider)) == 200
    assert [is_in(each) for each in (first, second, by_password, amina)] == [
        *(False, False, True, True),
    ]
    row = SecurityEvent.objects.get(kind="sessions_ended")
    assert (row.person, row.subject, row.detail) == (None, badr, {"way": "provider", "sessions": 2})


@pytest.mark.parametrize("with_sub", [True, False])
def test_of_a_named_session_that_one_ends(provider: str, with_sub: bool) -> None:
    first, second = signed_in(), signed_in()
    name = first.session[SESSION_THERE]
    sub = "subject-one" if with_sub else None
    assert tell(token(provider, sid=name, sub=sub)) == 200
    assert (is_in(first), is_in(second)) == (False, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"by": "key"},
        {"by": "access"},
        {"iss": "https://elsewhere.example"},
        {"aud": "somebody-else"},
        {"iat": 1_700_000_000},
        {"events": None},
        {"events": {"http://schemas.openid.net/event/other": {}}},
        {"events": "backchannel-logout"},
        {"nonce": "an ID token is none"},
        {"sub": None},
        {"jti": None},
        {"exp": 1_700_000_000},
        {"iat": "1700000000"},
        {"iat": [1]},
        {"iat": 1e400},
    ],
)
def test_what_is_not_to_be_believed_ends_nothing(provider: str, changes: dict[str, Any]) -> None:
    browser = signed_in()
    assert tell(token(provider, **changes)) == 400
    assert is_in(browser)
    assert not SecurityEvent.objects.filter(kind="sessions_ended").exists()


@pytest.mark.parametrize("rubbish", ["", "x", "a.b.c", "é" * 40, "eyJhbGciOiJub25lIn0.e30."])
def test_rubbish_ends_nothing_and_breaks_nothing(rubbish: str) -> None:
    browser = signed_in()
    assert tell(rubbish) == 400
    assert is_in(browser)


def test_a_session_begun_over_one_by_password_or_with_a_second_step_ends_too(
    provider: str, badr: User
) -> None:
    browser = log_in("badr").browser
    browser.get(visit(browser))
    with context.request_context(RequestFactory().get("/")):
        TOTP.activate(badr, SECRET)
    second = Client()
    second.get(visit(second))
    assert not is_in(second)
    cache.clear()  # no code of this half minute is used yet
    second.post("/login/code/", {"code": code_now()})
    assert (is_in(browser), is_in(second)) == (True, True)
    assert tell(token(provider)) == 200
    assert (is_in(browser), is_in(second)) == (False, False)


def test_a_visit_there_that_let_nobody_in_marks_no_later_session(provider: str, badr: User) -> None:
    User.objects.filter(pk=badr.pk).update(email="")
    browser = Client()
    browser.get(visit(browser))
    assert not is_in(browser)
    assert is_in(log_in("badr", client=browser).browser)
    assert SESSION_THERE not in browser.session


def test_who_signed_in_since_the_token_was_written_stays(provider: str) -> None:
    browser = signed_in()
    assert tell(token(provider, iat=int(time.time()) - 200)) == 200
    assert is_in(browser)


@pytest.mark.parametrize("way", ["", "back/", "ended/"])
def test_a_provider_of_another_name_is_not_found(way: str) -> None:
    assert Client().post(f"/login/provider/elsewhere/{way}").status_code == 404


def test_somebody_unknown_is_no_error(provider: str) -> None:
    browser = signed_in()
    assert tell(token(provider, sub="subject-nobody")) == 200
    assert is_in(browser)


def test_calls_are_braked_and_a_provider_that_is_away_is_told(provider: str, settings: Any) -> None:
    assert Client().get(PATH).status_code == 405
    given = token(provider)
    office(settings, "http://127.0.0.1:9/citizen")
    answer = Client().post(PATH, {"logout_token": given})
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    for _time in range(CALLS.most):
        if Client().post(PATH).status_code == 429:
            break
    assert Client().post(PATH).status_code == 429
