"""A passkey in a real browser with a virtual authenticator: made, enough alone, and as second step;
an app with codes with JavaScript off."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.journeys.office import PASSWORD, Office
from tests.journeys.visitor import DESKTOP, PHONE, AtHostName, Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def chafik(chromium: Any, office: Office) -> Iterator[AtHostName]:
    visitor = AtHostName(chromium, office, size=DESKTOP)
    visitor.carry_passkeys()
    yield visitor
    visitor.context.close()


def test_a_passkey_is_made_and_lets_its_person_in(chafik: AtHostName) -> None:
    page = chafik.page
    chafik.log_in("chafik")
    chafik.open("/account/second-step/passkeys/new/")
    page.click("form[data-passkey] button.primary")
    page.wait_for_url("**/account/second-step/codes/")
    assert page.locator(".codes li").count() == 10
    chafik.log_out()

    page.click("form[data-passkey] button")  # no name, no password
    page.wait_for_url(lambda url: "/login" not in url)
    chafik.log_out()

    page.fill("#id_username", "chafik")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/login/code/")
    page.click("form[data-passkey] button")
    page.wait_for_url(lambda url: "/login" not in url)

    chafik.open("/account/second-step/")
    page.click("a.danger")
    page.click("button.danger")
    page.wait_for_url("**/account/second-step/")
    assert page.locator("a.danger").count() == 0
    assert chafik.complaints == []


def test_an_app_with_codes_needs_no_javascript(chromium: Any, office: Office) -> None:
    visitor = Visitor(chromium, office, size=PHONE, script=False)
    page = visitor.page
    visitor.log_in("dounia")
    visitor.open("/account/second-step/app/")
    assert page.locator("figure svg").is_visible()
    secret = re.sub(r"\s", "", page.inner_text("code.key"))
    page.fill("#id_code", format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.click("form.card button.primary")
    page.wait_for_url("**/account/second-step/codes/")
    visitor.open("/account/second-step/app/remove/")
    page.click("button.danger")
    page.wait_for_url("**/account/second-step/")
    visitor.context.close()
