"""How long the sessions of a browser last: those of staff and of citizens."""

import time
from typing import Any, Final

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from org.models import User
from web.portal import open_forms, visit
from web.portal.bills import proven
from web.portal.payment import session
from web.portal.space import session as space
from web.shared.session_ends import SessionEnd, sessions_shown_on
from web.signin.middleware import HERE, ends_at

STAFF: Final = "staff"


@require_safe
def left(request: HttpRequest) -> JsonResponse:
    """Answer which sessions are open in this browser, and for how long.

    The request prolongs none, but with `?here`: somebody types or clicks on a page.
    """
    if HERE in request.GET:
        space.person_in(request)
    return JsonResponse(_as_json(open_sessions(request)))


def sessions_on_page(request: HttpRequest) -> dict[str, Any]:
    """Return the sessions of which the page shows something; none where anybody may see it."""
    user = getattr(request, "user", None)  # None: refused before anybody was looked for
    if user is None or not (user.is_authenticated or sessions_shown_on(request)):
        return {}
    shown = {STAFF, *sessions_shown_on(request)}
    found = {kind: one for kind, one in open_sessions(request).items() if kind in shown}
    return _as_json(found)


def open_sessions(request: HttpRequest) -> dict[str, SessionEnd]:
    """Return the ends of the open sessions by their kinds."""
    found: dict[str, SessionEnd | None] = {
        space.KEY: space.session_end(request),
        visit.KEY: visit.session_end(request),
        space.PROVEN: proven.session_end(request),
        **open_forms.session_ends(request),
        **session.session_ends(request),
    }
    if isinstance(request.user, User):
        found[STAFF] = SessionEnd(f"staff:{request.user.pk}", ends_at(request))
    now = time.time()
    return {
        kind: one
        for kind, one in found.items()
        if one is not None and (one.until is None or one.until >= now)
    }


def _as_json(found: dict[str, SessionEnd]) -> dict[str, Any]:
    now = time.time()
    return {kind: one.as_json(now) for kind, one in found.items()}
