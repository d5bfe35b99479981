"""Who a request is of, by the session; one that an old SECRET_KEY proves keeps its own key.

Django gives such a session another key in the database and ends the one before at once: of the
requests that a page sends together all but the first would be signed out, and the person with them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import auth
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject


class Authentication(AuthenticationMiddleware):
    """Middleware that sets who is signed in."""

    def process_request(self, request: HttpRequest) -> None:
        """Set the person, who is fetched when somebody asks for them."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _person(request))  # type: ignore[assignment]


def _person(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    known: AbstractBaseUser | AnonymousUser | None = getattr(request, "_cached_user", None)
    if known is None:
        with _keeping_key(request.session):
            known = auth.get_user(request)
        request._cached_user = known  # type: ignore[attr-defined]
    return known


@contextmanager
def _keeping_key(session: SessionBase) -> Iterator[None]:
    """Let the session be proven by today's SECRET_KEY without giving it another key."""
    session.cycle_key = lambda: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        del session.cycle_key
