"""Figures by mail: ordered on the page of figures, stopped there or by the link of a mail."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from figures.models import ReportOrder
from figures.report_mails import filter_words
from figures.reports import (
    MOST_ORDERS,
    order_of_token,
    order_report,
    orders_of,
    send_now,
    stop_report,
)
from figures.scope import figures_scope
from figures.wording import number
from org.models import User
from web.desk.figures.filter import figures_filter
from web.shared.guard import StaffRequest, redirect_after, sees_figures, verb


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order in words."""

    order: ReportOrder
    words: str


def ordered_by(person: User) -> list[Ordered]:
    """Return the person's orders in words."""
    return [Ordered(order, order_words(order)) for order in orders_of(person)]


def order_words(order: ReportOrder) -> str:
    """Return what an order is of: its rhythm, months, and filter."""
    months = ngettext("of %(n)s month", "of %(n)s months", order.months)
    parts = [
        str(order.get_every_display()),
        months % {"n": number(order.months)},
        *filter_words(order),
    ]
    return " · ".join(parts)


@verb(sees_figures)
def order(request: StaffRequest) -> HttpResponse:
    """Order the figures that the page shows, each Monday or first of the month."""
    back = _back()
    every = request.POST.get("every", "")
    if every not in ReportOrder.Every.values:
        messages.error(request, _("Choose how often."))
        return redirect_after(back, request)
    if not request.user.email:
        messages.error(request, _("Your account has no e-mail address."))
        return redirect_after(back, request)
    asked = figures_filter(request.POST, figures_scope(request.user))
    if order_report(request.user, every, asked) is None:
        words = _("You have %(n)s orders already: stop one first.") % {"n": number(MOST_ORDERS)}
        messages.error(request, words)
    else:
        messages.success(request, _("These figures will come by mail."))
    return redirect_after(back, request)


@verb(sees_figures)
def on_order(request: StaffRequest, order_id: int, what: str) -> HttpResponse:
    """Stop an order of one's own, or have it sent at once."""
    found = get_object_or_404(orders_of(request.user), pk=order_id)
    if what not in ("stop", "now"):
        raise Http404
    if what == "stop":
        stop_report(found)
        messages.success(request, _("The figures come by mail no more."))
    else:
        send_now(found)
        messages.success(request, _("The figures are on their way to you."))
    return redirect_after(_back(), request)


def _back() -> str:
    return f"{reverse('desk:figures')}#by-mail"


@csrf_exempt  # mail programs post here by themselves (RFC 8058)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Stop an order by the link of its mail, without a log-in; opening it alone stops nothing."""
    found = order_of_token(token)
    if found is None:
        return render(request, "web/not_found.html", status=404)
    if request.method == "POST" and found.stopped_at is None:
        stop_report(found)
        found.refresh_from_db()
    context: dict[str, Any] = {"order": found, "words": order_words(found)}
    return render(request, "web/figures_stop.html", context)
