"""Mailbox, watched folder, mails and SMS, for administrators: settings, and a test of each."""

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from web.desk.administration.channel_settings import NAMES, channels
from web.desk.administration.channel_trials import Tried, try_channel
from web.shared.guard import StaffRequest, administers, page, verb
from web.throttle import Limit, TooManyAttemptsError, count_attempt

TRIALS: Final = Limit("channel.trial", 30, 3600)


@page(administers)
def show(request: StaffRequest) -> HttpResponse:
    """Show the four channels with their settings."""
    return _page(request)


@verb(administers)
def try_it(request: StaffRequest, name: str) -> HttpResponse:
    """Try a channel in earnest, and show beside its settings what came of it."""
    if name not in NAMES:
        raise Http404
    to = request.user.email if name == "email" else request.POST.get("to", "").strip()[:40]
    try:
        count_attempt(TRIALS, str(request.user.pk))
    except TooManyAttemptsError:
        refused = Tried(False, _("Too many attempts. Wait a little."))
        return _page(request, tried=name, outcome=refused, to=to, status=429)
    return _page(request, tried=name, outcome=try_channel(name, to=to), to=to)


def _page(request: StaffRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"channels": channels(), **more}
    return render(request, "web/administration/channels.html", context, status=status)
