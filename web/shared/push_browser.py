"""The cookie that says which subscription to pushes is this browser's, so that it can end here."""

from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from notices.models import PushBrowser
from notices.pushing import COOKIE_DAYS, forget, forget_all, forget_without_cookie
from org.models import User
from web.shared.cookies import set_cookie

_SALT: Final = "web.shared.push_browser"


def know_push_browser(answer: HttpResponse, row: PushBrowser) -> None:
    """Give the browser that subscribes the cookie of its subscription."""
    PushBrowser.objects.filter(pk=row.pk).update(has_cookie=True)
    value = signing.dumps(row.pk, salt=_SALT)
    set_cookie(answer, settings.PUSH_COOKIE_NAME, value, seconds=COOKIE_DAYS * 86_400)


def end_pushes_here(request: HttpRequest, answer: HttpResponse, person: User | None) -> None:
    """End the subscription of the browser in which the person logs out.

    One without a readable cookie may have subscribed before there were cookies: then every
    subscription of that time ends that the person has, since one of them may be this browser's.
    """
    if request.COOKIES.get(settings.PUSH_COOKIE_NAME, ""):
        answer.delete_cookie(settings.PUSH_COOKIE_NAME, samesite="Lax")
    here = _here(request)
    if here:
        forget(here)
    elif person is not None:
        forget_without_cookie(person)


def end_pushes_elsewhere(request: HttpRequest, person: User) -> None:
    """End all subscriptions of the person but this browser's, as their other sessions end."""
    forget_all(person, but=_here(request))


def _here(request: HttpRequest) -> int:
    """Return the subscription that the browser's cookie names; 0 without a readable one."""
    given = request.COOKIES.get(settings.PUSH_COOKIE_NAME, "")
    try:
        return int(signing.loads(given, salt=_SALT))
    except signing.BadSignature:
        return 0
