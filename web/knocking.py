"""Check of requests with a large body before it is read: token, size and rate limit.

The server first calls the office with the headers alone and `KNOCK` in the environment, where no
client can set it. An answer 204 that says `MOST` means: read the body, up to so many bytes, and
call again with it. Any other answer is the final one.
"""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from web.api.errors import answer_plainly
from web.uploads import request_limit

KNOCK: Final = "sijill.knock"
KNOCKED: Final = "alone"
CROWDED: Final = "crowded"  # as many large bodies of the same address are being read already
MOST: Final = "X-Sijill-Most"
CROWDED_SECONDS: Final = 30

View = Callable[..., HttpResponseBase]
Look = Callable[[HttpRequest], HttpResponseBase | None]


def knocks(request: HttpRequest) -> bool:
    """Return whether the request has headers alone."""
    return KNOCK in request.META


def announced(request: HttpRequest) -> int:
    """Return the bytes of the body, as its header says; 0 where none does."""
    return int(request.META.get("CONTENT_LENGTH") or 0)


def come_in(*, most: int) -> HttpResponse:
    """Return the answer that the body is wanted, up to so many bytes."""
    return HttpResponse(status=204, headers={MOST: str(most)})


def looked_at_by(look: Look) -> Callable[[View], View]:
    """Register a check for a view that takes files of anybody.

    `look` refuses them by an answer, or returns None.
    """

    def mark(view: View) -> View:
        view.look = look  # type: ignore[attr-defined]
        return view

    return mark


class Knocking:
    """Middleware that answers requests of headers alone, before the CSRF check reads the body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer of the view.

        A request of headers alone changes nothing, so it needs no CSRF check.
        """
        if knocks(request):
            request.csrf_processing_done = True  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        """Check a request of headers alone; return None to go on to the view.

        Views of the API check the caller and the size themselves.
        """
        if not knocks(request):
            return None
        if request.META[KNOCK] == CROWDED:
            return _crowded(request)
        if hasattr(view, "cls"):
            return None
        if look := getattr(view, "look", None):
            return look(request) or come_in(most=request_limit())
        return _of_person(request, view)


def _of_person(request: HttpRequest, view: View) -> HttpResponseBase:
    """Accept files of people who are logged in; of others, no more than a form of texts has."""
    known = getattr(request, "user", None) is not None and request.user.is_authenticated
    most = request_limit() if known else int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)
    if announced(request) <= most:
        return come_in(most=most)
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
