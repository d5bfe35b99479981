"""Counting attempts: across processes, without a trace of who it was."""

import pytest
from django.test import Client, RequestFactory

from tests.factories import person
from web.addresses import address_of
from web.models import Attempt
from web.throttle import (
    LOGIN_BY_NAME,
    TOKEN_BY_NAME,
    Limit,
    TooManyAttemptsError,
    check_limit,
    count_attempt,
    take_back,
)

pytestmark = pytest.mark.django_db
LIMIT = Limit("test", 3, 600)


def test_after_the_limit_one_waits_and_others_do_not() -> None:
    for _ in range(LIMIT.most):
        count_attempt(LIMIT, "192.0.2.1")
    with pytest.raises(TooManyAttemptsError) as refused:
        count_attempt(LIMIT, "192.0.2.1")
    assert 0 < refused.value.wait <= LIMIT.seconds
    count_attempt(LIMIT, "192.0.2.2")


def test_a_look_counts_nothing_and_tells_when_one_more_is_too_many() -> None:
    for _ in range(LIMIT.most):
        check_limit(LIMIT, "192.0.2.1")
        count_attempt(LIMIT, "192.0.2.1")
    with pytest.raises(TooManyAttemptsError):
        check_limit(LIMIT, "192.0.2.1")
    check_limit(LIMIT, "192.0.2.2")


def test_a_new_window_begins_from_nothing_and_the_old_one_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for moment in (1_000_000.0, 1_000_000.0 + 2 * LIMIT.seconds):
        monkeypatch.setattr("web.throttle.time.time", lambda moment=moment: moment)
        for _ in range(LIMIT.most):
            count_attempt(LIMIT, "192.0.2.1")
    assert Attempt.objects.count() == 1


def test_the_address_itself_is_nowhere_in_the_table() -> None:
    count_attempt(LIMIT, "192.0.2.1")
    row = Attempt.objects.get()
    assert "192.0.2.1" not in f"{row.bucket}{row.key_hash}{row.window}"


def test_what_was_right_is_taken_back_and_no_more_than_that() -> None:
    take_back(LIMIT, "192.0.2.1")
    for _ in range(LIMIT.most):
        count_attempt(LIMIT, "192.0.2.1")
    take_back(LIMIT, "192.0.2.1")
    count_attempt(LIMIT, "192.0.2.1")
    with pytest.raises(TooManyAttemptsError):
        count_attempt(LIMIT, "192.0.2.1")


@pytest.mark.parametrize(
    ("address", "most", "right"),
    [("/login/", LOGIN_BY_NAME.most, 302), ("/api/v1/token", TOKEN_BY_NAME.most, 200)],
)
def test_who_knows_the_password_is_never_braked_and_who_guesses_is(
    address: str, most: int, right: int
) -> None:
    amina = person("amina")
    amina.set_password("mot de passe juste")
    amina.save()
    wrong = {"username": "amina", "password": "guess"}
    for _ in range(most + 5):
        answer = Client().post(address, {"username": "amina", "password": "mot de passe juste"})
        assert answer.status_code == right
    for _ in range(most):
        assert Client().post(address, wrong).status_code != 429
    assert Client().post(address, wrong).status_code == 429


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.7", "192.0.2.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "1.1.1.1, 203.0.113.7", "203.0.113.7"),
        (2, "1.1.1.1, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7", "192.0.2.1"),
        (1, "rubbish", "unknown"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1::/56"),
        (1, "2001:db8:1:ff:3:4:5:6", "2001:db8:1::/56"),
        (1, "2001:db8:1:102:3:4:5:6", "2001:db8:1:100::/56"),
        (1, "::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_an_address_is_what_our_own_proxies_saw(
    settings: pytest.FixtureRequest, proxies: int, forwarded: str, address: str
) -> None:
    settings.PROXIES = proxies  # type: ignore[attr-defined]
    request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded})
    request.META["REMOTE_ADDR"] = "192.0.2.1"
    assert address_of(request) == address
