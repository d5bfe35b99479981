"""Rectifications: recorded, decided, carried out, answered."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from eservices.privacy import rectifying
from eservices.privacy.models import REASON, Rectification
from eservices.privacy.rights import (
    DataNotAllowedError,
    answers_for_data,
    reads_requests,
    records,
)
from eservices.relations.customers import NoSuchCustomerError
from org.people import permissions_of
from web.desk.privacy.forms import RectificationForm
from web.desk.privacy.pages import customer_or_404, opens, subject_page
from web.shared.guard import StaffRequest, page, redirect_after, verb
from web.shared.paging import page_of

ROWS: Final = 30


@page(reads_requests)
def listed(request: StaffRequest) -> HttpResponse:
    """Show those that wait for a decision or an answer, the most urgent first; or all."""
    every = request.GET.get("all") == "yes"
    rows = rectifying.open_first(Rectification.objects.all(), viewer=request.user)
    rows = rows if every else rows.filter(answered_at=None)
    order = ["-pk"] if every else ["due_on", "pk"]
    found = page_of(rows, order=order, cursor=str(request.GET.get("from", "")), limit=ROWS)
    context = {
        "rows": found.rows,
        "next": found.next_cursor,
        "every": every,
        "query": "all=yes" if every else "",
        "today": timezone.localdate(),
    }
    return render(request, "web/privacy/rectifications.html", context)


@verb(records)
def record_new(request: StaffRequest, kind: str, pk: str) -> HttpResponse:
    """Record a person's request for a correction."""
    customer = customer_or_404(request, kind, pk)
    filled = RectificationForm(request.POST, viewer=request.user)
    if filled.is_valid():
        asked = rectifying.CorrectionRequest(subject=customer.key, **filled.cleaned_data)
        try:
            made = rectifying.record(asked, actor=request.user)
        except DataNotAllowedError as error:
            filled.add_error(None, str(error))
        else:
            messages.success(request, str(_RECORDED))
            return redirect_after(reverse("desk:rectification", args=[made.pk]), request)
    return subject_page(request, customer, rectifying=filled, status=422)


@page(reads_requests)
def show(request: StaffRequest, rectification_id: int) -> HttpResponse:
    """Show the requested correction, and what became of it."""
    row = _row(request, rectification_id)
    permissions = permissions_of(request.user)
    kind, _sign, pk = row.subject.partition(":")
    context = {
        "row": row,
        "kind": kind,
        "pk": pk,
        "decides": answers_for_data(permissions),
        "opens": opens(permissions, kind),
        "today": timezone.localdate(),
        "most": REASON,
    }
    return render(request, "web/privacy/rectification.html", context)


_DEEDS: Final[dict[str, Callable[..., Rectification]]] = {
    "accept": rectifying.accept,
    "refuse": rectifying.refuse,
    "answer": rectifying.answer,
}
_RECORDED: Final = gettext_lazy("The request is recorded. It is decided within ten days.")
_SAID: Final[dict[str, Any]] = {
    "accept": gettext_lazy("It is corrected. Tell the person now, and note how."),
    "refuse": gettext_lazy("It is refused. Tell the person why, and note how."),
    "answer": gettext_lazy("The answer is noted."),
}


@verb(answers_for_data)
def decide(request: StaffRequest, rectification_id: int, what: str) -> HttpResponse:
    """Accept and carry out, refuse with grounds, or note how the person was notified."""
    if what not in _DEEDS:
        raise Http404
    row = _row(request, rectification_id)
    try:
        _DEEDS[what](row, actor=request.user, words=request.POST.get("words", ""))
        messages.success(request, str(_SAID[what]))
    except DataNotAllowedError as error:
        messages.error(request, str(error))
    except NoSuchCustomerError as error:
        raise Http404 from error
    return redirect_after(reverse("desk:rectification", args=[row.pk]), request)


def _row(request: StaffRequest, pk: int) -> Rectification:
    rows = rectifying.open_first(Rectification.objects.all(), viewer=request.user)
    found: Rectification = get_object_or_404(rows, pk=pk)
    return found
