"""Answer 503 while the database accepts nothing (full, down, locked for long, read-only).

The transaction was rolled back: no part of the request is done.
"""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from web.error_pages import failed
from web.register_away import database_away

log = logging.getLogger(__name__)


class DatabaseAway:
    """Middleware that answers 503 where a page met a database that cannot serve it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer of the view."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page for an unavailable database; None for any other error."""
        if not database_away(error):
            return None
        log.error("the database cannot serve a page", exc_info=error)
        return failed(request, away=True)
