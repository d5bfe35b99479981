"""The guard of my space: who is not in goes to the sign-in; what is not theirs does not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from eservices.people.models import Person
from search.contract import InvalidCursor
from web.portal.space.session import is_proven, person_in

View = Callable[..., HttpResponseBase]
LONGEST_ADDRESS: Final = 2000


class SpaceRequest(HttpRequest):
    """A request of a citizen who is in."""

    person: Person


def page(view: View) -> View:
    """Guard a page of my space that is only read."""
    return require_safe(_guarded(view))


def verb(view: View) -> View:
    """Guard an action of my space: by POST only."""
    return require_POST(_guarded(view))


def form(view: View) -> View:
    """Guard a page of my space with a form that posts to itself."""
    return require_http_methods(["GET", "HEAD", "POST"])(_guarded(view))


def proven(back: str, *, also_read: bool = False) -> Callable[[View], View]:
    """Guard what changes the ways in: who has not just shown who they are confirms it first.

    They come back to the page named, and do it again there; with `also_read` before they fill in.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            read = request.method != "POST"
            if is_proven(request) or (read and not also_read):
                return view(request, *args, **kwargs)
            if read:
                return to_confirm(back)
            messages.warning(request, _("Confirm that it is you, then do it again."))
            return to_confirm(back)

        return guarded

    return wrap


def to_confirm(back: str) -> HttpResponseRedirect:
    """Redirect to where a person confirms that it is they, and comes back from to a page."""
    query = urlencode({"next": reverse(back)})
    return HttpResponseRedirect(f"{reverse('portal:space_confirm')}?{query}", status=303)


def page_to(request: HttpRequest, wanted: str) -> str:
    """Return the citizen's page to go on to; the front of my space for any other address."""
    known = wanted.startswith("/my/") and len(wanted) <= LONGEST_ADDRESS
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if known and safe else reverse("portal:space")


def plain(request: HttpRequest) -> None:
    """Raise BadRequest for NUL characters, which the database stores in no text."""
    if any("\0" in value for _name, values in request.POST.lists() for value in values):
        raise BadRequest("NUL in a form")


def uuid_in(text: str) -> UUID:
    """Return the id that a form names. Raise Http404 for what is none."""
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def _guarded(view: View) -> View:
    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person = person_in(request)
        if person is None:
            # Only a page can be gone back to; which one it was is told by its address alone.
            back = request.path if request.method in ("GET", "HEAD") else reverse("portal:space")
            query = urlencode({"next": back})
            return HttpResponseRedirect(f"{reverse('portal:space_sign_in')}?{query}", status=303)
        plain(request)
        request.person = person
        try:
            return view(request, *args, **kwargs)
        except InvalidCursor as error:
            raise Http404 from error

    return guarded
