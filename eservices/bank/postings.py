"""Payments that partners post: once by reference, exact, all bills or none; taken back that day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from eservices.bank.errors import BillerError
from eservices.bank.fees import fee_of
from eservices.bank.models import BankPartner, Posting
from eservices.bills.models import Bill
from eservices.payments import posting
from eservices.payments.models import Channel

MOST_BILLS: Final = 4
CLOCK_TOLERANCE: Final = timedelta(minutes=5)  # by which a partner's clock may be wrong


@dataclass(frozen=True, slots=True)
class Order:
    """A payment as a partner posts it; `body_hash` reveals another one under the same reference."""

    reference: str
    lines: Sequence[tuple[str, int]]  # bill number, centimes
    channel: str
    paid_at: datetime
    body_hash: str

    @property
    def total(self) -> int:
        """The amount of all lines."""
        return sum(amount for _number, amount in self.lines)


def posting_of(partner: BankPartner, reference: str) -> Posting | None:
    """Return what this partner posted under a reference."""
    rows = Posting.objects.select_related("payment")
    return rows.filter(partner=partner, reference=reference).first()


def post(partner: BankPartner, order: Order) -> tuple[Posting, bool]:
    """Post a payment; return it, and whether it is new.

    The same order again gives what it gave. Raise BillerError: nothing was posted.
    """
    if known := posting_of(partner, order.reference):
        return _same(known, order), False
    try:
        return _post(partner, order), True
    except (BillerError, posting.PostingError, IntegrityError) as error:
        # Somebody was faster, perhaps with this very reference.
        if known := posting_of(partner, order.reference):
            return _same(known, order), False
        if isinstance(error, posting.PostingError):
            raise BillerError(error.code, bill=error.bill) from error
        raise


def reverse(partner: BankPartner, reference: str, *, reason: str) -> Posting:
    """Take back a posting of today, or return one that was taken back. Raise BillerError."""
    with transaction.atomic():
        rows = Posting.objects.select_for_update(of=("self",)).select_related("payment")
        row = rows.filter(partner=partner, reference=reference).first()
        if row is None:
            raise BillerError("not_found")
        if row.state == Posting.State.REVERSED:
            return row
        if row.on != timezone.localdate():
            raise BillerError("too_late")
        actor = f"partner:{partner.code}"
        try:
            posting.reverse(row.payment, reason=reason, actor=actor)
        except posting.TakenBackError as error:
            raise BillerError("not_reversible") from error
        row.state, row.reversed_at = Posting.State.REVERSED, timezone.now()
        row.reason = reason
        row.save(update_fields=["state", "reversed_at", "reason"])
        return row


def posted_on(partner: BankPartner, day: date) -> int:
    """Return what a partner posted on a day and did not take back, in centimes."""
    rows = Posting.objects.filter(partner=partner, on=day, state=Posting.State.POSTED)
    return int(rows.aggregate(total=Sum("payment__amount"))["total"] or 0)


def _same(known: Posting, order: Order) -> Posting:
    if known.body_hash != order.body_hash:
        raise BillerError("reference_used")
    return known


def _post(partner: BankPartner, order: Order) -> Posting:
    _check_bills(order)
    with transaction.atomic():
        now = timezone.now()
        _check_date(order, now)
        _check_limits(partner, order, timezone.localdate(now))
        payment = posting.post_payment(
            [posting.Line(number, amount) for number, amount in order.lines],
            channel=Channel.BANK,
            paid_at=order.paid_at,
            partner=partner.code,
            reference=order.reference,
            exact=True,
        )
        return Posting.objects.create(
            partner=partner,
            reference=order.reference,
            body_hash=order.body_hash,
            payment=payment,
            channel=order.channel,
            fee=fee_of(partner, payment.amount),
            on=timezone.localdate(now),
            posted_at=now,
        )


def _check_bills(order: Order) -> None:
    if len(order.lines) > MOST_BILLS:
        raise BillerError("too_many_bills")
    seen: set[str] = set()
    for number, amount in order.lines:
        if amount <= 0 or number in seen:
            raise BillerError("wrong_amount", bill=number)
        seen.add(number)


def _check_date(order: Order, now: datetime) -> None:
    """Raise BillerError for a payment of the future, or of before a bill was issued or known here.

    No customer can have paid then, and the date would stand on the receipt. A bill may be known
    before the day that it is issued on, and one on paper be paid before it is known here.
    """
    if order.paid_at > now + CLOCK_TOLERANCE:
        raise BillerError("wrong_date", field="paid_at")
    paid_on = timezone.localdate(order.paid_at + CLOCK_TOLERANCE)
    for bill in Bill.objects.filter(number__in=[number for number, _amount in order.lines]):
        if paid_on < min(bill.issued_on, timezone.localdate(bill.made_at)):
            raise BillerError("wrong_date", bill=bill.number, field="paid_at")


def _check_limits(partner: BankPartner, order: Order, day: date) -> None:
    """Raise BillerError where a payment is above the partner's limits; those of a day in turn."""
    if partner.most_a_payment and order.total > partner.most_a_payment:
        raise BillerError("over_limit")
    if partner.most_a_day:
        BankPartner.objects.select_for_update().get(pk=partner.pk)
        if posted_on(partner, day) + order.total > partner.most_a_day:
            raise BillerError("over_limit")
