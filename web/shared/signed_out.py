"""Forms sent after the session ended: what was typed is kept through the log-in.

It travels in the log-in's own form and back; neither the database nor the session holds it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final
from urllib.parse import urlsplit

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from language.bidi import isolate

View = Callable[..., HttpResponseBase]
# Never carried along: what shows who somebody is.
LEFT_OUT: Final = frozenset(
    (
        *("csrfmiddlewaretoken", "confirm_password", "confirm_code", "confirm_credential"),
        *("oldpassword", "password", "password1", "password2", "again", "credential"),
        *("new_password1", "new_password2"),
    )
)
OWN_ACCOUNT: Final = "/account/"  # there a code is a person's second step, and no paper's
MOST_FIELDS: Final = 500
MOST_LETTERS: Final = 200_000


@dataclass(frozen=True, slots=True)
class InterruptedForm:
    """What was typed: the address it goes to, names with values, and names of files not kept."""

    address: str
    fields: list[tuple[str, str]]
    files: list[str]

    def as_json(self) -> str:
        """Return it for a hidden field of the log-in form; "" where it is too large."""
        packed = json.dumps([self.address, self.fields, self.files], ensure_ascii=False)
        fits = len(packed) <= MOST_LETTERS and len(self.fields) <= MOST_FIELDS
        return packed if fits else ""

    @property
    def texts(self) -> list[str]:
        """The longer values that a user would miss, to be read before they are sent."""
        return [value for _name, value in self.fields if len(value.split()) > 1]


def asks_who(view: View) -> View:
    """Guard a view by log-in: others log in first, and lose nothing typed in a form.

    A request of a part of a page (htmx) leads back to its page.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return _ask(request)

    guarded.asks_who = True  # type: ignore[attr-defined]
    return guarded


def _ask(request: HttpRequest) -> HttpResponse:
    if getattr(request, "htmx", False):
        answer = HttpResponse()
        query = urlencode({"next": _page_shown(request)})
        answer.headers["HX-Redirect"] = f"{resolve_url('/login/')}?{query}"
        return answer
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    kept = None
    if not _is_unproven(request):
        kept = _typed(request)
        if kept is None:
            return redirect_to_login("/")
    context = {"form": AuthenticationForm(request), "kept": kept, "next": ""}
    return render(request, "web/login.html", context, status=401)


def _page_shown(request: HttpRequest) -> str:
    try:
        return urlsplit(request.headers.get("HX-Current-URL", "")).path
    except ValueError:  # brackets that hold no address
        return "/"


def _is_unproven(request: HttpRequest) -> bool:
    """Return whether the CSRF token was not checked.

    Then the form may be anybody's, and of any size: nobody is offered to send it and nothing of it
    is read.
    """
    match = request.resolver_match
    return match is None or getattr(match.func, "csrf_exempt", False)


def _typed(request: HttpRequest) -> InterruptedForm | None:
    """Return what was typed, with empty fields too: forms of several rows are read by position."""
    left_out = LEFT_OUT | {"code"} if request.path.startswith(OWN_ACCOUNT) else LEFT_OUT
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in left_out
    ]
    if not any(value for _name, value in typed):
        return None
    files = [file.name or "" for _name, files in request.FILES.lists() for file in files]
    return InterruptedForm(request.get_full_path(), typed, files)


def interrupted_form(request: HttpRequest) -> InterruptedForm | None:
    """Return what the log-in form carries; None without it, or where it is malformed."""
    packed = request.POST.get("kept", "")
    try:
        address, fields, files = json.loads(packed) if len(packed) <= MOST_LETTERS else ("", [], [])
        pairs = [(str(name), str(value)) for name, value in fields[:MOST_FIELDS]]
        names = [str(name) for name in files[:MOST_FIELDS]]
        json.dumps([address, pairs, names], ensure_ascii=False).encode()  # rejects lone surrogates
    except (ValueError, TypeError, RecursionError):
        return None
    safe = isinstance(address, str) and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return InterruptedForm(address, pairs, names) if safe and pairs else None


def resume(request: HttpRequest, kept: InterruptedForm, answer: HttpResponse) -> HttpResponse:
    """Offer to send what was typed before; with the cookies of the sign-in's own answer."""
    name = isolate(str(getattr(request.user, "shown_name", "")))
    page = render(request, "web/resume.html", {"kept": kept, "name": name})
    page.cookies.update(answer.cookies)
    return page
