"""How long the sessions of a browser last: of staff, and what citizens have open."""

import time
from typing import Any, Final

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from org.models import User
from web.portal import open_forms, visit
from web.portal.bills import proven
from web.portal.payment import kept
from web.portal.space import session as space
from web.shared.shown import Lasting, shown_on
from web.signin.middleware import HERE, ends_at

STAFF: Final = "staff"


@require_safe
def left(request: HttpRequest) -> JsonResponse:
    """Answer what is open in this browser, and for how long.

    To ask keeps nothing open, but with `?here`: somebody types or clicks on a page of it.
    """
    if HERE in request.GET:
        space.person_in(request)
    return JsonResponse(_told(lasting(request)))


def lasting_on(request: HttpRequest) -> dict[str, Any]:
    """Return the same of what the page shows; nothing where anybody may see it."""
    user = getattr(request, "user", None)  # None: refused before anybody was looked for
    if user is None or not (user.is_authenticated or shown_on(request)):
        return {}
    shown = {STAFF, *shown_on(request)}
    found = {kind: one for kind, one in lasting(request).items() if kind in shown}
    return _told(found)


def lasting(request: HttpRequest) -> dict[str, Lasting]:
    """Return each session and each thing of a citizen that is open, by its kind."""
    found: dict[str, Lasting | None] = {
        space.KEY: space.lasting(request),
        visit.KEY: visit.lasting(request),
        space.PROVEN: proven.lasting(request),
        **open_forms.lasting(request),
        **kept.lasting(request),
    }
    if isinstance(request.user, User):
        found[STAFF] = Lasting(f"staff:{request.user.pk}", ends_at(request))
    now = time.time()
    return {
        kind: one
        for kind, one in found.items()
        if one is not None and (one.until is None or one.until >= now)
    }


def _told(found: dict[str, Lasting]) -> dict[str, Any]:
    now = time.time()
    return {kind: one.told(now) for kind, one in found.items()}
