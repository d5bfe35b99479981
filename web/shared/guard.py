"""The guards of every page and action of the desk: log-in, permission, answers to errors."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from identity import events
from identity.kinds import SecurityKind
from org.errors import LostKeyError
from org.models import User
from org.people import Permissions
from registry.access import NoSuchLetterError
from registry.book.voiding import VoidNotAllowedError
from registry.contacts.access import NoSuchContactError
from registry.disposal.errors import DisposalNotAllowedError
from registry.files.receiving import VaultError
from registry.refusals import DepositRefusedError, Refusal, passing
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from search.contract import InvalidCursor
from web.context import permissions_for
from web.retry_later import unavailable
from web.shared.asking import asks_first, page_before
from web.shared.refilling import keep_typed, refill
from web.shared.signed_out import asks_who
from web.shared.stood_in import over_for

View = Callable[..., HttpResponseBase]
Duty = Callable[[Permissions], bool]
LONGEST_ADDRESS = 2000
_form_alone = require_http_methods(["GET", "HEAD", "POST"])
_REFUSALS = (
    *(NotAllowedError, VoidNotAllowedError, DisposalNotAllowedError),
    *(ConflictError, LostKeyError),
)


class StaffRequest(HttpRequest):
    """A request of a user who is logged in."""

    user: User


class _Guard(Protocol):
    def __call__(self, view: View) -> View: ...


def page(may: Duty | None = None) -> _Guard:
    """Guard a page that is only read: log-in first, then the permission, then the view."""
    return _guard(may, require_safe)


def verb(may: Duty | None = None) -> _Guard:
    """Guard an action: by POST only; afterwards the user is redirected (303)."""
    return _guard(may, lambda view: _by_form(require_POST(_plain_form(view))), asks_first)


def form(may: Duty | None = None) -> _Guard:
    """Guard a page with a form that posts to itself."""
    return _guard(may, lambda view: _form_alone(_plain_form(view)), asks_first)


def upload_form(may: Duty | None = None) -> _Guard:
    """Guard a form whose view sets how its files are read before the form is parsed.

    The view itself checks what it accepts.
    """
    return _guard(may, _form_alone)


def _by_form(view: View) -> View:
    """Explain to a user who opens an action by GET (bookmark, reload) why nothing is done."""

    @wraps(view)
    def explained(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = view(request, *args, **kwargs)
        if isinstance(answer, HttpResponseNotAllowed):
            words = _("Nothing was done: this is done by the button of its page.")
            page = render(request, "web/malformed.html", {"words": words})
            answer.content, answer.headers["Content-Type"] = page.content, page["Content-Type"]
        return answer

    return explained


def _plain_form(view: View) -> View:
    """Reject NUL characters, which PostgreSQL stores in no text and no browser sends."""

    @wraps(view)
    def plain(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if any("\0" in value for _name, values in request.POST.lists() for value in values):
            raise BadRequest("NUL in a form")
        return view(request, *args, **kwargs)

    return plain


def _guard(
    may: Duty | None, methods: Callable[[View], View], before: Callable[[View], View] | None = None
) -> _Guard:
    def wrap(view: View) -> View:
        asked = before(view) if before else view

        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            permissions = permissions_for(request)
            if may is not None and (permissions is None or not may(permissions)):
                raise PermissionDenied
            try:
                answer = asked(request, *args, **kwargs)
                _note(request, permissions, answer, kwargs)
            except (Http404, NoSuchLetterError, NoSuchContactError, InvalidCursor) as error:
                answer = _not_there(request, error)
            except _REFUSALS as error:
                answer = _refused(request, error, letter_id=kwargs.get("letter_id"))
            except VaultError as error:
                answer = _not_kept(request, error, letter_id=kwargs.get("letter_id"))
            keep_typed(request, answer)
            refill(request, answer)
            return answer

        return methods(asks_who(guarded))

    return wrap


def _note(
    request: Any, who: Permissions | None, answer: HttpResponseBase, arguments: dict[str, Any]
) -> None:
    """Put on record what an administrator did: which form, on which thing."""
    if request.method != "POST" or answer.status_code >= 400 or who is None:
        return
    if getattr(answer, "asks", False):
        return
    match = request.resolver_match
    if who.duty != User.Duty.ADMINISTRATOR or match is None or match.namespace != "desk":
        return
    detail = {"page": match.url_name, **{name: str(value) for name, value in arguments.items()}}
    events.record(SecurityKind.ADMINISTERED, person=request.user, detail=detail)


def _not_kept(request: HttpRequest, error: VaultError, *, letter_id: Any) -> HttpResponseBase:
    """Answer where a file that an action made or took could not be put into the vault."""
    refusal = Refusal(error.refusal)
    back = reverse("desk:letter", args=[letter_id]) if letter_id else "/"
    return files_refused(request, DepositRefusedError(refusal), otherwise=back)


def _not_there(request: Any, error: Exception) -> HttpResponse:
    """Raise Http404; after an action of who stood in until lately, say so on their first page."""
    words = over_for(request.user) if request.method == "POST" else ""
    if not words:
        raise error if isinstance(error, Http404) else Http404 from error
    messages.error(request, words)
    return redirect_after("/", request)


def _refused(request: HttpRequest, error: Exception, *, letter_id: Any) -> HttpResponseBase:
    """Answer a refusal: 403 on a page; after an action, back with the reason as a message."""
    if isinstance(error, ConflictError):
        words = _("Someone was faster: the letter has moved on. Please look again.")
        messages.warning(request, words)
    elif request.method != "POST":
        raise PermissionDenied(str(error)) from error
    else:
        messages.error(request, str(error))
    back = reverse("desk:letter", args=[letter_id]) if letter_id else _page_of_form(request)
    return go_on(request, otherwise=back)


def _page_of_form(request: HttpRequest) -> str:
    """Return the page that the form stood on; "/" where a question stood between."""
    before = page_before(request)
    return "/" if before.partition("?")[0] == request.path else before


def go_on(request: HttpRequest, *, otherwise: str) -> HttpResponse:
    """Redirect (303) after an action to the page that the form names, if it is on this site."""
    return redirect_after(page_named(request, otherwise=otherwise), request)


def page_named(request: HttpRequest, *, otherwise: str) -> str:
    """Return the address that the form names as `next`, if it is on this site."""
    wanted = request.POST.get("next", "")
    safe = wanted.startswith("/") and len(wanted) <= LONGEST_ADDRESS
    safe = safe and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else otherwise


def back_to_letter(request: HttpRequest, letter_id: Any, part: str = "") -> HttpResponse:
    """Redirect after an action to the page that the form names, else to the letter's, or a part."""
    return go_on(request, otherwise=reverse("desk:letter", args=[letter_id]) + part)


