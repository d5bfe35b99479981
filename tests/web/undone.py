"""Many tries on one office: what a try changes is taken back before the next."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from tests import every

What = TypeVar("What")


@contextmanager
def undone() -> Iterator[None]:
    """Take back what the block writes, as the end of a test would."""
    inner = transaction.atomic()
    inner._from_testcase = True  # type: ignore[attr-defined]  # durable blocks may stand in it
    with inner:
        yield
        transaction.set_rollback(True)


def each(whats: Iterable[What], attempt: Callable[[What], None]) -> None:
    """Try all of them, each on the office as it stands; then fail with every one that failed."""

    def attempt_and_undo(what: What) -> None:
        with undone():
            attempt(what)

    every.each(whats, attempt_and_undo)


@contextmanager
def plain_refusals() -> Iterator[None]:
    """Answer 403 and 404 with the bare words that the page would say, not with the page.

    Each of a thousand refusals would draw the same page, with its menu and its counts, from nothing
    but the request and these words.
    """
    with pytest.MonkeyPatch.context() as patch:
        for status in (403, 404):
            patch.setattr(f"config.urls.handler{status}", _plainly(status))
        yield


def _plainly(status: int) -> Callable[..., HttpResponse]:
    def answer(request: HttpRequest, exception: Any = None) -> HttpResponse:
        words = [str(exception), *map(str, messages.get_messages(request))]
        return HttpResponse("\n".join(words), status=status, content_type="text/plain")

    return answer
