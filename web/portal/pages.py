"""Static pages of the portal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the entry page: deposit, follow, verify."""
    return render(request, "portal/home.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show what becomes of a person's data, and which rights they have (loi 09-08)."""
    return render(request, "portal/privacy.html")
