"""What a session needs when its person signs in or proves more, and when it ends."""

import contextlib
import time
from datetime import timedelta
from typing import Final

from allauth.account.internal.flows.login import get_authentication_records
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from eservices.people.models import PersonSession

EXPIRY: Final = "_session_expiry"  # Django's: seconds, or the moment of a fixed end
GRACE: Final = 120  # seconds in which what was sent is sent again, where the answer was lost
_BEFORE: Final = "session.before"  # the key from which this session went on by grace


def renew_key(request: HttpRequest, *, grace: int = 0) -> None:
    """Give the session a new key, so that the one before opens nothing any more.

    With `grace` that one still opens for so many seconds what it opened before this request, where
    nobody of staff is in: the answer that brings the new key may be lost on its way. Without it
    that grace is over, too, which the session still had.
    """
    before = request.session.session_key
    if before and grace and not request.user.is_authenticated:
        _begin_beside(request, before, grace)
    else:
        end_before(request.session)
        request.session.cycle_key()
    if before:
        now = request.session.session_key
        UserSession.objects.filter(session_key=before).update(session_key=now)
        PersonSession.objects.filter(key=before).update(key=now)


def _begin_beside(request: HttpRequest, before: str, grace: int) -> None:
    """Go on under a new key; the session stored under the one before ends soon by itself.

    One that was ended meanwhile, in another tab, is not gone on with: the new one is empty.
    """
    now, old = request.session, type(request.session)(session_key=before)
    if not old.exists(before):
        now.flush()
        now.create()
        return
    if has_fixed_end(now):  # the fixed end of a key that was renewed already
        del now[EXPIRY]
    now.create()
    now[_BEFORE] = before
    if not has_fixed_end(old):  # else its end stands already
        old.set_expiry(timezone.now() + timedelta(seconds=grace))
    if old.session_key is None:  # its time was over: to save it would begin one more
        return
    with contextlib.suppress(UpdateError):  # it ended by itself meanwhile
        old.save()


def end_before(session: SessionBase) -> None:
    """End the sessions from which this one went on by grace, where they are not over."""
    key = session.pop(_BEFORE, None)
    while key:
        old = type(session)(session_key=key)
        key = old.get(_BEFORE)
        old.delete()


def has_fixed_end(session: SessionBase) -> bool:
    """Return whether the session goes on under another key, and ends soon by itself."""
    return isinstance(session.get(EXPIRY), str)


def lengthen(request: HttpRequest, seconds: int) -> None:
    """Let the session live that long, where nobody of staff is in; one that lives longer stays so.

    So does one whose end is fixed. Several things may be open in it, and each keeps its own end
    besides.
    """
    if request.user.is_authenticated or has_fixed_end(request.session):
        return
    age = request.session.get_expiry_age()
    if age < seconds or age == settings.SESSION_COOKIE_AGE:  # the latter: none is set
        request.session.set_expiry(seconds)


def is_fresh(request: HttpRequest) -> bool:
    """Return whether the person signed in or confirmed themselves within CONFIRM_MINUTES."""
    user = request.user
    records = get_authentication_records(request, user) if user.is_authenticated else []
    return bool(records) and time.time() - records[-1]["at"] < settings.CONFIRM_MINUTES * 60


def forget_pages(answer: HttpResponse) -> HttpResponse:
    """Let the browser drop what it kept of pages and pictures; its known devices it keeps."""
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer
