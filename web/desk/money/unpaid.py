"""Cheques and cards of the counter that the bank did not pay: on the page of the payment."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from eservices.payments.refunds import RefundError
from eservices.payments.rights import decides_refunds
from eservices.payments.unpaid import unpaid_by_bank
from web.desk.money.listing import payment_of
from web.desk.money.words import refund_words
from web.shared.guard import StaffRequest, go_on, verb
from web.signin.confirmation import confirms


@verb(decides_refunds)
@confirms()
def take_back(request: StaffRequest, payment_id: UUID) -> HttpResponse:
    """Take a payment back that the bank did not pay."""
    payment = payment_of(payment_id)
    try:
        unpaid_by_bank(payment, reason=request.POST.get("reason", ""), by=request.user)
    except RefundError as error:
        messages.error(request, refund_words(error.code))
    else:
        messages.success(request, _("The payment is taken back; its bills are to be paid again."))
    return go_on(request, otherwise=reverse("desk:payment", args=[payment.pk]))
