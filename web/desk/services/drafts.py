"""Where somebody is led who kept a version of a service."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from eservices.catalogue.models import ServiceTypeVersion
from web.shared.guard import StaffRequest, redirect_after


def after_keeping(
    request: StaffRequest, kept: ServiceTypeVersion, *, before: int = 0
) -> HttpResponse:
    """Lead to the kept draft; to its service where it is the version of `before`, unchanged."""
    code = kept.service.code
    if kept.version == before:
        messages.info(request, _("Nothing was changed."))
        return redirect_after(reverse("desk:service", args=[code]), request)
    said = _("Version %(number)s is kept as a draft. Look at it, then publish it.")
    messages.success(request, said % {"number": kept.version})
    return redirect_after(reverse("desk:service_version", args=[code, kept.version]), request)
