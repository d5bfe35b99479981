"""What the server and the views say of a large body before it is read.

The server first calls the office with the headers alone and `HEADER_CHECK` in the environment,
where no client can set it. An answer 204 that says `MOST` means: read the body, up to so many
bytes, and call again with it. Any other answer is the final one. `web.large_bodies` gives it.
"""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase

HEADER_CHECK: Final = "sijill.header_check"
ALONE: Final = "alone"
CROWDED: Final = "crowded"  # as many large bodies of the same address are being read already
MOST: Final = "X-Sijill-Most"

View = Callable[..., HttpResponseBase]
Check = Callable[[HttpRequest], HttpResponseBase | None]


def is_header_check(request: HttpRequest) -> bool:
    """Return whether the request has headers alone."""
    return HEADER_CHECK in request.META


def announced_length(request: HttpRequest) -> int:
    """Return the bytes of the body, as its header says; 0 where none does."""
    return int(request.META.get("CONTENT_LENGTH") or 0)


def accept_body(*, most: int) -> HttpResponse:
    """Return the answer that the body is wanted, up to so many bytes."""
    return HttpResponse(status=204, headers={MOST: str(most)})


def checked_by(check: Check) -> Callable[[View], View]:
    """Register a check for a view that takes files of anybody.

    `check` refuses them by an answer, or returns None.
    """

    def mark(view: View) -> View:
        view.check_headers = check  # type: ignore[attr-defined]
        return view

    return mark
