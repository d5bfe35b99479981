"""What cannot be taken back is asked about on a page of its own, where no script has asked.

The form says what is asked, in a field that `{% asks %}` writes. A script asks it in a window and
sends the form without the field; without scripts it arrives, and a page asks before anything is
done. What was sent goes along.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

FIELD: Final = "asks"
OWN_FIELDS: Final = frozenset(("csrfmiddlewaretoken",))
LONGEST: Final = 500
View = Callable[..., HttpResponseBase]


def asks_first(view: View) -> View:
    """Guard an action: a form that still carries its question is answered by asking it.

    With files it is done at once: a page cannot send them along.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        question = _question(request) if request.method == "POST" else ""
        if not question or request.FILES:
            return view(request, *args, **kwargs)
        return _asking(request, question)

    return guarded


def field_of(button: str = "", value: str = "") -> str:
    """Return the name of the field with the question of a form, or of one of its buttons."""
    return f"{FIELD}:{button}:{value}" if button else FIELD


def holds_question(name: str) -> bool:
    """Whether a field of this name holds what is asked of a form or of one of its buttons."""
    return name.partition(":")[0] == FIELD


def _question(request: HttpRequest) -> str:
    """Return what is asked of the button that was pressed, "" for one that does no harm."""
    for name, values in request.POST.lists():
        if not holds_question(name):
            continue
        _field, _colon, button = name.partition(":")
        pressed, _colon, value = button.partition(":")
        if not button or value in request.POST.getlist(pressed):
            return values[-1][:LONGEST]
    return ""


def _asking(request: HttpRequest, question: str) -> HttpResponse:
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in OWN_FIELDS and not holds_question(name)
    ]
    mark = next((mark for mark in "?؟" if mark in question), "")
    asked, _mark, more = question.partition(mark) if mark else (question, "", "")
    context = {
        "asked": asked + mark,
        "more": more.strip(),
        "fields": fields,
        "action": request.get_full_path(),
        "back": page_before(request),
        "layout": "portal/base.html" if _is_portal(request) else "web/base.html",
    }
    answer = render(request, "web/ask.html", context)
    answer.asks = True  # type: ignore[attr-defined]  # nothing was done
    return answer


def _is_portal(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.namespace == "portal"


def page_before(request: HttpRequest) -> str:
    """Return the page from which the form was sent, where it is one of this site."""
    try:
        sent_from = urlsplit(str(request.META.get("HTTP_REFERER", "")))
    except ValueError:  # brackets that hold no address
        return "/"
    if sent_from.netloc != request.get_host():
        return "/"
    back = "/" + sent_from.path.lstrip("/") + (f"?{sent_from.query}" if sent_from.query else "")
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "/"
