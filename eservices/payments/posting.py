"""Posting money that came in: one door for gateways, counters, banks and bank files.

The rows of the bills are locked first, in the order of their ids, then the numbers of receipts,
then the journal's end: two who post at the same time wait for one another in that order alone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

from django.db import transaction
from django.utils import timezone

from eservices.bills.models import Allocation, Bill
from eservices.bills.remaining import held, refresh
from eservices.payments import journal
from eservices.payments.after import money_came, money_went
from eservices.payments.models import Attempt, CashierDay, Payment, Refund
from eservices.payments.receipt_mails import queue_receipt
from eservices.payments.series import RECEIPTS, next_number
from eservices.people.models import Person
from org.models import User

MOST_BILLS: Final = 20


class PostingError(Exception):
    """A posting that cannot be, `bill` being the number that it fails on."""

    code: ClassVar[str] = ""

    def __init__(self, bill: str = "") -> None:
        super().__init__(bill)
        self.bill = bill


class UnknownBillError(PostingError):
    """There is no such bill."""

    code = "unknown_bill"


class AlreadyPaidError(PostingError):
    """Nothing remains to be paid."""

    code = "already_paid"


class WrongAmountError(PostingError):
    """The amount is not what remains, or not one that the bill takes."""

    code = "wrong_amount"


class TooManyBillsError(PostingError):
    """More bills than one payment may have, or none."""

    code = "too_many_bills"


class TakenBackError(Exception):
    """More would go back than came in."""


@dataclass(frozen=True, slots=True)
class Line:
    """A bill by its number, and the centimes that are meant for it."""

    bill: str
    amount: int


def post_payment(
    lines: Sequence[Line],
    *,
    channel: str,
    paid_at: datetime,
    attempt: Attempt | None = None,
    cashier_day: CashierDay | None = None,
    partner: str = "",
    reference: str = "",
    person: Person | None = None,
    payer: str = "",
    by: User | None = None,
    language: str = "fr",
    click: str = "",
    exact: bool = False,
    amount: int | None = None,
) -> Payment:
    """Post a payment of bills: receipt, allocations, journal; all of it or nothing.

    Without `amount` nothing was taken yet: each line must be what the bill may be paid with, its
    whole remainder, or a part where the bill allows it (never with `exact`). With `amount`, the
    centimes that really came (from a gateway or on the bank account), nothing is refused: what
    can be set against the bills is, the rest stays above `allocated` and waits for a refund.
    Raise a PostingError.
    """
    payment = Payment(
        channel=channel,
        paid_at=paid_at,
        attempt=attempt,
        cashier_day=cashier_day,
        partner=partner,
        reference=reference,
        person=person,
        payer=payer,
        by=by,
        language=language,
        click=click,
    )
    _post(payment, lines, exact=exact, came=amount)
    return payment


def _post(payment: Payment, lines: Sequence[Line], *, exact: bool, came: int | None) -> None:
    if not 1 <= len(lines) <= MOST_BILLS:
        raise TooManyBillsError
    with transaction.atomic():
        bills = _bills(lines)
        if came is None:
            _check(lines, bills, exact=exact)
        parts = _parts(lines, bills, came)
        payment.allocated = sum(part for _bill, part in parts)
        payment.amount = payment.allocated if came is None else came
        payment.receipt = next_number(RECEIPTS)
        payment.posted_at = timezone.now()
        payment.save(force_insert=True)
        _allocate(payment.receipt, parts)
        _journal(payment, parts)
        queue_receipt(payment)
        money_came(payment)


def reverse(payment: Payment, *, reason: str, actor: str) -> Refund:
    """Take a whole payment back at once, as a partner may the same day. Raise TakenBackError."""
    now = timezone.now()
    with transaction.atomic():
        _lock(payment)
        if payment.refunds.exclude(state=Refund.State.REFUSED).exists():
            raise TakenBackError
        refund = Refund.objects.create(
            payment=payment,
            amount=payment.amount,
            state=Refund.State.REVERSED,
            reason=reason,
            asked_at=now,
            paid_at=now,
        )
        take_back(refund, actor=actor)
        money_went(refund)
    return refund


def _lock(payment: Payment) -> None:
    """Hold a payment's row, before those of its bills."""
    Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)