def files_refused(
    request: HttpRequest, error: DepositRefusedError, *, otherwise: str
) -> HttpResponseBase:
    """Answer an action whose files were refused: back with the reasons as messages.

    Where all passes by itself it is a page that says when to come again, and so does the status.
    """
    words = [refusal.words() for refusal in error.refusals]
    if passing(error.refusals):
        return unavailable(render(request, "web/later.html", {"words": words}))
    for each in words:
        messages.error(request, each)
    return go_on(request, otherwise=otherwise)


def redirect_after(target: str, request: HttpRequest) -> HttpResponse:
    """Redirect by 303, or by HX-Redirect for a fragment."""
    if getattr(request, "htmx", False):
        answer = HttpResponse()
        answer.headers["HX-Redirect"] = target
        return answer
    return HttpResponseRedirect(target, status=303)


def is_office(permissions: Permissions) -> bool:
    """Allow clerks of the registry office."""
    return permissions.is_office


def routes(permissions: Permissions) -> bool:
    """Allow clerks and the director, who give letters to departments."""
    return permissions.is_office or permissions.duty == User.Duty.DIRECTOR


def reads_all(permissions: Permissions) -> bool:
    """Allow clerks, the director and auditors."""
    return permissions.reads_all


def reads_letters(permissions: Permissions) -> bool:
    """Allow everybody but those who only administer."""
    return permissions.reads_all or bool(permissions.departments)


def sees_figures(permissions: Permissions) -> bool:
    """Allow those who read all letters, and heads of departments."""
    return permissions.reads_all or "head" in permissions.departments.values()


def in_department(permissions: Permissions) -> bool:
    """Allow members of a department."""
    return bool(permissions.departments)


def watches_jobs(permissions: Permissions) -> bool:
    """Allow clerks and administrators."""
    return permissions.may_watch_jobs


def watches_models(permissions: Permissions) -> bool:
    """Allow administrators and auditors, who see what the classifier has learnt."""
    return permissions.may_watch_models


def administers(permissions: Permissions) -> bool:
    """Allow administrators, who keep what the office is made of."""
    return permissions.duty == User.Duty.ADMINISTRATOR


def keeps_models(permissions: Permissions) -> bool:
    """Allow administrators, who retrain the classifier and go back to earlier versions."""
    return permissions.duty == User.Duty.ADMINISTRATOR
