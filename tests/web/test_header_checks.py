"""Who announces a large body: looked at by token, size and brake, while nothing of it was sent."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from channels.services import make_key
from org.models import User
from registry.models.letters import Letter
from tests.factories import api_key
from web.header_checks import ALONE, CROWDED, HEADER_CHECK, MOST
from web.models import Attempt
from web.throttle import DEPOSIT_BY_ADDRESS, Limit, count_attempt
from web.uploads import request_limit

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
MB = 1024 * 1024
FORM = "multipart/form-data; boundary=x"


def ask_by_headers(client: Client, path: str, *, size: int = 40 * MB, **more: Any) -> Any:
    """The server's question: the headers of a POST, and no byte of its body."""
    headers = {"CONTENT_LENGTH": str(size), "CONTENT_TYPE": FORM, HEADER_CHECK: ALONE} | more
    return client.generic("POST", path, **headers)


def token_of(username: str) -> str:
    return f"Token {api_key(username)}"


def test_the_office_may_deposit_and_nothing_is_done_at_the_knock(client: Client) -> None:
    answer = ask_by_headers(client, "/api/v1/letters", HTTP_AUTHORIZATION=token_of("amina"))
    assert (answer.status_code, answer[MOST]) == (204, str(request_limit()))
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("authorization", "status"), [("", 401), ("Token wrong", 401), ("Key wrong", 401)]
)
def test_without_a_right_token_nothing_is_read(
    client: Client, authorization: str, status: int
) -> None:
    more: dict[str, Any] = {"HTTP_AUTHORIZATION": authorization} if authorization else {}
    answer = ask_by_headers(client, "/api/v1/letters", **more)
    assert answer.status_code == status
    assert answer.json()["error"]["code"] == "not_authenticated"


def test_who_may_not_deposit_is_told_before(client: Client) -> None:
    answer = ask_by_headers(client, "/api/v1/letters", HTTP_AUTHORIZATION=token_of("badr"))
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/api/v1/letters", "/portal/deposit/", "/deposit/"])
def test_what_is_too_large_is_said_to_be_so(client_as: Browser, path: str) -> None:
    api = path.startswith("/api")
    more: dict[str, Any] = {"HTTP_AUTHORIZATION": token_of("amina")} if api else {}
    answer = ask_by_headers(client_as("amina"), path, size=request_limit() + 1, **more)
    assert answer.status_code == 413
    assert MOST not in answer


def test_a_citizen_comes_in_until_the_brake_is_hit(client: Client) -> None:
    assert ask_by_headers(client, "/portal/deposit/").status_code == 204
    assert not Attempt.objects.exists()
    for _ in range(DEPOSIT_BY_ADDRESS.most):
        count_attempt(DEPOSIT_BY_ADDRESS, "127.0.0.1")
    answer = ask_by_headers(client, "/portal/deposit/")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_pieces_are_taken_in_a_visit_alone(client: Client) -> None:
    answer = ask_by_headers(client, "/follow/pieces/")
    assert (answer.status_code, answer["Location"]) == (303, "/follow/")


def test_no_form_of_a_stranger_is_larger_than_a_form(client: Client) -> None:
    assert ask_by_headers(client, "/login/", size=100_000).status_code == 204
    assert ask_by_headers(client, "/login/").status_code == 413


def test_whose_session_ended_is_asked_to_log_in(client: Client, client_as: Browser) -> None:
    assert ask_by_headers(client_as("amina"), "/deposit/").status_code == 204
    answer = ask_by_headers(client, "/deposit/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")


@pytest.mark.parametrize("path", ["/api/v1/letters", "/portal/deposit/"])
def test_who_has_many_under_way_waits(client: Client, path: str) -> None:
    crowded: dict[str, Any] = {HEADER_CHECK: CROWDED}
    answer = ask_by_headers(client, path, **crowded)
    assert answer.status_code == 429
    assert answer["Retry-After"]


def test_a_partners_knock_is_not_a_deposit(admin: User, client: Client) -> None:
    key, text = make_key(
        partner="Commune", actor=admin, may_deposit=True, may_follow=True, per_hour=1
    )
    answer = ask_by_headers(client, "/api/v1/partner/letters", HTTP_AUTHORIZATION=f"Key {text}")
    assert answer.status_code == 204
    assert not Attempt.objects.filter(bucket="partner.key").exists()
    count_attempt(Limit("partner.key", 1, 3600), key.public)
    answer = ask_by_headers(client, "/api/v1/partner/letters", HTTP_AUTHORIZATION=f"Key {text}")
    assert answer.status_code == 429


def test_no_client_can_knock_by_a_header(client: Client) -> None:
    answer = client.get("/login/", headers={HEADER_CHECK: ALONE})
    assert answer.status_code == 200


def test_an_unknown_address_takes_nothing(client: Client) -> None:
    assert ask_by_headers(client, "/no-such-page/").status_code == 404
