"""Cheques and cards of the counter that the bank did not pay: the bills owe again, none goes out.

The bank says so days later, often by a letter: nothing of its file names the payment.
"""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from eservices.payments import journal
from eservices.payments.models import Channel, Payment, Refund
from eservices.payments.refunds import RefundError, refundable, returned_by_bank
from language.lines import one_line
from org.models import User

UNPAID: Final = "payment_unpaid"
WAYS: Final = (Channel.CHEQUE, Channel.TERMINAL)


def may_be_unpaid(payment: Payment) -> bool:
    """Return whether the bank may still say that it did not pay this."""
    return payment.channel in WAYS and refundable(payment) > 0


def unpaid_by_bank(payment: Payment, *, reason: str, by: User) -> Refund:
    """Take back what the bank did not pay of a cheque or card; `reason` is what it says.

    Raise NotAllowedError, RefundError.
    """
    reason = one_line(reason, 400)
    if payment.channel not in WAYS:
        raise RefundError("way")
    if not reason:
        raise RefundError("bank_reason")
    with transaction.atomic():
        Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
        waiting = payment.refunds.filter(state__in=(Refund.State.ASKED, Refund.State.APPROVED))
        if waiting.exists():
            raise RefundError("refund_there")
        if refundable(payment) <= 0:
            raise RefundError("gone")
        refund = returned_by_bank(
            payment,
            amount=refundable(payment),
            reason=": ".join((_("Not paid by the bank"), reason)),
            reference=payment.reference,
            way=payment.channel,
            by=by,
            bills=(),
        )
        journal.write(UNPAID, subject=payment.receipt, actor=journal.actor_of(by))
    return refund
