"""The guard of my space: who is not in goes to the sign-in; what is not theirs does not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from eservices.people.models import Person
from search.contract import InvalidCursor
from web.portal.space.session import person_in

View = Callable[..., HttpResponseBase]


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
