"""Every address of signing in, tried by seven kinds of people and by nobody."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.undone import each
from web.signin.urls import urlpatterns

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
PEOPLE: Final = ("amina", "badr", "dounia", "chafik", "direction", "audit", "admin")
ARGUMENTS: Final[dict[str, dict[str, Any]]] = {
    "openid_connect_login": {"provider_id": "office"},
    "openid_connect_callback": {"provider_id": "office"},
    "openid_connect_ended": {"provider_id": "office"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "rubbish-key"},
    "mfa_remove_webauthn": {"pk": 1},
    "revoke_token": {"token_id": 1},
}
# What nobody, without a session, is told: the page, or to log in.
OF_ANYBODY: Final = {
    "account_login": 200,
    "account_logout": 405,
    "mfa_authenticate": 302,  # without a password given before: to the log-in
    "mfa_login_webauthn": 302,
    "socialaccount_login_cancelled": 302,
    "socialaccount_login_error": 302,
    "socialaccount_signup": 302,
    "openid_connect_login": 404,  # no provider is set
    "openid_connect_callback": 404,
    "openid_connect_ended": 404,
    "account_reset_password": 200,
    "account_reset_password_done": 200,
    "account_reset_password_from_key": 200,
    "account_reset_password_from_key_done": 200,
    "session_left": 200,
}
# What everybody who is logged in is told about their own account.
OF_ONESELF: Final = {
    "account": 200,
    "account_reauthenticate": 200,
    "account_change_password": 200,
    "account_set_password": 302,
    "socialaccount_connections": 200,
    "usersessions_list": 200,
    "mfa_index": 200,
    "mfa_activate_totp": 200,
    "mfa_deactivate_totp": 404,
    "mfa_list_webauthn": 302,
    "mfa_add_webauthn": 200,
    "mfa_remove_webauthn": 404,
    "mfa_view_recovery_codes": 404,
    "mfa_generate_recovery_codes": 200,
    "tokens": 200,
    "new_token": 405,
    "revoke_token": 405,
}
OF_A_DUTY: Final = {
    "security": {"audit": 200, "admin": 200},
    "security_export": {"audit": 200},
}


def _address(name: str) -> str:
    return reverse(name, kwargs=ARGUMENTS.get(name, {}))


def test_every_address_is_in_the_matrix() -> None:
    names = {pattern.name for pattern in urlpatterns}
    assert names == set(OF_ANYBODY) | set(OF_ONESELF) | set(OF_A_DUTY)


def test_nobody_sees_what_is_open_to_anybody(client: Client) -> None:
    def attempt(name: str) -> None:
        assert client.get(_address(name)).status_code == OF_ANYBODY[name]

    each(sorted(OF_ANYBODY), attempt)


def test_nobody_is_sent_to_the_log_in_for_all_else(client: Client) -> None:
    def attempt(name: str) -> None:
        answer = client.get(_address(name))
        to_log_in = answer.status_code == 302 and answer["Location"].startswith("/login/")
        assert to_log_in or answer.status_code in {403, 405}

    each(sorted(set(OF_ONESELF) | set(OF_A_DUTY)), attempt)


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_sees_their_own_account(who: str, client_as: Browser) -> None:
    browser = client_as(who)

    def attempt(name: str) -> None:
        assert browser.get(_address(name)).status_code == OF_ONESELF[name]

    each(sorted(OF_ONESELF), attempt)


@pytest.mark.parametrize("who", PEOPLE)
def test_the_record_is_for_its_duties(who: str, client_as: Browser) -> None:
    browser = client_as(who)

    def attempt(name: str) -> None:
        assert browser.get(_address(name)).status_code == OF_A_DUTY[name].get(who, 403)

    each(sorted(OF_A_DUTY), attempt)


def test_the_account_is_in_the_menu_of_everybody(client_as: Browser) -> None:
    for who in PEOPLE:
        page = client_as(who).get("/account/").content.decode()
        assert page.count('href="/account/"') == 2
        assert ('href="/security/"' in page) == (who in OF_A_DUTY["security"])
