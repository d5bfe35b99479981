"""Whose session ended in mid-form: what was typed is kept through the log-in, and sent then.

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

View = Callable[..., HttpResponseBase]
LEFT_OUT: Final = {"csrfmiddlewaretoken"}
MOST_FIELDS: Final = 500
MOST_LETTERS: Final = 200_000


@dataclass(frozen=True, slots=True)
class Kept:
    """What was typed: the address it goes to, names with values, and names of files not kept."""

    address: str
    fields: list[tuple[str, str]]
    files: list[str]

    def as_json(self) -> str:
        """For a hidden field of the log-in's form; "" where it is too much to carry."""
        packed = json.dumps([self.address, self.fields, self.files])
        fits = len(packed) <= MOST_LETTERS and len(self.fields) <= MOST_FIELDS
        return packed if fits else ""

    @property
    def texts(self) -> list[str]:
        """What a person would miss: the longer values, to be read before they are sent."""
        return [value for _name, value in self.fields if len(value.split()) > 1]


def asks_who(view: View) -> View:
    """A view for people who are logged in: others are asked who they are, and lose no word of a
    form; what a part of a page sends by itself (htmx) leads back to its page.
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
        shown = urlsplit(request.headers.get("HX-Current-URL", ""))
        answer = HttpResponse()
        answer.headers["HX-Redirect"] = (
            f"{resolve_url('/login/')}?{urlencode({'next': shown.path})}"
        )
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


def _is_unproven(request: HttpRequest) -> bool:
    """The protection against forged forms has not looked into it: it may be anybody's, and of any
    size, so nobody is offered to send it and nothing of it is read.
    """
    match = request.resolver_match
    return match is None or getattr(match.func, "csrf_exempt", False)


def _typed(request: HttpRequest) -> Kept | None:
    """Empty fields too: forms of several rows are read by their places."""
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in LEFT_OUT
    ]
    if not any(value for _name, value in typed):
        return None
    files = [file.name or "" for _name, files in request.FILES.lists() for file in files]
    return Kept(request.get_full_path(), typed, files)


def kept_of(request: HttpRequest) -> Kept | None:
    """What the log-in's form carries; None without it, or where it is not to be understood."""
    packed = request.POST.get("kept", "")
    try:
        address, fields, files = json.loads(packed) if len(packed) <= MOST_LETTERS else ("", [], [])
        pairs = [(str(name), str(value)) for name, value in fields[:MOST_FIELDS]]
        names = [str(name) for name in files[:MOST_FIELDS]]
        json.dumps([address, pairs, names], ensure_ascii=False).encode()  # half a character is none
    except (ValueError, TypeError, RecursionError):
        return None
    safe = isinstance(address, str) and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return Kept(address, pairs, names) if safe and pairs else None
