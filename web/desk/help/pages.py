"""The pages of help: all guides, one's own first, and each of them."""

from functools import cache

from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from web.desk.help.guides import GUIDES, LANGUAGES
from web.shared.guard import StaffRequest, page


@page()
def listed(request: StaffRequest) -> HttpResponse:
    """Show all guides, that of one's own duty first."""
    guides = sorted(GUIDES.values(), key=lambda guide: guide.duty != request.user.duty)
    return render(request, "web/help.html", {"guides": guides, "own": request.user.duty})


@page()
def guide(request: StaffRequest, duty: str) -> HttpResponse:
    """Show the guide of a duty, with its pictures in the reader's language; 404 for no duty."""
    found = GUIDES.get(duty)
    if found is None:
        raise Http404
    language = (get_language() or "fr")[:2]
    shown = language if language in LANGUAGES else "fr"
    steps = [(step, _there(step.picture(shown))) for step in found.steps]
    return render(request, "web/help_guide.html", {"guide": found, "steps": steps})


@cache
def _there(picture: str) -> str:
    """Return the static path if there is such a file, else ""."""
    return picture if picture and finders.find(picture) else ""