def take_back(refund: Refund, *, actor: str, first: Collection[str] = ()) -> None:
    """Do what a refund means for bills and journal, inside the caller's transaction.

    What was not set against a bill goes back first, then what stands against the bills `first`, by
    their numbers, then the newest. Called once, the state PAID or REVERSED. Raise TakenBackError.
    """
    payment = refund.payment
    if payment is None:
        _take_back_credit(refund, actor)
        return
    _lock(payment)  # two refunds at once would both take what was set against no bill
    before = Refund.objects.filter(payment=payment, state__in=_GONE).exclude(pk=refund.pk)
    gone = sum(before.values_list("amount", flat=True))
    if gone + refund.amount > payment.amount:
        raise TakenBackError
    numbers = list(
        Allocation.objects.filter(receipt=payment.receipt).values_list("bill__number", flat=True)
    )
    bills = {bill.pk: bill for bill in held(Bill.objects.filter(number__in=numbers))}
    loose = max(0, payment.amount - payment.allocated - gone)
    left = refund.amount - min(loose, refund.amount)
    parts = []
    order = sorted(_standing(payment.receipt), key=lambda one: bills[one[0]].number not in first)
    for pk, standing in order:
        part = min(left, standing)
        if part:
            parts.append((bills[pk], -part))
            left -= part
    if left:
        raise TakenBackError
    _allocate(payment.receipt, parts)
    journal.write(
        journal.TAKEN_BACK,
        subject=payment.receipt,
        amount=-refund.amount,
        actor=actor,
        data={"refund": str(refund.pk), "lines": _parts_as_json(parts)},
    )


_GONE: Final = (Refund.State.PAID, Refund.State.REVERSED)


def _take_back_credit(refund: Refund, actor: str) -> None:
    [credit] = held(Bill.objects.filter(refunds=refund))
    if refund.amount > -credit.remaining:
        raise TakenBackError
    parts = [(credit, -refund.amount)]
    _allocate(str(refund.pk), parts)
    journal.write(
        "credit_paid_out",
        subject=credit.number,
        amount=-refund.amount,
        actor=actor,
        data={"refund": str(refund.pk), "lines": _parts_as_json(parts)},
    )


def _standing(receipt: str) -> list[tuple[int, int]]:
    """Return the bills of a payment, newest first, with what still stands against each."""
    sums: dict[int, int] = {}
    rows = Allocation.objects.filter(receipt=receipt).order_by("-pk")
    for bill_id, amount in rows.values_list("bill_id", "amount"):
        sums[bill_id] = sums.get(bill_id, 0) + amount
    return list(sums.items())


def _bills(lines: Sequence[Line]) -> dict[str, Bill]:
    numbers = [line.bill for line in lines]
    if len(set(numbers)) != len(numbers):
        raise WrongAmountError(next(n for n in numbers if numbers.count(n) > 1))
    found = {bill.number: bill for bill in held(Bill.objects.filter(number__in=numbers))}
    for number in numbers:
        if number not in found:
            raise UnknownBillError(number)
    return found


def _check(lines: Sequence[Line], bills: dict[str, Bill], *, exact: bool) -> None:
    for line in lines:
        check_line(line, bills[line.bill], exact=exact)


def check_line(line: Line, bill: Bill, *, exact: bool = False) -> None:
    """Raise a PostingError where the bill may not be paid with this amount."""
    if bill.remaining <= 0:
        raise AlreadyPaidError(line.bill)
    part = bill.partial and not exact
    fits = 0 < line.amount <= bill.remaining if part else line.amount == bill.remaining
    if not fits:
        raise WrongAmountError(line.bill)


def _parts(
    lines: Sequence[Line], bills: dict[str, Bill], amount: int | None
) -> list[tuple[Bill, int]]:
    """Return what is set against each bill, out of what came."""
    left = sum(line.amount for line in lines) if amount is None else amount
    parts = []
    for line in lines:
        bill = bills[line.bill]
        part = min(left, line.amount, max(0, bill.remaining))
        if part > 0:
            parts.append((bill, part))
            left -= part
    return parts


def _allocate(receipt: str, parts: Sequence[tuple[Bill, int]]) -> None:
    now = timezone.now()
    Allocation.objects.bulk_create(
        Allocation(bill=bill, receipt=receipt, amount=amount, at=now) for bill, amount in parts
    )
    refresh(bill for bill, _amount in parts)


def _parts_as_json(parts: Sequence[tuple[Bill, int]]) -> list[dict[str, Any]]:
    return [{"bill": bill.number, "amount": amount} for bill, amount in parts]


def _journal(payment: Payment, parts: Sequence[tuple[Bill, int]]) -> None:
    partner = f"partner:{payment.partner}" if payment.partner else ""
    journal.write(
        journal.POSTED,
        subject=payment.receipt,
        amount=payment.amount,
        actor=journal.actor_of(payment.by) or partner,
        data={
            "channel": payment.channel,
            "paid_at": payment.paid_at,
            "reference": payment.reference,
            "attempt": payment.attempt.oid if payment.attempt else "",
            "lines": _parts_as_json(parts),
        },
    )
