"""Forms of the portal that take large files of anybody: checked before the files are read."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from web.header_checks import announced_length
from web.portal.access import View, wait_words
from web.proof import check_from
from web.retry_later import braked
from web.throttle import Limit, TooManyAttemptsError
from web.uploads import request_limit, takes_uploads


def refusal_by(limit: Limit) -> Callable[[HttpRequest], HttpResponse | None]:
    """Return a check for `checked_by`: of the request's size, and of the attempts by `limit`.

    It answers 413 or 429, or returns None where the files may come.
    """

    def check(request: HttpRequest) -> HttpResponse | None:
        if announced_length(request) > request_limit():
            return _too_much(request)
        try:
            check_from(request, limit)
        except TooManyAttemptsError as error:
            words = {"words": wait_words(error)}
            return braked(render(request, "web/malformed.html", words, status=429), error)
        return None

    return check


def _too_much(request: HttpRequest) -> HttpResponse:
    context = {"limit_mb": settings.UPLOAD_MAX_MB, "limit_files": settings.UPLOAD_MAX_FILES}
    return render(request, "portal/service_form/too_much.html", context, status=413)


def with_uploads(
    view: View,
    request: HttpRequest,
    *args: Any,
    too_much: Callable[[HttpRequest], HttpResponse] = _too_much,
) -> HttpResponseBase:
    """Return the answer of `view` to a form whose files are read as uploads, checked for CSRF.

    A form that is too large is answered by `too_much`.
    """
    if request.method == "POST" and announced_length(request) > request_limit():
        return too_much(request)
    return takes_uploads(view)(request, *args)
