"""The flags of the office's own cookies; those of Django's stand in `config.browsing`."""

from django.conf import settings
from django.http import HttpResponseBase


def set_cookie(
    answer: HttpResponseBase, name: str, value: str, *, seconds: int | None = None, path: str = "/"
) -> None:
    """Give a browser a cookie for so many seconds, None: until it is closed.

    No script reads it, no other site sends it along, and nothing carries it without https where
    the office has https.
    """
    answer.set_cookie(
        name,
        value,
        max_age=seconds,
        path=path,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )
