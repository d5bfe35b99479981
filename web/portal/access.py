"""Access checks of the citizens' pages, redirects, and the words for too many attempts."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from web.portal.visit import VisitOverError
from web.retry_later import try_again
from web.throttle import TooManyAttemptsError

View = Callable[..., HttpResponseBase]


def of_visit(view: View) -> View:
    """Guard a page of the visited letter; once the visit is over, go back to number and code."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except VisitOverError:
            return closed(request)

    return guarded


def by_citizen(view: View) -> View:
    """Guard an action that is the sender's alone.

    Nobody who is logged in as staff here may do it, whatever code they have.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and request.user.is_authenticated:
            messages.error(request, _("You are logged in as staff: only the sender does this."))
            return see("portal:rate", *kwargs.values()) if kwargs else see("portal:letter")
        return view(request, *args, **kwargs)

    return guarded


def closed(request: HttpRequest) -> HttpResponse:
    """Redirect back to number and code, and say why."""
    words = _("For your protection the page was closed. Please give number and code again.")
    messages.info(request, words)
    return see("portal:follow")


def see(name: str, *args: Any, query: Mapping[str, str] | None = None) -> HttpResponse:
    """Redirect to a page, by 303."""
    answer = redirect(reverse(name, args=args, query=query))
    answer.status_code = 303
    return answer


def wait_words(error: TooManyAttemptsError) -> str:
    """Return when another attempt is allowed, in words."""
    return " ".join((_("Too many attempts from your connection."), try_again(error)))
