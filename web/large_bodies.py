"""The check of a request with a large body before it is read: whose it is, and how large."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from web.api.errors import answer_plainly
from web.header_checks import (
    CROWDED,
    HEADER_CHECK,
    View,
    accept_body,
    announced_length,
    is_header_check,
)
from web.uploads import request_limit

CROWDED_SECONDS: Final = 30


class LargeBodies:
    """Middleware that answers requests of headers alone, before the CSRF check reads the body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer of the view.

        A request of headers alone changes nothing, so it needs no CSRF check.
        """
        if is_header_check(request):
            request.csrf_processing_done = True  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        """Check a request of headers alone; return None to go on to the view.

        Views of the API check the caller and the size themselves.
        """
        if not is_header_check(request):
            return None
        if request.META[HEADER_CHECK] == CROWDED:
            return _crowded(request)
        if hasattr(view, "cls"):
            return None
        if check := getattr(view, "check_headers", None):
            return check(request) or accept_body(most=request_limit())
        return _of_person(request, view)


def _of_person(request: HttpRequest, view: View) -> HttpResponseBase:
    """Accept files of people who are signed in; of others, no more than a form of texts has."""
    known = getattr(request, "user", None) is not None and request.user.is_authenticated
    most = request_limit() if known else int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)
    if announced_length(request) <= most:
        return accept_body(most=most)
    if not known and getattr(view, "asks_who", False):
        return redirect_to_login("/")
    raise RequestDataTooBig


def _crowded(request: HttpRequest) -> HttpResponse:
    answer: HttpResponse
    if request.path.startswith("/api/"):
        answer = answer_plainly(request, "throttled")
    else:
        words = _("Too many attempts. Wait a little.")
        answer = render(request, "web/malformed.html", {"words": words}, status=429)
    answer.headers["Retry-After"] = str(CROWDED_SECONDS)
    return answer
