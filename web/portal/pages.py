"""Static pages of the portal."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from org.announcements import live_announcements
from web.context import institution_for


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the entry page: deposit, follow, verify."""
    return render(request, "portal/home.html", {"announcements": live_announcements()})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show what becomes of a person's data, and which rights they have (loi 09-08)."""
    return render(request, "portal/privacy.html")


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    """Show the institution's legal notice, where it has one."""
    institution = institution_for(request)
    if institution is None or not institution.legal:
        raise Http404
    return render(request, "portal/legal.html")


@require_safe
def logo(request: HttpRequest) -> HttpResponse:
    """Serve the institution's logo; the address of a page names its version."""
    institution = institution_for(request)
    if institution is None or institution.logo is None:
        raise Http404
    answer = HttpResponse(bytes(institution.logo.content), content_type="image/png")
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer
