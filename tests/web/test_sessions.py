"""The key of a session is renewed, and the one before goes on for its grace or not at all."""

from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory

from org.models import User
from web.shared.sessions import end_before, has_fixed_end, renew_key

pytestmark = pytest.mark.django_db
STORE: Any = import_module(settings.SESSION_ENGINE).SessionStore


def _request(key: str) -> Any:
    request = RequestFactory().get("/")
    request.session, request.user = STORE(session_key=key), AnonymousUser()
    return request


def _stored(**held: str) -> str:
    session = STORE()
    session.update(held)
    session.create()
    return str(session.session_key)


def _renewed(request: Any) -> str:
    renew_key(request, grace=120)
    request.session.save()
    return str(request.session.session_key)


def test_what_was_sent_again_goes_on_without_the_end_of_the_key_before() -> None:
    before = _stored(visit="one")
    first, again = _renewed(_request(before)), _renewed(_request(before))
    assert len({before, first, again}) == 3
    assert has_fixed_end(STORE(session_key=before))
    for key in (first, again):
        assert STORE(session_key=key)["visit"] == "one"
        assert not has_fixed_end(STORE(session_key=key))


def test_a_session_that_was_ended_meanwhile_is_not_gone_on_with() -> None:
    before = _stored(visit="one")
    request = _request(before)
    assert request.session["visit"] == "one"
    STORE(session_key=before).delete()  # somebody left in another tab
    after = STORE(session_key=_renewed(request))
    assert "visit" not in after
    assert [one.session_key for one in Session.objects.all()] == [after.session_key]


def test_two_that_end_at_once_end_what_was_before_once() -> None:
    before = _stored(visit="one")
    now = _renewed(_request(before))
    one, other = STORE(session_key=now), STORE(session_key=now)
    assert one["visit"] == other["visit"]
    for session in (one, other):
        end_before(session)
        session.save()
    assert [row.session_key for row in Session.objects.all()] == [now]


def test_each_key_before_is_ended_however_many_there_are() -> None:
    key = _stored(visit="one")
    for _time in range(3):
        key = _renewed(_request(key))
    assert Session.objects.count() == 4
    end_before(STORE(session_key=key))
    assert [row.session_key for row in Session.objects.all()] == [key]


def test_a_session_without_an_end_of_its_own_ends_what_was_before() -> None:
    session = STORE(session_key=_stored())
    end_before(session)
    assert Session.objects.count() == 1


def test_requests_sent_together_under_a_new_secret_key_sign_nobody_out(
    client: Client, amina: User, settings: Any
) -> None:
    """A page asks for several things at once: each comes with the cookie of before."""
    client.force_login(amina)
    before, name = client.cookies[settings.SESSION_COOKIE_NAME].value, settings.SESSION_COOKIE_NAME
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-of-the-office-0123456789-abcdefghij"
    for _request in range(3):
        together = Client()
        together.cookies[name] = before
        answer = together.get("/tray/")
        assert answer.status_code == 200
        assert together.cookies[name].value == before
    settings.SECRET_KEY_FALLBACKS = []  # it is proven by the new key by now
    assert client.get("/tray/").status_code == 200


def test_a_session_of_a_password_of_before_is_ended(client: Client, amina: User) -> None:
    client.force_login(amina)
    amina.set_password("Un-autre-mot-de-passe-47!")
    amina.save()
    answer = client.get("/tray/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/?next=/tray/")
