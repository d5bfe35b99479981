"""Signing in through an OpenID Connect provider: a real one, in a process of its own."""

import json
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.test import Client

from identity.models import SecurityEvent
from org.models import User
from tests.services.process import free_port
from tests.web.signin.test_log_in import is_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PEOPLE = (
    {"sub": "b-1", "email": "badr@example.org", "email_verified": True},
    {"sub": "c-1", "email": "chafik@example.org", "email_verified": False},
    {"sub": "x-1", "email": "stranger@example.org", "email_verified": True},
)


class _Stays(urllib.request.HTTPRedirectHandler):
    """Follows nothing: where a redirect leads is what a test asks."""

    def redirect_request(self, *args: Any) -> None:
        return None


OPENER = urllib.request.build_opener(_Stays)


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The provider's address; it knows three people."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    for claims in PEOPLE:
        command += ["--user-claims", json.dumps(claims)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 60
    try:
        while True:
            try:
                with urllib.request.urlopen(f"{address}/.well-known/openid-configuration"):
                    break
            except urllib.error.URLError:
                assert process.poll() is None, "the provider does not start"
                assert time.monotonic() < until, "the provider does not answer"
                time.sleep(0.1)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


@pytest.fixture(autouse=True)
def _office_with_it(settings: Any, provider: str) -> None:
    settings.OIDC_URL, settings.OIDC_NAME, settings.OIDC_NEAR = provider, "Annuaire", True
    app = {
        "provider_id": "office",
        "name": "Annuaire",
        "client_id": "sijill",
        "secret": "a-secret-of-the-tests",
        "settings": {"server_url": provider, "fetch_userinfo": True},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
    }


@pytest.fixture
def with_address(badr: User, chafik: User) -> User:
    User.objects.filter(pk=chafik.pk).update(email="chafik@example.org")
    badr.email = "badr@example.org"
    badr.save()
    return badr


def log_in_there(sub: str, *, back: str = "", browser: Client | None = None) -> Any:
    """Walk to the provider, say who one is there, and come back; our last answer."""
    browser = browser or Client()
    page = browser.post("/login/provider/office/" + (f"?next={back}" if back else ""))
    assert page.status_code == 200
    target = unescape(re.findall(r'class="button[^"]*" href="([^"]+)"', page.content.decode())[0])
    assert "code_challenge=" in target
    form = urllib.request.Request(target, urllib.parse.urlencode({"sub": sub}).encode())
    try:
        OPENER.open(form)
        raise AssertionError("the provider did not lead back")
    except urllib.error.HTTPError as led:
        location = led.headers["Location"]
    assert location.startswith("http://testserver/login/provider/office/back/?")
    answer = browser.get(location.removeprefix("http://testserver"))
    answer.browser = browser  # type: ignore[attr-defined]
    return answer


def test_the_log_in_page_offers_it_by_name() -> None:
    page = Client().get("/login/").content.decode()
    assert "Se connecter par Annuaire" in page


def test_a_person_whom_the_office_knows_comes_in(with_address: User) -> None:
    answer = log_in_there("b-1", back="/inbox/")
    assert (answer.status_code, answer["Location"]) == (302, "/inbox/")
    assert is_in(answer.browser)
    kinds = SecurityEvent.objects.filter(person=with_address).order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == ["provider_connected", "signed_in"]
    assert is_in(log_in_there("b-1").browser)  # the second time by what was connected
    assert SecurityEvent.objects.filter(kind="provider_connected").count() == 1


def test_the_connection_holds_when_the_address_changes(with_address: User) -> None:
    log_in_there("b-1")
    User.objects.filter(pk=with_address.pk).update(email="other@example.org")
    assert is_in(log_in_there("b-1").browser)


@pytest.mark.parametrize("sub", ["x-1", "c-1"])
def test_strangers_and_unverified_addresses_stay_out(with_address: User, sub: str) -> None:
    before = User.objects.count()
    answer = log_in_there(sub)
    assert answer["Location"] == "/login/"
    assert not is_in(answer.browser)
    assert User.objects.count() == before
    assert SecurityEvent.objects.get().kind == "provider_refused"


def test_who_left_stays_out_though_the_provider_knows_them(with_address: User) -> None:
    log_in_there("b-1")
    User.objects.filter(pk=with_address.pk).update(is_active=False)
    answer = log_in_there("b-1")
    assert answer["Location"] == "/login/"
    assert not is_in(answer.browser)


def test_a_second_step_is_asked_for_here_too(with_address: User) -> None:
    from allauth.core import context
    from allauth.mfa.totp.internal.auth import TOTP
    from django.test import RequestFactory

    with context.request_context(RequestFactory().get("/")):
        TOTP.activate(with_address, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    answer = log_in_there("b-1")
    assert answer["Location"] == "/login/code/"
    assert not is_in(answer.browser)


def test_an_answer_that_nobody_asked_for_opens_nothing(with_address: User) -> None:
    browser = Client()
    answer = browser.get("/login/provider/office/back/?code=stolen&state=made-up")
    assert answer["Location"] == "/login/"
    assert not is_in(browser)


def test_nobody_is_sent_there_by_a_link() -> None:
    assert Client().get("/login/provider/office/").status_code == 405
