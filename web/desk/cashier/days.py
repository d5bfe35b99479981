"""Closing a day by counting; days of cashiers, and their printed pages."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from eservices.payments.cashier import (
    TAKEN,
    CashierError,
    close_day,
    close_for,
    counts_of,
    in_drawer,
    open_day_of,
    paid_out,
)
from eservices.payments.day_page import day_page, payments_of
from eservices.payments.models import CashierDay, Channel
from eservices.payments.rights import (
    cashes,
    closes_for_others,
    reads_accounts,
    sees_all_days,
)
from org.models import User
from org.people import Permissions
from web.desk.cashier.forms import CloseForm
from web.desk.money.tabs import money_page, permissions
from web.desk.money.words import cashier_words
from web.shared.files import stored
from web.shared.guard import StaffRequest, form, page, redirect_after
from web.shared.paging import page_of

ROWS: Final = 50


def days_of(user: User, held: Permissions) -> Any:
    """Return the days that somebody sees: their own, or those of all."""
    rows = CashierDay.objects.select_related("cashier", "page", "closed_by")
    return rows if sees_all_days(held) else rows.filter(cashier=user)


@form(cashes)
def close(request: StaffRequest) -> HttpResponse:
    """Count the drawer and close the day; what is expected is shown once it was counted."""
    day = open_day_of(request.user)
    if day is None:
        return redirect_after(reverse("desk:cashier"), request)

    def end(counted: int, remark: str) -> CashierDay:
        return close_day(request.user, counted=counted, remark=remark)

    return _counted(request, day, end)


@form(closes_for_others)
def close_other(request: StaffRequest, day_id: int) -> HttpResponse:
    """Count the drawer of a cashier who is away, and close the day with the reason."""
    day = _day(request, day_id)
    if day.closed_at is not None or day.cashier_id == request.user.pk:
        return redirect_after(reverse("desk:cashier_day", args=[day.pk]), request)

    def end(counted: int, reason: str) -> CashierDay:
        return close_for(day, counted=counted, reason=reason, by=request.user)

    return _counted(request, day, end)


def _counted(
    request: StaffRequest, day: CashierDay, end: Callable[[int, str], CashierDay]
) -> HttpResponse:
    """Take what was counted of a day, and end it."""
    filled = CloseForm(request.POST or None, absent=day.cashier_id != request.user.pk)
    told: dict[str, Any] = {}
    if request.method == "POST" and filled.is_valid():
        remark = filled.cleaned_data["remark"]
        try:
            counted = filled.sum()
            told = {"counted": counted, "expected": in_drawer(day)}
            told["difference"] = counted - told["expected"]
            closed = end(counted, remark)
        except CashierError as error:
            name = "remark" if error.code in ("remark", "reason") else None
            filled.add_error(name, cashier_words(error.code))
        else:
            messages.success(
                request, _("The day is closed: %(number)s.") % {"number": closed.number}
            )
            return redirect_after(reverse("desk:cashier_day", args=[closed.pk]), request)
    context = {
        "day": day,
        "form": filled,
        "other": day.cashier_id != request.user.pk,
        "counts": _channels(counts_of(day)),
        "told": told,
    }
    status = 422 if request.method == "POST" else 200
    return money_page(request, "web/cashier/close.html", context, at="days", status=status)


def _channels(counts: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(str(Channel(code).label), counts[code]) for code in TAKEN if code in counts]


@page(reads_accounts)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the days of cashiers, the newest first."""
    found = page_of(
        days_of(request.user, permissions(request)),
        order=["-opened_at", "-id"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    context = {"rows": found.rows, "next": found.next_cursor}
    return money_page(request, "web/cashier/days.html", context, at="days")


@page(reads_accounts)
def show(request: StaffRequest, day_id: int) -> HttpResponse:
    """Show a day: what came, what was counted, the receipts."""
    day = _day(request, day_id)
    counts = day.counts if day.closed_at else counts_of(day)
    context = {
        "day": day,
        "counts": _channels(counts),
        "refunded": counts["refunds"],
        "refunds": paid_out(day).select_related("payment", "credit"),
        "rows": payments_of(day, {code: str(Channel(code).label) for code in TAKEN}),
        "closes": day.closed_at is None
        and day.cashier_id != request.user.pk
        and closes_for_others(permissions(request)),
        "expected": day.expected if day.closed_at else in_drawer(day, counts),
    }
    return money_page(request, "web/cashier/day.html", context, at="days")


@page(reads_accounts)
def paper(request: StaffRequest, day_id: int) -> HttpResponseBase:
    """Give the page of a closed day as PDF."""
    day = _day(request, day_id)
    if day.closed_at is None:
        raise Http404
    language = (get_language() or "fr")[:2]
    file = day_page(day, language=language)
    return stored(file, "application/pdf", name=f"{day.number.replace('/', '-')}.pdf")


def _day(request: StaffRequest, day_id: int) -> CashierDay:
    found: CashierDay | None = days_of(request.user, permissions(request)).filter(pk=day_id).first()
    if found is None:
        raise Http404
    return found
