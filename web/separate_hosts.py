"""The desk and the citizens' portal on hosts of their own, where STAFF_URL names one for the desk.

A session belongs to its host, and a page reads the answers of its own host alone: a flaw in one of
the two does not reach the other.
"""

from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import ResolverMatch

from org.addresses import is_staffs

# Programs come with a key of their own, whichever host they call.
BOTH: Final = {"api", "scim"}
# What pages of both hosts need, and what monitoring asks for.
BOTH_NAMES: Final = {
    *("desk:home", "desk:healthz", "readyz", "metrics", "set_language", "session_left"),
    *("portal:icon", "portal:logo", "portal:manifest", "portal:theme", "portal:security"),
}
PUBLIC: Final = {"portal", "biller"}


def is_answered_at(match: ResolverMatch, *, staff: bool) -> bool:
    """Return whether an address is answered at the host of staff, or at that of citizens."""
    part = match.namespaces[0] if match.namespaces else ""
    if part in BOTH or match.view_name in BOTH_NAMES:
        return True
    return (part not in PUBLIC) is staff


class SeparateHosts:
    """Middleware that answers 404 to an address of the other host.

    A link from a page of the desk to a page of citizens is redirected to their host.
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer of the view, or of `process_view`."""
        answer: HttpResponse = self.get_response(request)
        return answer

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Return None where the address is answered here. Raise Http404 elsewhere."""
        match = request.resolver_match
        if not settings.STAFF_URL or match is None:
            return None
        staff = is_staffs(request.get_host())
        if is_answered_at(match, staff=staff):
            return None
        if staff and match.namespaces[:1] == ["portal"] and request.method in ("GET", "HEAD"):
            return HttpResponseRedirect(f"{settings.PUBLIC_URL}{request.get_full_path()}")
        raise Http404
