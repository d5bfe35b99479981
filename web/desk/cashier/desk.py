"""The cashier's page: find the bills, take the money, give the receipt. All by keyboard."""

import uuid
from typing import Any, Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from eservices.bills.models import Bill
from eservices.bills.templatetags.money import dirhams
from eservices.contracts.finding import contracts_found
from eservices.contracts.models import Contract
from eservices.money import AmountError, decimal, typed_centimes
from eservices.payments.cashier import (
    CashierError,
    Handed,
    counts_of,
    in_drawer,
    open_day,
    open_day_of,
    take_money,
)
from eservices.payments.models import Channel, Payment
from eservices.payments.posting import MOST_BILLS, Line, PostingError
from eservices.payments.rights import cashes
from language.fold import fold
from web.desk.cashier.forms import OpenForm, TakeForm
from web.desk.money.tabs import money_page
from web.desk.money.words import cashier_words, posting_words
from web.shared.guard import StaffRequest, form, page, redirect_after

MOST_CONTRACTS: Final = 10
_AT_FIELD: Final = {"cheque_number": "reference", "tendered": "tendered"}


@page(cashes)
def show(request: StaffRequest) -> HttpResponse:
    """Show the day: the results of a search, or the receipt of what was just taken."""
    return _page(request, TakeForm())


@form(cashes)
def begin(request: StaffRequest) -> HttpResponse:
    """Open the day with what is in the drawer."""
    if request.method != "POST":
        return redirect_after(reverse("desk:cashier"), request)
    filled = OpenForm(request.POST)
    if filled.is_valid():
        try:
            open_day(request.user, **filled.cleaned_data)
        except CashierError as error:
            filled.add_error(None, cashier_words(error.code))
        else:
            messages.success(request, _("Your day is open."))
            return redirect_after(reverse("desk:cashier"), request)
    return _page(request, TakeForm(), opening=filled, status=422)


@form(cashes)
def take(request: StaffRequest) -> HttpResponse:
    """Take the money for the chosen bills."""
    if request.method != "POST":
        return redirect_after(reverse("desk:cashier"), request)
    filled = TakeForm(request.POST)
    if not filled.is_valid():
        return _page(request, filled, status=422)
    try:
        payment = take_money(request.user, _lines(request.POST), _handed(filled, request))
    except CashierError as error:
        filled.add_error(_AT_FIELD.get(error.code), cashier_words(error.code))
    except PostingError as error:
        filled.add_error(None, posting_words(error))
    else:
        tendered = filled.cleaned_data["tendered"] or 0
        by_cash = payment.channel == Channel.CASH
        if by_cash and tendered > payment.amount:
            change = dirhams(tendered - payment.amount)
            messages.info(request, _("Change: %(amount)s") % {"amount": change})
        target = f"{reverse('desk:cashier')}?{urlencode({'done': str(payment.pk)})}"
        return redirect_after(target, request)
    return _page(request, filled, status=422)


def _handed(filled: TakeForm, request: StaffRequest) -> Handed:
    given = filled.cleaned_data
    return Handed(
        channel=given["channel"],
        reference=given["reference"],
        payer=given["payer"],
        tendered=given["tendered"] if given["channel"] == Channel.CASH else None,
        token=request.POST.get("token", "")[:40],
    )


def _lines(given: QueryDict) -> list[Line]:
    """Return the chosen bills with what is paid of each: all that is seen to remain, or a part."""
    lines = []
    for number in dict.fromkeys(given.getlist("bill")):
        typed = given.get(f"part_{number}", "").strip() or given.get(f"rest_{number}", "")
        try:
            lines.append(Line(number, typed_centimes(typed)))
        except AmountError as error:
            raise CashierError("amount") from error
    return lines


def _page(
    request: StaffRequest, taking: TakeForm, *, opening: OpenForm | None = None, status: int = 200
) -> HttpResponse:
    day = open_day_of(request.user)
    given = request.POST if request.method == "POST" else request.GET
    words = " ".join(given.get("q", "").split())[:80]
    bills, contracts = _found(words) if day else ([], [])
    chosen = set(given.getlist("bill"))
    if not (chosen or taking.is_bound):
        chosen = {bill.number for bill in bills}
    counts = counts_of(day) if day else {}
    context: dict[str, Any] = {
        "day": day,
        "counts": counts,
        "drawer": in_drawer(day, counts) if day else 0,
        "opening": opening or OpenForm(),
        "q": words,
        "bills": [
            (
                bill,
                bill.number in chosen,
                decimal(bill.remaining),
                given.get(f"part_{bill.number}", ""),
            )
            for bill in bills
        ],
        "contracts": contracts,
        "form": taking,
        "token": uuid.uuid4(),
        "errors": list(taking.non_field_errors()),
        "done": _done(request, day),
        "recent": Payment.objects.filter(cashier_day=day).order_by("-posted_at", "-id")[:8]
        if day
        else [],
    }
    return money_page(request, "web/cashier/desk.html", context, at="cashier", status=status)


def _found(words: str) -> tuple[list[Bill], list[Contract]]:
    """Return the open bill of a number, or the contracts found; of one alone its open bills."""
    if not words:
        return [], []
    rows = Bill.objects.filter(remaining__gt=0).select_related("contract")
    named = list(rows.filter(number__in={words, words.upper()})[:1])
    if named:
        return named, []
    by_words = contracts_found(words).order_by("name_key", "pk")
    found = list(by_words[:MOST_CONTRACTS]) or list(_begun_so(words)[:MOST_CONTRACTS])
    if len(found) != 1:
        return [], found
    due = rows.filter(contract=found[0]).order_by("due_on", "pk")
    return list(due[:MOST_BILLS]), found


def _begun_so(words: str) -> "QuerySet[Contract]":
    """Return the contracts of names that begin with what was typed so far."""
    folded = " ".join(fold(words).split())
    if len(folded) < 3:
        return Contract.objects.none()
    return Contract.objects.filter(name_key__startswith=f" {folded}").order_by("name_key", "pk")


def _done(request: StaffRequest, day: Any) -> Payment | None:
    """Return the payment that was just taken, where it is of this cashier's day."""
    wanted = request.GET.get("done", "")
    if day is None or not wanted:
        return None
    recent = Payment.objects.filter(cashier_day=day).order_by("-posted_at", "-id")
    return next((one for one in recent[:20] if str(one.pk) == wanted), None)
