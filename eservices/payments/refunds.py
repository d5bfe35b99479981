"""Money that goes back: requested by one person, decided by another, then paid out.

At most what came in goes back. Bills owe again only when the money goes (`posting.take_back`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from eservices.bills.models import Bill
from eservices.payments import journal
from eservices.payments.after import money_went
from eservices.payments.cashier import in_drawer
from eservices.payments.gateways import gateway
from eservices.payments.models import CashierDay, Channel, JournalEntry, Payment, Refund
from eservices.payments.port import GatewayError
from eservices.payments.posting import TakenBackError, take_back
from eservices.payments.rib import is_rib
from eservices.payments.rights import cashes, decides_refunds, keeps_accounts
from language.lines import one_line
from org.models import User
from org.people import permissions_of
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError

WAYS: Final = (Channel.CASH, Channel.CHEQUE, Channel.TRANSFER, Channel.CARD)
SENT, NOT_SENT = "refund_sent", "refund_not_sent"
_NOBODY_KNOWS: Final = ("no_answer", "answer")  # what a gateway did when it fails so


class RefundError(Exception):
    """What cannot be refunded; `code` is the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def refundable(payment: Payment) -> int:
    """Return what of a payment may still be refunded, in centimes."""
    return payment.amount - _asked(payment=payment)


def refundable_credit(credit: Bill) -> int:
    """Return what of a credit note may still be refunded: what remains of it, in centimes."""
    waiting = Refund.objects.filter(
        credit=credit, state__in=(Refund.State.ASKED, Refund.State.APPROVED)
    ).aggregate(sum=Sum("amount"))["sum"]
    return max(0, -credit.remaining - (waiting or 0))


def waits_for_refund(payment: Payment) -> int:
    """Return what came above the bills and has no refund yet."""
    return max(0, payment.amount - payment.allocated - _asked(payment=payment))


def _asked(*, payment: Payment) -> int:
    rows = Refund.objects.filter(payment=payment).exclude(state=Refund.State.REFUSED)
    return rows.aggregate(sum=Sum("amount"))["sum"] or 0


def ask_refund(
    *,
    amount: int,
    reason: str,
    way: str,
    by: User,
    payment: Payment | None = None,
    credit: Bill | None = None,
    account: str = "",
) -> Refund:
    """Request a refund of a payment or credit note. Raise RefundError."""
    if not keeps_accounts(permissions_of(by)):
        raise NotAllowedError
    account = re.sub(r"\s", "", account)
    _check(reason=reason, way=way, account=account, payment=payment)
    with transaction.atomic():
        most = _most(payment, credit)
        if not 0 < amount <= most:
            raise RefundError("amount")
        return keep_refund(
            amount=amount, reason=reason, way=way, by=by, payment=payment, credit=credit,
            account=account,
        )  # fmt: skip


def keep_refund(
    *,
    amount: int,
    reason: str,
    way: str,
    by: User | None,
    payment: Payment | None = None,
    credit: Bill | None = None,
    account: str = "",
) -> Refund:
    """Keep a requested refund, in the caller's transaction, which checked the amount."""
    refund = Refund.objects.create(
        payment=payment,
        credit=credit,
        amount=amount,
        reason=one_line(reason, 500),
        way=way,
        account=account if way == Channel.TRANSFER else "",
        asked_at=timezone.now(),
        asked_by=by,
    )
    _journal("refund_asked", refund, by)
    return refund


def _check(*, reason: str, way: str, account: str, payment: Payment | None) -> None:
    if not one_line(reason, 500):
        raise RefundError("reason")
    by_card = payment is not None and payment.channel == Channel.CARD
    if way not in WAYS or (way == Channel.CARD and not by_card):
        raise RefundError("way")
    if way == Channel.TRANSFER and not is_rib(account):
        raise RefundError("account")


def _most(payment: Payment | None, credit: Bill | None) -> int:
    """Return what may go back, with the row locked that decides it."""
    if payment is not None:
        return refundable(Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk))
    if credit is None:
        raise RefundError("amount")
    return refundable_credit(Bill.objects.select_for_update(of=("self",)).get(pk=credit.pk))


def decide_refund(refund: Refund, *, approve: bool, by: User, remark: str = "") -> Refund:
    """Approve or refuse a refund that somebody else requested. A refusal needs a reason."""
    if not decides_refunds(permissions_of(by)):
        raise NotAllowedError
    remark = one_line(remark, 500)
    if not approve and not remark:
        raise RefundError("remark")
    with transaction.atomic():
        row = _held(refund, Refund.State.ASKED)
        if row.asked_by_id == by.pk:
            raise RefundError("four_eyes")
        row.state = Refund.State.APPROVED if approve else Refund.State.REFUSED
        row.decided_at, row.decided_by, row.remark = timezone.now(), by, remark
        row.save(update_fields=["state", "decided_at", "decided_by", "remark"])
        _journal("refund_approved" if approve else "refund_refused", row, by)
    return row


