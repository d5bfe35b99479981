"""The cookie of known devices."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from identity.devices import DAYS, remember_device
from org.models import User


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
