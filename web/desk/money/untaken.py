"""Payments by card of which the bank does not say that it took the money: what staff saw there."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from eservices.payments.refunds import RefundError
from eservices.payments.rights import keeps_accounts
from eservices.payments.untaken import seen_at_bank, voided_by_bank
from web.desk.money.listing import payment_of
from web.desk.money.words import refund_words
from web.shared.guard import StaffRequest, go_on, verb
from web.signin.confirmation import confirms


@verb(keeps_accounts)
@confirms()
def act(request: StaffRequest, payment_id: UUID, what: str) -> HttpResponse:
    """Keep that the money is there, or take the payment back that the bank voided."""
    payment = payment_of(payment_id)
    if what not in ("seen", "voided"):
        raise Http404
    try:
        if what == "seen":
            seen_at_bank(payment, by=request.user)
            messages.success(request, _("It is noted that the money is there."))
        else:
            voided_by_bank(payment, reason=request.POST.get("reason", ""), by=request.user)
            said = _("The payment is taken back; its bills are to be paid again.")
            messages.success(request, said)
    except RefundError as error:
        messages.error(request, refund_words(error.code))
    return go_on(request, otherwise=reverse("desk:payment", args=[payment.pk]))
