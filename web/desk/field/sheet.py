"""The sheet of a team: today's and tomorrow's orders, one of them, and its plain forms.

The forms do all without JavaScript while there is a network; `field/sheet.js` keeps what is entered
without one.
"""

from typing import Any, Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.relations.field_sync import BadEntryError, may_enter, take_entry
from eservices.relations.models import WorkOrder
from eservices.relations.orders import orders_visible_to
from eservices.relations.sheets import orders_for
from org.models import User
from org.people import Permissions
from registry.refusals import DepositRefusedError
from web.desk.field.forms import entry_of
from web.desk.field.words import in_plural_forms, waiting_words
from web.desk.work_orders.words import KINDS, TAGS, history_of
from web.shared.guard import StaffRequest, files_refused, page, redirect_after, verb
from web.uploads import arrived, takes_uploads


def goes_out(permissions: Permissions) -> bool:
    """Allow all who may be in a field team: everybody but administrators."""
    return permissions.duty != User.Duty.ADMINISTRATOR


_ONCE: Final = ("start", "photo", "part", "index", "note", "sign", "end")


@page(goes_out)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the open orders of the person's teams: late ones, today's and tomorrow's."""
    found = orders_for(request.user)
    rows = [(row, TAGS[row.state]) for row in found.orders]
    context = {"rows": rows, "teams": found.teams, "today": timezone.localdate(), **_words()}
    return render(request, "web/field/list.html", context)


@page()
def show(request: StaffRequest, order_id: UUID) -> HttpResponse:
    """Show the sheet of one order."""
    order = _order(request.user, order_id)
    context = {
        "order": order,
        "tag": TAGS[order.state],
        "told": history_of(order),
        "may_enter": may_enter(request.user, order),
        "ids": {kind: str(uuid4()) for kind in _ONCE},
        "items": [(item, str(uuid4())) for item in order.checklist],
        **_words(),
    }
    return render(request, "web/field/order.html", context)


@takes_uploads
@verb()
def enter(request: StaffRequest, order_id: UUID) -> HttpResponseBase:
    """Take an entry from the form, with its picture."""
    order = _order(request.user, order_id)
    back, files = reverse("desk:field_order", args=[order.pk]), arrived(request, "file")
    try:
        entry = entry_of(request.POST)
        file = files[0] if files else None
        take_entry(order, by=request.user, file=file, **entry)
    except BadEntryError as error:
        messages.error(request, str(error))
    except DepositRefusedError as error:
        return files_refused(request, error, otherwise=back)
    else:
        messages.success(request, _("It is noted."))
    return redirect_after(back, request)


def _words() -> dict[str, Any]:
    """Return the words that the script shows for entries that wait for the network."""
    kinds = {kind: str(KINDS[kind]) for kind in (*_ONCE, "check")}
    return {"field_words": {"waiting": in_plural_forms(waiting_words), "kinds": kinds}}


def _order(viewer: User, order_id: UUID) -> WorkOrder:
    rows = orders_visible_to(viewer).select_related("team__department")
    return get_object_or_404(rows, pk=order_id)
