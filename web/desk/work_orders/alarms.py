"""Alarms for danger: those that nobody has seen, one with what is known, and "seen" by one tap."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from eservices.relations.danger import alarms_visible_to, see
from eservices.relations.models import DangerAlarm
from eservices.relations.rights import sees_work
from org.models import User
from registry.access import readable_among
from web.shared.guard import StaffRequest, page, redirect_after, verb
from web.shared.paging import page_of

ROWS = 30


@page(sees_work)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the alarms that a person may see, those not seen first."""
    rows = alarms_visible_to(request.user).select_related("seen_by", "department")
    waiting = list(rows.filter(seen_at=None).order_by("raised_at", "pk")[:ROWS])
    found = page_of(
        rows.filter(seen_at__isnull=False),
        order=["-raised_at", "-id"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    context = {"waiting": waiting, "rows": found.rows, "next": found.next_cursor}
    return render(request, "web/work_orders/alarms.html", context)


@page()
def show(request: StaffRequest, alarm_id: UUID) -> HttpResponse:
    """Show an alarm: what, where, whom to call, and the button that says "seen"."""
    alarm = _alarm(request.user, alarm_id)
    letter = alarm.request.letter if alarm.request else None
    context = {
        "alarm": alarm,
        "letter": letter if letter and readable_among([letter.pk], request.user) else None,
        "told": User.objects.filter(pk__in=alarm.told).order_by("last_name", "pk"),
    }
    return render(request, "web/work_orders/alarm.html", context)


@verb()
def seen(request: StaffRequest, alarm_id: UUID) -> HttpResponse:
    """Write down that this person saw the alarm."""
    alarm = see(_alarm(request.user, alarm_id), actor=request.user)
    if alarm.seen_by_id == request.user.pk:
        messages.success(request, _("It is noted that you saw the alarm."))
    return redirect_after(reverse("desk:danger", args=[alarm.pk]), request)


def _alarm(viewer: User, alarm_id: UUID) -> DangerAlarm:
    rows = alarms_visible_to(viewer).select_related(
        "seen_by", "department", "order__team", "request__letter"
    )
    return get_object_or_404(rows, pk=alarm_id)
