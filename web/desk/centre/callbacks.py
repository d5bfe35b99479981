"""The queue of call-backs: by unit, mine or nobody's; taken, tried, done."""

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.relations import callbacks
from eservices.relations.callbacks import ENOUGH_TRIES, callbacks_for, counts_of, units_among
from eservices.relations.errors import BadContactError
from eservices.relations.models import CallbackTask
from org.people import Permissions
from web.context import permissions_for
from web.desk.centre.forms import TryForm
from web.shared.guard import StaffRequest, go_on, page, verb
from web.shared.paging import page_of

ROWS: Final = 30
SHOWN: Final = ("open", "mine", "free", "late", "done")


@page()
def listed(request: StaffRequest) -> HttpResponse:
    """Show the open call-backs, the most urgent first: all, a unit's, mine, or nobody's."""
    everything = callbacks_for(request.user)
    units = units_among(everything)
    unit = request.GET.get("unit", "")
    rows = everything.filter(unit__code=unit) if unit else everything
    show = request.GET.get("show", "open")
    show = show if show in SHOWN else "open"
    found = page_of(
        _chosen(rows, show, request).prefetch_related("tries__by"),
        order=["-done_at", "-id"] if show == "done" else ["due_at", "id"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    permissions = _permissions(request)
    units_of_mine = callbacks.units_called_for(permissions)
    context = {
        "rows": [
            (row, units_of_mine is None or row.unit_id in units_of_mine) for row in found.rows
        ],
        "next": found.next_cursor,
        "counts": counts_of(rows, user=request.user),
        "units": units,
        "unit": unit,
        "show": show,
        "now": timezone.now(),
        "enough": ENOUGH_TRIES,
        "at": "callbacks",
        "reads_centre": callbacks.reads_centre(permissions),
    }
    return render(request, "web/centre/callbacks.html", context)


def _permissions(request: StaffRequest) -> Permissions:
    found = permissions_for(request)
    if found is None:
        raise PermissionDenied
    return found


def _chosen(rows: Any, show: str, request: StaffRequest) -> Any:
    if show == "done":
        return rows.exclude(done_at=None)
    rows = rows.filter(done_at=None)
    if show == "mine":
        return rows.filter(assigned_to=request.user)
    if show == "free":
        return rows.filter(assigned_to=None)
    return rows.filter(due_at__lt=timezone.now()) if show == "late" else rows


@verb()
def act(request: StaffRequest, callback_id: int, what: str) -> HttpResponse:
    """Take a call-back, put it back, or log how a try went."""
    task = callbacks_for(request.user).filter(pk=callback_id).first()
    if task is None:
        raise Http404
    units = callbacks.units_called_for(_permissions(request))
    if units is not None and task.unit_id not in units:
        raise PermissionDenied
    if what == "take":
        callbacks.take(task, actor=request.user)
        messages.success(request, _("The call-back is yours."))
    elif what == "put-back":
        callbacks.put_back(task, actor=request.user)
        messages.success(request, _("The call-back is back in the queue."))
    elif what == "try":
        _tried(request, task)
    else:
        raise Http404
    return go_on(request, otherwise=reverse("desk:centre_callbacks"))


def _tried(request: StaffRequest, task: CallbackTask) -> None:
    form = TryForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say whether they were reached."))
        return
    try:
        row = callbacks.log_try(task, form.try_data(), actor=request.user)
    except BadContactError as error:
        messages.error(request, str(error))
        return
    said = _("The call-back is done.") if row.done_at else _("The try is kept; it is due again.")
    messages.success(request, said)
