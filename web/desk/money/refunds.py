"""Refunds: requested on a payment's page, decided by another, paid out."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from eservices.bills.models import Bill
from eservices.payments.models import Channel, Refund
from eservices.payments.refunds import (
    RefundError,
    ask_refund,
    decide_refund,
    pay_refund,
    unsure,
)
from eservices.payments.rights import (
    cashes,
    decides_refunds,
    keeps_accounts,
    reads_accounts,
)
from web.desk.money.forms import CreditRefundForm, RefundForm
from web.desk.money.listing import payment_of, payment_page
from web.desk.money.tabs import money_page, permissions
from web.desk.money.words import REFUND_TAGS, refund_words
from web.shared.guard import StaffRequest, form, go_on, page, redirect_after, verb
from web.shared.paging import page_of
from web.signin.confirmation import confirms

ROWS: Final = 50
SHOWN: Final = ("asked", "approved", "done")


@page(reads_accounts)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the refunds that wait for a decision, those to be paid out, or those that are done."""
    show = request.GET.get("show", "")
    show = show if show in SHOWN else "asked"
    rows = Refund.objects.select_related("payment", "credit", "asked_by", "decided_by", "paid_by")
    if show == "done":
        rows = rows.exclude(state__in=(Refund.State.ASKED, Refund.State.APPROVED))
    else:
        rows = rows.filter(state=show)
    order = ["-asked_at", "-id"] if show == "done" else ["asked_at", "id"]
    found = page_of(rows, order=order, cursor=request.GET.get("from", ""), limit=ROWS)
    held = permissions(request)
    context: dict[str, Any] = {
        "rows": [(row, REFUND_TAGS[row.state]) for row in found.rows],
        "next": found.next_cursor,
        "show": show,
        "decides": decides_refunds(held),
        "pays_cash": cashes(held),
        "pays": keeps_accounts(held),
        "cash": Channel.CASH,
        "unsure": unsure(found.rows) if show == "approved" else set(),
    }
    return money_page(request, "web/money/refunds.html", context, at="refunds")


@form(keeps_accounts)
def ask(request: StaffRequest, payment_id: UUID) -> HttpResponse:
    """Request a refund of a payment."""
    payment = payment_of(payment_id)
    by_card = payment.channel == Channel.CARD
    if request.method != "POST":
        return redirect_after(reverse("desk:payment", args=[payment.pk]), request)
    filled = RefundForm(request.POST, by_card=by_card)
    if filled.is_valid():
        try:
            ask_refund(payment=payment, by=request.user, **filled.cleaned_data)
        except RefundError as error:
            filled.add_error(None, refund_words(error.code))
        else:
            messages.success(request, _("The refund is asked for; another person decides."))
            return redirect_after(reverse("desk:payment", args=[payment.pk]), request)
    return payment_page(request, payment, filled, status=422)


@form(keeps_accounts)
def credit(request: StaffRequest) -> HttpResponse:
    """Request that a credit note be paid out."""
    number = request.GET.get("number", "")[:40]
    filled = CreditRefundForm(request.POST or None, initial={"number": number})
    if request.method == "POST" and filled.is_valid():
        given = filled.cleaned_data
        note = Bill.objects.filter(
            number=given.pop("number").strip(), kind=Bill.Kind.CREDIT, total__lt=0
        ).first()
        try:
            if note is None:
                filled.add_error("number", _("There is no credit note with this number."))
            else:
                ask_refund(credit=note, by=request.user, **given)
                messages.success(request, _("The refund is asked for; another person decides."))
                return redirect_after(reverse("desk:refunds"), request)
        except RefundError as error:
            filled.add_error(None, refund_words(error.code))
    status = 422 if request.method == "POST" else 200
    context = {"form": filled}
    return money_page(request, "web/money/credit.html", context, at="refunds", status=status)


@verb(reads_accounts)
@confirms()
def act(request: StaffRequest, refund_id: UUID, what: str) -> HttpResponse:
    """Approve, refuse or pay out a refund."""
    refund = Refund.objects.filter(pk=refund_id).first()
    if refund is None or what not in ("approve", "refuse", "pay"):
        raise Http404
    remark = request.POST.get("remark", "")
    try:
        if what == "pay":
            pay_refund(refund, by=request.user, reference=request.POST.get("reference", ""))
            messages.success(request, _("The refund is paid out."))
        else:
            decide_refund(refund, approve=what == "approve", by=request.user, remark=remark)
            said = _("The refund is approved.") if what == "approve" else _("It is refused.")
            messages.success(request, said)
    except RefundError as error:
        messages.error(request, refund_words(error.code))
    return go_on(request, otherwise=reverse("desk:refunds"))
