"""Browsers that take a person's pushes, and the script that shows them."""

from functools import cache
from pathlib import Path

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from notices import pushing
from web.shared.guard import StaffRequest, redirect_after, verb
from web.shared.push_browser import know_push_browser

_WORKER = Path(__file__).resolve().parents[2] / "static" / "web" / "push-worker.js"


@verb()
def add(request: StaffRequest) -> HttpResponse:
    """Keep the browser from which this comes."""
    given = request.POST
    answer = redirect_after(reverse("desk:notification_preferences"), request)
    try:
        row = pushing.subscribe(
            request.user,
            endpoint=given.get("endpoint", ""),
            public_key=given.get("p256dh", ""),
            secret=given.get("auth", ""),
            label=given.get("label", ""),
        )
    except pushing.PushRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("This browser shows your notifications from now on."))
        know_push_browser(answer, row)
    return answer


@verb()
def remove(request: StaffRequest, browser_id: int) -> HttpResponse:
    """Forget a browser."""
    if pushing.unsubscribe(request.user, browser_id=browser_id):
        messages.success(request, _("The browser is forgotten."))
    return redirect_after(reverse("desk:notification_preferences"), request)


@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """Answer the service worker; at the root, since a worker serves what lies below its address."""
    answer = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@cache
def _script() -> bytes:
    return _WORKER.read_bytes()
