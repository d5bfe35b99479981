"""The provider of staff: what is not to be believed of it lets nobody in."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from allauth.socialaccount.models import SocialToken
from django.test import Client
from django.urls import reverse

from org.models import User
from tests.services.sim_eid import CLIENT, SECRET
from tests.web.away import OPENER, simulated_provider
from tests.web.signin.test_log_in import is_in

pytestmark = pytest.mark.django_db
EID_BACK = "/my/eid/back/"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The provider's address, below which each name has a fault of its own."""
    with simulated_provider() as address:
        yield address


def office(settings: Any, address: str, *, near: bool = True) -> None:
    settings.OIDC_URL, settings.OIDC_NAME, settings.OIDC_NEAR = address, "Annuaire", near
    app = {
        "provider_id": "office", "name": "Annuaire", "client_id": CLIENT, "secret": SECRET,
        "settings": {"server_url": address, "fetch_userinfo": True},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
    }
    User.objects.filter(username="badr").update(email="badr@example.org")


def visit(browser: Client) -> str:
    """Go to the provider; return the way back with its answer, "" where one is not led there."""
    page = browser.post("/login/provider/office/")
    if page.status_code != 200:
        assert page["Location"] == "/login/"
        return ""
    target = unescape(re.findall(r'class="button[^"]*" href="([^"]+)"', page.content.decode())[0])
    assert "nonce=" in target
    with pytest.raises(urllib.error.HTTPError) as sent:
        OPENER.open(target, timeout=20)
    back = str(sent.value.headers["Location"])
    sent.value.close()
    return back[back.index("/login/provider/office/back/") :]


def test_who_is_told_rightly_comes_in_once(settings: Any, provider: str) -> None:
    office(settings, f"{provider}/citizen")
    browser = Client()
    back = visit(browser)
    browser.get(back)
    assert is_in(browser)
    browser.post("/logout/")
    browser.get(back)
    assert not is_in(browser)


@pytest.mark.parametrize(
    "name",
    [
        *("refusal", "nonce", "audience", "issuer", "key", "none", "expired", "somebody"),
        *("other", "moved", "plain-http", "nowhere/else", "weak"),
        *("endless", "lasting", "listed"),
    ],
)
def test_what_is_not_to_be_believed_lets_nobody_in(settings: Any, provider: str, name: str) -> None:
    office(settings, f"{provider}/{name}", near=name != "plain-http")
    browser = Client()
    if back := visit(browser):
        assert browser.get(back)["Location"] == "/login/"
    assert not is_in(browser)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("nonce", "the ID token is of another sign-in"),
        ("audience", "InvalidAudienceError"),
        ("expired", "ExpiredSignatureError"),
        ("somebody", "somebody else"),
        ("other", "not the metadata of OIDC_URL"),
        ("refusal", "cancelled"),
    ],
)
def test_why_a_sign_in_by_the_provider_failed_is_logged_without_the_person(
    settings: Any, provider: str, caplog: pytest.LogCaptureFixture, name: str, why: str
) -> None:
    office(settings, f"{provider}/{name}")
    browser = Client()
    if back := visit(browser):
        browser.get(back)
    (line,) = [one.getMessage() for one in caplog.records if one.name == "web.signin.untrue"]
    assert why in line
    assert "badr" not in line


STRONG = ["urn:two-factors", "urn:smart-card"]


def test_a_strong_sign_in_there_is_asked_for_and_comes_in(settings: Any, provider: str) -> None:
    office(settings, f"{provider}/citizen")
    settings.OIDC_ACR, settings.OIDC_MAX_AGE_MINUTES = STRONG, 30
    browser = Client()
    browser.get(visit(browser))
    assert is_in(browser)


@pytest.mark.parametrize(
    ("name", "demanded"),
    [
        ("one-factor", {"OIDC_ACR": STRONG}),
        ("silent", {"OIDC_ACR": STRONG}),
        ("long-ago", {"OIDC_MAX_AGE_MINUTES": 30}),
        ("silent", {"OIDC_MAX_AGE_MINUTES": 30}),
    ],
)
def test_a_weaker_or_older_sign_in_there_lets_nobody_in(
    settings: Any, provider: str, name: str, demanded: dict[str, Any]
) -> None:
    office(settings, f"{provider}/{name}")
    browser = Client()
    browser.get(visit(browser))
    assert is_in(browser)  # what is not demanded is not looked at
    for setting, value in demanded.items():
        setattr(settings, setting, value)
    browser = Client()
    assert browser.get(visit(browser))["Location"] == "/login/"
    assert not is_in(browser)


def test_an_answer_of_another_browsers_sign_in_lets_nobody_in(settings: Any, provider: str) -> None:
    office(settings, f"{provider}/citizen")
    browser, other = Client(), Client()
    back = visit(browser)
    visit(other)
    assert other.get(back)["Location"] == "/login/"
    assert not is_in(other)


def test_what_the_provider_gave_us_stays_here_for_one_answer(settings: Any, provider: str) -> None:
    """Neither the browser nor its session nor the database keeps a token of the provider."""
    office(settings, f"{provider}/citizen")
    browser = Client()
    answer = browser.get(visit(browser))
    assert is_in(browser)
    kept = json.dumps(dict(browser.session.items()), default=str)
    kept += str(answer.headers) + answer.content.decode() + str(browser.cookies)
    assert not re.search(r"eyJ[\w-]{8,}\.|access_token|id_token", kept)
    assert not SocialToken.objects.exists()


def test_each_of_the_two_providers_answers_at_an_address_of_its_own() -> None:
    staff = reverse("openid_connect_callback", args=["office"])
    assert (staff, reverse("portal:space_eid_back")) == ("/login/provider/office/back/", EID_BACK)
    assert staff != EID_BACK
