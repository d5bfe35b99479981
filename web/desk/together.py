"""One action on all letters that the tray or the inbox finds: ordered here, watched, taken back."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from jobs.models import Job
from org.models import Department
from registry.access import readable_among
from routing.acting.errors import NotAllowedError
from routing.assigning import lists
from routing.kinds import RoutingJob
from routing.models.together import BulkLine, BulkOrder
from routing.together.ordering import (
    MOST,
    lines_to_take_back,
    order_many,
    orders_of,
    take_back,
    way_back,
)
from web.desk.forms import department_choices
from web.desk.found import in_inbox, in_tray
from web.desk.letter.verbs import department_of
from web.shared.guard import (
    StaffRequest,
    form,
    in_department,
    page,
    reads_letters,
    redirect_after,
    routes,
    verb,
)
from web.shared.paging import page_of

ROWS: Final = 50
MOST_READ: Final = MOST + 1  # one above the limit, so that too many are refused, not cut
Deed = BulkOrder.Deed
Rows = list[tuple[UUID, UUID | None]]


@form(routes)
def all_of_tray(request: StaffRequest) -> HttpResponse:
    """Give every letter that the tray finds to a department, or by a distribution list."""
    here = in_tray(request)
    rows: Rows = [
        (pk, None) for pk in here.keys.order_by("pk").values_list("pk", flat=True)[:MOST_READ]
    ]
    if request.method == "POST" and _as_shown(request, len(rows)):
        chosen = request.POST.get("list", "")
        order = order_many(
            rows,
            actor=request.user,
            deed=Deed.ASSIGN,
            by_list=_plain(chosen),
            department=None if chosen else department_of(request),
        )
        return redirect_after(reverse("desk:bulk_order", args=[order.pk]), request)
    context = {
        **here.work.context(),
        "found": len(rows),
        "targets": department_choices(),
        "lists": lists.lists_in_use(),
        "back": reverse("desk:tray"),
        "choices": [],
    }
    return _asked(request, context)


@form(in_department)
def all_of_inbox(request: StaffRequest) -> HttpResponse:
    """Accept every assignment that the inbox finds and that waits for it, or note them all."""
    here = in_inbox(request)
    if here.shown == "done":
        raise Http404
    found: dict[str, Rows] = {
        deed: list(here.rows(to_accept=deed == Deed.ACCEPT, most=MOST_READ))
        for deed in (Deed.ACCEPT, Deed.NOTED)
    }
    if request.method == "POST":
        deed = request.POST.get("deed", "")
        if deed in found and _as_shown(request, len(found[deed]), name=f"found_{deed}"):
            order = order_many(found[deed], actor=request.user, deed=deed)
            return redirect_after(reverse("desk:bulk_order", args=[order.pk]), request)
    context = {
        **here.work.context(),
        "found": len(found[Deed.NOTED]),
        "choices": [(deed, len(rows)) for deed, rows in found.items()],
        "back": reverse("desk:inbox"),
    }
    return _asked(request, context)


def _asked(request: StaffRequest, context: dict[str, Any]) -> HttpResponse:
    """Show what would be done with how many, or again where another number is found now."""
    context |= {"most": MOST, "too_many": context["found"] > MOST}
    status = 409 if request.method == "POST" else 200
    return render(request, "web/together/all.html", context, status=status)


def _as_shown(request: StaffRequest, found: int, *, name: str = "found") -> bool:
    """Return whether as many are found as the person saw; say so where they are not."""
    if request.POST.get(name) == str(found):
        return True
    messages.warning(request, _("Letters have come or gone meanwhile. Please look again."))
    return False


def _plain(number: str) -> int:
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 16 else 0


@page(reads_letters)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the orders that this person has given, the newest first."""
    found = page_of(
        orders_of(request.user),
        order=["-asked_at", "-id"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    return render(
        request, "web/together/orders.html", {"rows": found.rows, "next": found.next_cursor}
    )


def _order(request: StaffRequest, bulk_id: UUID) -> BulkOrder:
    return get_object_or_404(orders_of(request.user), pk=bulk_id)


@page(reads_letters)
def show(request: StaffRequest, bulk_id: UUID) -> HttpResponse:
    """Show how each letter of the order fared, those refused first, and what takes it back."""
    order = _order(request, bulk_id)
    lines = order.lines.exclude(state=BulkLine.State.WAITING)
    found = page_of(
        lines.select_related("letter"),
        order=["-state", "id"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    readable = readable_among([line.letter_id for line in found.rows], request.user)
    states = list(order.lines.values_list("state", flat=True))
    left = lines_to_take_back(order).count()
    context = {
        "order": order,
        "department": Department.objects.filter(code=order.given.get("department", "")).first(),
        "rows": [(line, line.letter_id in readable) for line in found.rows],
        "next": found.next_cursor,
        "total": len(states),
        "done": states.count(BulkLine.State.DONE),
        "refused": states.count(BulkLine.State.REFUSED),
        "waiting": states.count(BulkLine.State.WAITING),
        "way_back": way_back(order) if left else "",
        "left": left,
        "targets": department_choices(),
        "job": _job(order),
    }
    return render(request, "web/together/order.html", context)


def _job(order: BulkOrder) -> Job | None:
    return Job.objects.filter(kind=RoutingJob.LETTERS_TOGETHER, subject=str(order.pk)).last()


@page(reads_letters)
def live(request: StaffRequest, bulk_id: UUID) -> HttpResponse:
    """Return a fragment with the progress of the job; the whole page once it is done."""
    order = _order(request, bulk_id)
    if order.finished_at:
        return redirect_after(reverse("desk:bulk_order", args=[order.pk]), request)
    context = {"order": order, "job": _job(order)}
    return render(request, "web/together/live.html", context)


@verb(reads_letters)
def back(request: StaffRequest, bulk_id: UUID) -> HttpResponse:
    """Take the order back: the letters go to another department, or are reopened."""
    order = _order(request, bulk_id)
    if not way_back(order):
        raise NotAllowedError(_("This cannot be taken back together."))
    made = take_back(
        order,
        actor=request.user,
        reason=request.POST.get("reason", ""),
        department=department_of(request) if way_back(order) == Deed.MOVE else None,
    )
    return redirect_after(reverse("desk:bulk_order", args=[made.pk]), request)
