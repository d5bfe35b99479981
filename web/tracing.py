"""A span for each request, named by its route: no address with a person or a secret in it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from opentelemetry.trace import SpanKind, StatusCode

from jobs.log_context import current_fields
from jobs.tracing import parent_of, spanning


class Traces:
    """Middleware that records requests where TRACES_URL is set.

    A trace begun by a proxy goes on (its `traceparent`), where one of ours stands in front.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer; what is streamed after it is not part of the span."""
        given = request.headers.get("traceparent", "") if settings.PROXIES else ""
        method = str(request.method)
        told = {"http.request.method": method, "request.id": current_fields().get("request", "")}
        with spanning(method, SpanKind.SERVER, told, parent=parent_of(given)) as span:
            answer = self.get_response(request)
            found = request.resolver_match
            route = f"/{found.route}" if found else "unknown"
            span.update_name(f"{method} {route}")
            span.set_attribute("http.route", route)
            span.set_attribute("http.response.status_code", answer.status_code)
            if answer.status_code >= 500:
                span.set_status(StatusCode.ERROR)
        return answer
