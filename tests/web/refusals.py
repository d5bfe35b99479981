"""What a refusal says, without the page that says it: for tests that only ask whether it is one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from web.shared import guard


@contextmanager
def plain_refusals() -> Iterator[None]:
    """Answer 403, 404 and 405 with the bare words that the page would say, not with the page.

    Each of a thousand refusals would draw the same page, with its menu and its counts, from nothing
    but the request and these words.
    """
    with pytest.MonkeyPatch.context() as patch:
        for status in (403, 404):
            patch.setattr(f"config.urls.handler{status}", _plainly(status))
        patch.setattr(guard, "render", _words_of_a_verb)
        patch.setattr(settings, "CSRF_FAILURE_VIEW", f"{__name__}.form_refused")
        yield


def _words_of_a_verb(request: HttpRequest, template: str, context: Any) -> HttpResponse:
    """Say what stands on the page of a verb that was opened as if it were a page."""
    if template != "web/malformed.html":
        return render(request, template, context)
    return HttpResponse(context["words"], content_type="text/plain")


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form without the sign of its page."""
    return HttpResponse(reason, status=403, content_type="text/plain")


def _plainly(status: int) -> Callable[..., HttpResponse]:
    def answer(request: HttpRequest, exception: Any = None) -> HttpResponse:
        words = [str(exception), *map(str, messages.get_messages(request))]
        return HttpResponse("\n".join(words), status=status, content_type="text/plain")

    return answer
