"""Answers to requests that are malformed, refused, astray or failed: a page, or the API's error."""

import sys
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from registry.refusals import Refusal
from web.api.error_codes import WORDS
from web.api.errors import answer_plainly
from web.middleware import LongQueryError
from web.register_away import database_away
from web.retry_later import unavailable


def malformed(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Answer a request that is malformed, or larger than is accepted."""
    too_long = isinstance(exception, LongQueryError)
    if _is_api(request):
        return answer_plainly(request, "too_long" if too_long else "malformed")
    words = str(WORDS["too_long"][1]) if too_long else _too_much(exception)
    status = 414 if too_long else 413 if words else 400
    return render(request, "web/malformed.html", {"words": words}, status=status)


def _too_much(exception: Any) -> str:
    if isinstance(exception, TooManyFilesSent):
        return Refusal("too_many_files").words()
    return str(WORDS["too_large"][1]) if isinstance(exception, RequestDataTooBig) else ""


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Answer 404, which does not reveal whether the thing is missing or hidden from this user."""
    if _is_api(request):
        return answer_plainly(request, "not_found")
    return render(request, "web/not_found.html", status=404)


def not_allowed(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Answer 403; the sentence says what is not allowed, where it is known."""
    if _is_api(request):
        return answer_plainly(request, "not_allowed")
    words = str(exception) if exception and exception.args else ""
    return render(request, "web/not_allowed.html", {"words": words}, status=403)


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form without the sign of its page: one of another site, or one open too long.

    The way back is the page that it came from, where that is one of ours.
    """
    if _is_api(request):
        return answer_plainly(request, "not_allowed")
    back = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return render(request, "web/form_refused.html", {"back": back if ours else "/"}, status=403)


def failed(request: HttpRequest, *, away: bool | None = None) -> HttpResponse:
    """Answer a server error in the browser's language, without the database (perhaps `away`).

    Where nothing is said of it, the error that is being handled tells: a session is read, and the
    database met, before any view.
    """
    if away is None:
        error = sys.exception()
        away = error is not None and database_away(error)
    if _is_api(request):
        return answer_plainly(request, "unavailable" if away else "server_error")
    translation.activate(translation.get_language_from_request(request))
    answer = HttpResponse(render_to_string("web/failed.html", {"away": away}), status=500)
    return unavailable(answer) if away else answer


def _is_api(request: HttpRequest) -> bool:
    """Return whether the request is to the API, whose errors have one JSON shape."""
    return request.path.startswith(("/api/", "/scim/"))