def pay_refund(refund: Refund, *, by: User, reference: str = "") -> Refund:
    """Pay an approved refund out; in cash from the cashier's own drawer, by card by the gateway.

    Where the gateway's answer was lost it is not called twice: `reference` is what the bank did.
    """
    permissions = permissions_of(by)
    allowed = cashes(permissions) if refund.way == Channel.CASH else keeps_accounts(permissions)
    if not allowed:
        raise NotAllowedError
    reference = one_line(reference, 80)
    if refund.way in (Channel.CHEQUE, Channel.TRANSFER) and not reference:
        raise RefundError("reference")
    if refund.way != Channel.CARD or (reference and unsure([refund])):
        return _pay(refund, by, reference)
    _announce(refund, by)
    try:
        return _pay(refund, by, "", gateway_pays=True)
    except RefundError as error:
        if error.code != "lost":
            with transaction.atomic():
                _journal(NOT_SENT, refund, by)
        raise


def _pay(refund: Refund, by: User, reference: str, *, gateway_pays: bool = False) -> Refund:
    with transaction.atomic():
        day = _drawer(by, refund.amount) if refund.way == Channel.CASH else None
        row = _held(refund, Refund.State.APPROVED)
        row.state, row.paid_at, row.paid_by = Refund.State.PAID, timezone.now(), by
        row.reference, row.cashier_day = reference, day
        row.save(update_fields=["state", "paid_at", "paid_by", "reference", "cashier_day"])
        _gone(row, by)
        if gateway_pays:
            _by_card(row)
    return row


def returned_by_bank(
    payment: Payment, *, amount: int, reason: str, reference: str, by: User, bills: Sequence[str],
    way: str = Channel.TRANSFER,
) -> Refund:  # fmt: skip
    """Take a payment back whose money the bank has taken already. Raise RefundError.

    Nothing is paid out: who decides on refunds does this. Of a part, `bills` owe again first.
    """
    if not decides_refunds(permissions_of(by)):
        raise NotAllowedError
    with transaction.atomic():
        if amount > _most(payment, None):
            raise RefundError("refund_there")
        now = timezone.now()
        refund = Refund.objects.create(
            payment=payment,
            amount=amount,
            state=Refund.State.PAID,
            reason=one_line(reason, 500),
            way=way,
            asked_at=now,
            decided_at=now,
            decided_by=by,
            paid_at=now,
            paid_by=by,
            reference=one_line(reference, 80),
        )
        _gone(refund, by, bills)
    return refund


def _gone(refund: Refund, by: User, bills: Sequence[str] = ()) -> None:
    """Do what follows from money that goes back, in the caller's transaction."""
    try:
        take_back(refund, actor=journal.actor_of(by), first=bills)
    except TakenBackError as error:
        raise RefundError("gone") from error
    money_went(refund)


def unsure(refunds: Iterable[Refund]) -> set[Any]:
    """Return the ids of those sent to a gateway for payment whose answer never came."""
    subjects = {_subject(refund): refund.pk for refund in refunds}
    steps = JournalEntry.objects.filter(subject__in=subjects, kind__in=(SENT, NOT_SENT))
    last = dict(steps.order_by("seq").values_list("subject", "kind"))
    return {subjects[subject] for subject, kind in last.items() if kind == SENT}


def _announce(refund: Refund, by: User) -> None:
    """Record that the gateway is going to be called, lest this process be killed meanwhile."""
    with transaction.atomic():
        _held(refund, Refund.State.APPROVED)
        if unsure([refund]):
            raise RefundError("lost")
        _journal(SENT, refund, by)


def _by_card(refund: Refund) -> None:
    """Have the gateway pay back, as the last step of the transaction."""
    attempt = refund.payment.attempt if refund.payment else None
    if attempt is None:
        raise RefundError("gateway")
    try:
        refund.reference = gateway().refund(attempt.oid, refund.amount)[:80]
    except GatewayError as error:
        raise RefundError("lost" if error.code in _NOBODY_KNOWS else "gateway") from error
    refund.save(update_fields=["reference"])


def _drawer(by: User, amount: int) -> CashierDay:
    days = CashierDay.objects.select_for_update(of=("self",))
    day = days.filter(cashier=by, closed_at=None).first()
    if day is None:
        raise RefundError("no_day")
    if in_drawer(day) < amount:
        raise RefundError("drawer")
    return day


def _held(refund: Refund, state: str) -> Refund:
    row = Refund.objects.select_for_update(of=("self",)).get(pk=refund.pk)
    if row.state != state:
        raise ConflictError
    return row


def _subject(refund: Refund) -> str:
    return f"refund:{refund.pk}"


def _journal(kind: str, refund: Refund, by: User | None) -> None:
    data = {"payment": refund.payment.receipt} if refund.payment else {}
    if refund.credit:
        data = {"credit": refund.credit.number}
    journal.write(
        kind,
        subject=_subject(refund),
        amount=refund.amount,
        actor=journal.actor_of(by),
        data={**data, "way": refund.way},
    )
