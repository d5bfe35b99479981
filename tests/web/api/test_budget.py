"""What a caller may ask in a minute and at once, and what it is told of it."""

import threading
from typing import Any

import pytest
from django.test import Client

from tests.factories import api_key
from web import budget
from web.budget import Budget, Lane
from web.throttle import TooManyAttemptsError


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """No count of another test."""
    monkeypatch.setattr("web.api.view.ALL", Budget("all"))
    monkeypatch.setattr("web.api.view.HEAVY", Budget("heavy"))


def _client(username: str) -> Client:
    return Client(headers={"Authorization": f"Token {api_key(username)}"})


@pytest.mark.django_db
def test_one_caller_is_held_back_and_others_go_on(settings: Any) -> None:
    settings.API_PER_MINUTE = 3
    amina, badr = _client("amina"), _client("badr")
    left = [amina.get("/api/v1/me")["RateLimit"] for _ in range(3)]
    assert [one.split(";")[1] for one in left] == ["r=2", "r=1", "r=0"]
    refused = amina.get("/api/v1/me")
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "throttled")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["RateLimit"] == f'"all";r=0;t={refused["Retry-After"]}'
    answer = badr.get("/api/v1/me")
    assert answer.status_code == 200
    assert answer["RateLimit-Policy"] == '"all";q=3;w=60'


@pytest.mark.django_db
def test_heavy_questions_have_a_limit_of_their_own(settings: Any) -> None:
    settings.API_HEAVY_PER_MINUTE = 1
    amina = _client("amina")
    assert amina.get("/api/v1/search?q=eau")["RateLimit"].startswith('"heavy";r=0')
    refused = amina.get("/api/v1/search?q=eau")
    assert refused.status_code == 429
    assert refused["RateLimit"].startswith('"heavy";r=0')
    assert amina.get("/api/v1/me").status_code == 200
    settings.API_HEAVY_PER_MINUTE = settings.API_PER_MINUTE = 0
    answer = amina.get("/api/v1/search?q=eau")
    assert answer.status_code == 200
    assert "RateLimit" not in answer


@pytest.mark.django_db
def test_work_counts_as_heavy_where_senders_are_compared(settings: Any) -> None:
    settings.API_HEAVY_PER_MINUTE = 1
    amina, work = _client("amina"), "/api/v1/assignments?state=open"
    assert amina.get(f"{work}&sender=tazi")["RateLimit"].startswith('"heavy";r=0')
    assert amina.get(f"{work}&sender=tazi").status_code == 429
    assert amina.get(work).status_code == 200


@pytest.mark.django_db
def test_a_place_is_free_again_after_an_error(settings: Any) -> None:
    settings.WEB_THREADS = 2
    amina = _client("amina")
    for _ in range(3):
        assert amina.get("/api/v1/search?limit=no").status_code == 400
    assert amina.get("/api/v1/search?q=eau").status_code == 200


def test_so_many_at_once_and_no_more() -> None:
    lane = Lane()
    with (
        lane.entered("one", most=2),
        lane.entered("one", most=2),
        lane.entered("two", most=2),
        pytest.raises(TooManyAttemptsError),
        lane.entered("one", most=2),
    ):
        pass
    with lane.entered("one", most=1):
        pass


def test_threads_count_each_request_once() -> None:
    counted, refused = Budget("all"), []

    def ask() -> None:
        for _ in range(200):
            try:
                counted.take("one", most=500)
            except TooManyAttemptsError:
                refused.append(1)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 300


def test_memory_does_not_grow_with_callers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "_KEPT", 10)
    counted = Budget("all")
    for number in range(100):
        counted.take(str(number), most=1)
    assert len(counted._counts) == 10
