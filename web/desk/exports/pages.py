"""A user's exports: requested on the search page, watched while they are made, downloaded."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jobs.models import Job
from search.exports.export_requests import (
    ExportRefusedError,
    NoSuchExportError,
    delete_file,
    get_export,
    problem_of,
)
from search.kinds import SearchJob
from search.services import (
    BadSearchError,
    SearchRequest,
    exports_of,
    fetch_export,
    read_search,
    request_export,
)
from web.desk.exports.contents import contents_of
from web.desk.find.facets import labels
from web.shared.exports import answer_file, is_there, is_waiting
from web.shared.guard import StaffRequest, page, reads_letters, redirect_after, verb


@page(reads_letters)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the newest exports of this user, with the progress of those being made."""
    return render(request, "web/exports.html", _context(request))


@page(reads_letters)
def live(request: StaffRequest) -> HttpResponse:
    """Return the same list as a fragment."""
    return render(request, "web/parts/exports_live.html", _context(request))


@verb(reads_letters)
def ask(request: StaffRequest) -> HttpResponse:
    """Request an export of the result of a search."""
    language = (get_language() or "fr")[:2]
    address = request.POST.get("address", "")
    back = f"{reverse('desk:search')}?{SearchRequest.of_address(address).address()}"
    try:
        request_export(
            person=request.user,
            asked=read_search(address),
            format=request.POST.get("format", ""),
            language=language,
        )
    except (BadSearchError, ExportRefusedError) as error:
        messages.error(request, str(error))
        return redirect_after(back, request)
    return redirect_after(reverse("desk:exports"), request)


@page(reads_letters)
def fetch(request: StaffRequest, export_id: UUID) -> HttpResponseBase:
    """Serve the file, if this user may still read all of it."""
    try:
        export, stream = fetch_export(request.user, export_id)
    except NoSuchExportError as error:
        raise Http404 from error
    except ExportRefusedError as error:
        messages.error(request, str(error))
        return redirect("desk:exports")
    return answer_file(export, stream)


@verb(reads_letters)
def remove(request: StaffRequest, export_id: UUID) -> HttpResponse:
    """Delete the file before it expires."""
    try:
        delete_file(get_export(request.user, export_id))
    except NoSuchExportError as error:
        raise Http404 from error
    messages.success(request, _("The file is deleted."))
    return redirect_after(reverse("desk:exports"), request)


def _context(request: StaffRequest) -> dict[str, Any]:
    exports = exports_of(request.user)
    waiting = [str(export.pk) for export in exports if is_waiting(export)]
    jobs = Job.objects.filter(kind=SearchJob.SEARCH_EXPORT, subject__in=waiting).order_by("id")
    by_export = {job.subject: job for job in jobs}
    names = labels()
    rows = []
    for export in exports:
        rows.append(
            {
                "export": export,
                "held": contents_of(export, names),
                "waiting": is_waiting(export),
                "job": by_export.get(str(export.pk)),
                "problem": problem_of(export),
                "there": is_there(export),
            }
        )
    return {"rows": rows, "busy": bool(waiting)}
