"""The administration's front page: everything that an office is made of, with its state."""

from django.http import HttpResponse
from django.shortcuts import render

from org.models import Department, LetterKind, User
from registry.models.registers import Register
from web.desk.guard import StaffRequest, administers, page


@page(administers)
def front(request: StaffRequest) -> HttpResponse:
    """Show what there is to keep, each with how much of it there is."""
    context = {
        "people": User.objects.filter(is_active=True).count(),
        "departments": Department.objects.filter(active=True).count(),
        "kinds": LetterKind.objects.filter(active=True).count(),
        "registers": Register.objects.count(),
    }
    return render(request, "web/administration/front.html", context)
