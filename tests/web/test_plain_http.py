"""An office with an https address, called by plain http: people are led on, programs refused."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import api_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def behind_https(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^api/", r"^scim/", r"^healthz$", r"^readyz$"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize("path", ["/api/v1/me", "/scim/v2/Users", "/api/biller/v1/bills/fetch"])
def test_a_program_that_calls_plain_http_is_refused_and_led_nowhere(
    behind_https: None, path: str
) -> None:
    client = Client(headers={"authorization": f"Token {api_key('amina')}"})
    answer = client.get(path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "https_only")
    assert "Location" not in answer
    by_https = client.get(path, headers={"x-forwarded-proto": "https"})
    assert "https_only" not in by_https.content.decode()


def test_people_are_led_on(behind_https: None) -> None:
    answer = Client().get("/login/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/login/")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_probe_that_asks_by_plain_http_is_answered(behind_https: None, path: str) -> None:
    """A balancer takes a redirect for an office that does not answer."""
    answer = Client().get(path)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer
    further = Client().get(f"{path}/more")
    assert further.status_code == 301
