"""Requirements on every request, and the security headers of every answer.

Nothing from other hosts, nothing inline, nothing cached.
"""

import re
import secrets
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.gzip import GZipMiddleware

from jobs.log_context import log_fields
from org.people import cached_permissions
from web.retry_later import SAVES_SESSION

# The strictest policy that works for pages without inline scripts or styles.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
# What a deposited file gets when a browser shows it: no scripts, no forms, no other addresses.
FILE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; "
    "sandbox"
)
PERMISSIONS = ", ".join(
    f"{name}=()"
    for name in ("camera", "microphone", "geolocation", "payment", "usb", "browsing-topics")
)


LONGEST_QUERY = 4000  # bytes after the "?"; the longest search with every facet has a tenth of it


class LongQueryError(BadRequest):
    """The query of the address is longer than is read here."""


_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIds:
    """Middleware that names each request in the log and in its answer (X-Request-ID).

    A proxy's name for it is taken over where it is a plain one; without a proxy, nobody's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer with the id."""
        given = request.headers.get("X-Request-ID", "") if settings.PROXIES else ""
        name = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        with log_fields(request=name):
            answer = self.get_response(request)
        answer["X-Request-ID"] = name
        return answer


class NoKeysInTheClear:
    """Middleware that refuses a program which calls by plain http where the office has https.

    A browser is led on to https; a program that is led on sends its key in the clear each time, and
    nobody notices.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer of the view, or the refusal, which is in one language for programs."""
        plain = settings.SECURE_SSL_REDIRECT and not request.is_secure()
        if plain and request.path.startswith(("/api/", "/scim/")):
            told = {"code": "https_only", "message": "Call this address by https."}
            return JsonResponse({"error": told}, status=HTTPStatus.FORBIDDEN)
        return self.get_response(request)


class PlainRequests:
    """Middleware that refuses over-long queries and NUL characters.

    No browser sends NUL, and PostgreSQL takes it in no text: a cookie with one is dropped, an
    address with one is malformed. Stands before the sessions.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer of the view, which sees plain cookies only."""
        for name in [name for name, value in request.COOKIES.items() if "\0" in value]:
            del request.COOKIES[name]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Raise BadRequest; this late, so that the error page knows its language."""
        if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
            raise LongQueryError("a query beyond all measure")
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the address")


class PermissionCacheMiddleware:
    """Middleware that reads the caller's permissions once while a page is made.

    Functions that change something read them anew each time.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer of the view."""
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with cached_permissions():
            return self.get_response(request)


class Sessions(SessionMiddleware):
    """Sessions that are saved with a form to be sent again later, too.

    Of answers from 500 on Django saves none; the files kept for such a form would belong to nobody.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Return the answer with the cookie of a changed session."""
        if not getattr(response, SAVES_SESSION, False):
            return super().process_response(request, response)
        status, response.status_code = response.status_code, HTTPStatus.OK
        answered = super().process_response(request, response)
        answered.status_code = status
        return answered


class SecurityHeaders:
    """Middleware that adds the headers that a view has not set itself.

    A page is not cached by default: nearly all of them show letters, and a shared computer must not
    show them after log-out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer of the view, with its headers."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class PageCompression(GZipMiddleware):
    """Middleware that compresses pages in which a secret never stands beside a stranger's words.

    The length of a compressed page reveals a secret in it to somebody who can put guesses into the
    same page (BREACH): only pages requested without a query are compressed, never the answer to a
    form, nor an error, which repeats its address. The framework masks the token of forms anew in
    each page and pads with random bytes.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Return the answer, compressed where it may be."""
        if not _is_plain_page(request, response):
            return response
        return super().process_response(request, response)


def _is_plain_page(request: HttpRequest, response: HttpResponseBase) -> bool:
    return (
        request.method == "GET"
        and not request.META.get("QUERY_STRING")
        and response.status_code == HTTPStatus.OK
        and response.headers.get("Content-Type", "").startswith("text/html")
    )
