"""The cookie of known devices."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from identity.devices import DAYS, remember_device
from org.models import User
from web.shared.cookies import set_cookie


def know_device(request: HttpRequest, answer: HttpResponseBase, person: User) -> None:
    """Give this browser the cookie by which it is known for the person."""
    name = settings.DEVICE_COOKIE_NAME
    value = remember_device(request.COOKIES.get(name, ""), person=person)
    set_cookie(answer, name, value, seconds=DAYS * 86_400, path=settings.LOGIN_URL)
