"""Where a request comes from, and the cookie of known devices."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from identity.devices import DAYS, remember_device
from org.models import User
from web.throttle import address_of

UNKNOWN: Final = "0.0.0.0"  # noqa: S104 - no address to bind to, but one that is not known


def plain_address(request: HttpRequest) -> str:
    """Return the address for a column of addresses: of an IPv6 network its first."""
    seen = address_of(request)
    return UNKNOWN if seen == "unknown" else seen.partition("/")[0]


def know_device(request: HttpRequest, answer: HttpResponseBase, person: User) -> None:
    """Give this browser the cookie by which it is known for the person."""
    answer.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        remember_device(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), person=person),
        max_age=DAYS * 86_400,
        path=settings.LOGIN_URL,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )
