"""A version is published, or its publication withdrawn: what citizens see from then on."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from eservices.catalogue.publishing import OverlapError, publish, withdraw
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from web.desk.services.found import service_or_404, version_or_404
from web.desk.services.pages import moment_of
from web.shared.guard import StaffRequest, administers, redirect_after, verb
from web.signin.confirmation import confirms


@verb(administers)
@confirms()
def publish_it(request: StaffRequest, code: str, version: int) -> HttpResponse:
    """Publish a version from a moment until another; empty ones are now and without end."""
    held = version_or_404(service_or_404(code), version)
    given = {name: request.POST.get(name, "").strip() for name in ("start", "end")}
    times = {name: moment_of(words) for name, words in given.items()}
    page = reverse("desk:service_version", args=[code, version])
    if any(given[name] and times[name] is None for name in given):
        messages.error(request, _("Nothing was published: a date is not usable."))
        return redirect_after(page, request)
    try:
        publish(held, actor=request.user, start=times["start"], end=times["end"])
    except (OverlapError, NotAllowedError) as error:
        messages.error(request, str(error))
        return redirect_after(page, request)
    except ConflictError:
        messages.warning(request, _("This version is published already."))
        return redirect_after(page, request)
    messages.success(request, _("Version %(number)s is published.") % {"number": version})
    return redirect_after(reverse("desk:service", args=[code]), request)


@verb(administers)
@confirms()
def withdraw_it(request: StaffRequest, code: str, version: int) -> HttpResponse:
    """End a publication now; requests that were made go on."""
    held = version_or_404(service_or_404(code), version)
    try:
        withdraw(held, actor=request.user)
        messages.success(request, _("The publication is withdrawn. Requests under way go on."))
    except ConflictError:
        messages.warning(request, _("Somebody did that already."))
    return redirect_after(reverse("desk:service", args=[code]), request)
