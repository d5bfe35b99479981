"""Facts of a session: read until their time is over, under a new key of the session."""

import time

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from web.shared.timed_facts import TimedFacts

pytestmark = pytest.mark.django_db
FACTS = TimedFacts("portal.tried", 60)


@pytest.fixture
def request_() -> HttpRequest:
    request = HttpRequest()
    request.session, request.user = SessionStore(), AnonymousUser()
    request.session.create()
    return request


def test_what_is_kept_is_read_until_its_time_is_over(
    request_: HttpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_800_000_000.9
    monkeypatch.setattr(time, "time", lambda: now)
    FACTS.keep(request_, letter="A", fresh=True)
    facts = FACTS.read(request_)
    assert facts == {"letter": "A", "fresh": True, "until": 1_800_000_060}
    now = 1_800_000_060.0
    assert FACTS.read(request_) == facts
    now = 1_800_000_060.1
    assert FACTS.read(request_) is None
    assert FACTS.stored(request_) == facts


def test_other_facts_take_the_place_of_the_former_ones(request_: HttpRequest) -> None:
    FACTS.keep(request_, letter="A", person="1")
    FACTS.keep(request_, letter="B")
    assert FACTS.stored(request_).keys() == {"letter", "until"}


def test_the_session_gets_a_new_key_and_lives_as_long(request_: HttpRequest) -> None:
    before = request_.session.session_key
    FACTS.keep(request_, letter="A")
    assert request_.session.session_key != before
    assert request_.session.get_expiry_age() == 60


def test_what_is_forgotten_or_no_facts_at_all_is_not_read(request_: HttpRequest) -> None:
    assert FACTS.read(request_) is None
    FACTS.keep(request_, letter="A")
    FACTS.forget(request_)
    assert (FACTS.read(request_), FACTS.stored(request_)) == (None, {})
    request_.session[FACTS.key] = "text"
    assert (FACTS.read(request_), FACTS.stored(request_)) == (None, {})
