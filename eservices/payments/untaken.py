"""Payments by card whose money the bank has not confirmed as taken: for a person to settle.

The gateway is queried for some days (`reconcile`). After a day without its answer they are shown:
staff check with the bank, and record that the money is there, or that the bank voided it.
"""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.payments import journal
from eservices.payments.address import read_address
from eservices.payments.gateways import is_set
from eservices.payments.models import Attempt, Payment, Refund
from eservices.payments.refunds import RefundError, refundable, returned_by_bank
from eservices.payments.rights import keeps_accounts
from language.lines import one_line
from org.models import User
from org.people import permissions_of
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError

SHOWN_AFTER: Final = timedelta(days=1)


def untaken(*, now: datetime | None = None) -> QuerySet[Payment]:
    """Return the payments that wait; none where the gateway cannot be queried."""
    if not is_set() or not read_address(settings.PAYMENT_URL).user:
        return Payment.objects.none()
    before = (now or timezone.now()) - SHOWN_AFTER
    return Payment.objects.filter(
        attempt__state=Attempt.State.PAID, attempt__taken_at=None, attempt__ended_at__lt=before
    )


def seen_at_bank(payment: Payment, *, by: User) -> None:
    """Keep that the money is on the account. Raise NotAllowedError, ConflictError."""
    if not keeps_accounts(permissions_of(by)):
        raise NotAllowedError
    with transaction.atomic():
        _settle(_held(payment), "attempt_seen_at_bank", by)


def voided_by_bank(payment: Payment, *, reason: str, by: User) -> Refund:
    """Take back a payment whose money never came: the bills owe again what stands against them.

    Raise NotAllowedError, RefundError, ConflictError.
    """
    reason = one_line(reason, 400)
    if not reason:
        raise RefundError("reason")
    with transaction.atomic():
        attempt = _held(payment)
        refund = returned_by_bank(  # first: bills are locked before the journal's end
            payment,
            amount=refundable(payment),
            reason=": ".join((_("Voided by the bank"), reason)),
            reference=payment.reference,
            by=by,
            bills=(),
        )
        _settle(attempt, "attempt_voided", by)
    return refund


def _held(payment: Payment) -> Attempt:
    """Return the attempt of a payment that waits, its row locked. Raise ConflictError."""
    rows = Attempt.objects.select_for_update(of=("self",))
    attempt = rows.filter(payment=payment, taken_at=None).first()
    if attempt is None or not untaken().filter(pk=payment.pk).exists():
        raise ConflictError
    return attempt


def _settle(attempt: Attempt, kind: str, by: User) -> None:
    """Have an attempt wait no more, with a line in the journal."""
    Attempt.objects.filter(pk=attempt.pk).update(taken_at=timezone.now())
    actor = journal.actor_of(by)
    journal.write(kind, subject=attempt.oid, amount=attempt.payment.amount, actor=actor)
