"""Finding a person, the page of their data, and print-outs with their progress."""

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.privacy.models import Rectification
from eservices.privacy.printing import PrintoutRequest, ask_printout, printouts
from eservices.privacy.rectifying import open_first
from eservices.privacy.rights import (
    DataNotAllowedError,
    answers_for_data,
    reads_requests,
    records,
)
from eservices.privacy.subject import subject_of
from eservices.relations.customers import Customer, NoSuchCustomerError, record_view
from eservices.relations.finding import find_customers
from jobs.models import Job
from org.people import Permissions, permissions_of
from search.exports.export_requests import ExportRefusedError, problem_of
from search.exports.models import Export
from search.kinds import SearchJob
from web.desk.privacy.forms import PrintForm, RectificationForm
from web.shared.exports import is_there, is_waiting
from web.shared.guard import StaffRequest, page, redirect_after, verb
from web.shared.paging import page_of
from web.signin.confirmation import confirms

ROWS: Final = 30
OF_ONE: Final = 20


@page(reads_requests)
def found(request: StaffRequest) -> HttpResponse:
    """Show who may be meant by the words, to those who print and rectify."""
    words = str(request.GET.get("q", "")).replace("\0", "")[:200]
    may_look = answers_for_data(permissions_of(request.user))
    rows = find_customers(words, viewer=request.user) if words and may_look else []
    context = {"words": words, "rows": rows, "may_look": may_look}
    return render(request, "web/privacy/found.html", context)


@page(reads_requests)
def printed(request: StaffRequest) -> HttpResponse:
    """Show the requested print-outs, the newest first."""
    cursor = str(request.GET.get("from", ""))
    found_rows = page_of(
        printouts(viewer=request.user), order=["-asked_at", "-pk"], cursor=cursor, limit=ROWS
    )
    rows = _shown(request, found_rows.rows)
    context = {"rows": rows, "next": found_rows.next_cursor}
    return render(request, "web/privacy/printouts.html", context)


def _shown(request: StaffRequest, rows: Any) -> list[dict[str, Any]]:
    """Return print-outs with the progress of those being made; the file is for the requester."""
    exports: list[Export] = [row.export for row in rows]
    waiting = [str(export.pk) for export in exports if is_waiting(export)]
    jobs = Job.objects.filter(kind=SearchJob.SEARCH_EXPORT, subject__in=waiting).order_by("id")
    by_export = {job.subject: job for job in jobs}
    return [
        {
            "printout": row,
            "own": row.asked_by_id == request.user.pk,
            "waiting": is_waiting(row.export),
            "job": by_export.get(str(row.export_id)),
            "problem": problem_of(row.export),
            "there": is_there(row.export),
        }
        for row in rows
    ]


@page(records)
def subject(request: StaffRequest, kind: str, pk: str) -> HttpResponse:
    """Show who it is, with the forms to print their data and to record a rectification.

    Other clerks record for an entry of the directory, and see no more of it than its name.
    """
    customer = customer_or_404(request, kind, pk)
    record_view(customer, viewer=request.user)
    return subject_page(request, customer)


def opens(permissions: Permissions, kind: str) -> bool:
    """Return whether they open the page of somebody who is named by this kind of thing."""
    return answers_for_data(permissions) or (kind == "contact" and records(permissions))


def customer_or_404(request: StaffRequest, kind: str, pk: str) -> Customer:
    """Return who is named so. Raise Http404, PermissionDenied."""
    if not opens(permissions_of(request.user), kind):
        raise PermissionDenied
    try:
        return subject_of(f"{kind}:{pk}", viewer=request.user)
    except NoSuchCustomerError as error:
        raise Http404 from error


def subject_page(
    request: StaffRequest,
    customer: Customer,
    *,
    printing: PrintForm | None = None,
    rectifying: RectificationForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page of a person, with the form that was filled in wrongly, if one was."""
    viewer = request.user
    asked = open_first(Rectification.objects.filter(subject=customer.key), viewer=viewer)
    earlier = printouts(viewer=viewer).filter(subject=customer.key)[:OF_ONE]
    context = {
        "customer": customer,
        "prints": answers_for_data(permissions_of(viewer)),
        "print_form": printing or PrintForm(viewer=viewer),
        "form": rectifying or RectificationForm(viewer=viewer),
        "printouts": _shown(request, list(earlier)),
        "rectifications": list(asked.order_by("-pk")[:OF_ONE]),
        "today": timezone.localdate(),
    }
    return render(request, "web/privacy/subject.html", context, status=status)


@verb(answers_for_data)
@confirms()
def print_out(request: StaffRequest, kind: str, pk: str) -> HttpResponse:
    """Have everything of a person printed, with the reason on record."""
    customer = customer_or_404(request, kind, pk)
    filled = PrintForm(request.POST, viewer=request.user)
    if not filled.is_valid():
        return subject_page(request, customer, printing=filled, status=422)
    given = filled.cleaned_data
    try:
        ask_printout(PrintoutRequest(subject=customer.key, **given), actor=request.user)
    except (DataNotAllowedError, ExportRefusedError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The print-out is being made."))
    return redirect_after(reverse("desk:printouts"), request)
