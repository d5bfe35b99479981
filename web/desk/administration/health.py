"""The health page, for administrators: each red line says what to do; a button verifies."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from jobs.outbox import enqueue
from registry.kinds import RegistryJob
from web.desk.administration.health_checks import findings, versions
from web.shared.guard import StaffRequest, administers, page, redirect_after, verb


@page(administers)
def show(request: StaffRequest) -> HttpResponse:
    """Show all lines, the troubled ones first."""
    context = {"rows": findings(), "versions": versions()}
    return render(request, "web/administration/health.html", context)


@verb(administers)
def verify(request: StaffRequest) -> HttpResponse:
    """Queue a verification of the register; its outcome stands on this page."""
    with transaction.atomic():
        enqueue(RegistryJob.REGISTER_VERIFY, request.user.pk)
    messages.success(request, _("The register is being verified; look again in a moment."))
    return redirect_after(reverse("desk:health"), request)
