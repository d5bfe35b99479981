"""Static pages of the portal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from org.retention import retention_texts


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show what becomes of a person's data, and which rights they have (loi 09-08)."""
    return render(request, "portal/privacy.html", {"retention": retention_texts()})


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    """Show who publishes the site, and what the institution says of it."""
    return render(request, "portal/legal.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show what the site does so that everybody can use it, and who helps where it fails."""
    return render(request, "portal/accessibility.html")
