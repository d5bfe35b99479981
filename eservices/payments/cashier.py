"""A cashier's day: opened with what is in the drawer, money taken, closed by counting.

The day's row is locked before any bill's, so that nothing is taken while the day is being closed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from eservices.bills.models import Allocation
from eservices.money import MOST
from eservices.payments import journal
from eservices.payments.models import CashierDay, Channel, Payment, Refund
from eservices.payments.posting import Line, post_payment
from eservices.payments.rights import closes_for_others
from eservices.payments.series import next_number
from language.lines import one_line
from org.models import User
from org.people import permissions_of
from routing.acting.errors import NotAllowedError

DAYS: Final = "JC"
TAKEN: Final = (Channel.CASH, Channel.CHEQUE, Channel.TERMINAL)
# Notes and coins of the dirham, in centimes.
MONEY: Final = (20000, 10000, 5000, 2500, 2000, 1000, 500, 200, 100, 50, 20, 10)
SAME_CLICK: Final = timedelta(minutes=2)


class CashierError(Exception):
    """What cannot be done at the counter; `code` is the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Handed:
    """How the customer pays: `reference` is the cheque's number or the terminal's ticket.

    `tendered` is the cash received, None where it was not typed; `token` that of the form, new on
    each page.
    """

    channel: str
    reference: str = ""
    payer: str = ""
    tendered: int | None = None
    language: str = "fr"
    token: str = ""


def open_day_of(user: User) -> CashierDay | None:
    """Return the day that this cashier has open."""
    return CashierDay.objects.filter(cashier=user, closed_at=None).first()


def open_day(user: User, *, desk: str, opening: int) -> CashierDay:
    """Open a day with what is in the drawer. Raise CashierError where one is open."""
    if not 0 <= opening <= MOST:
        raise CashierError("opening")
    try:
        with transaction.atomic():
            day = CashierDay.objects.create(
                cashier=user,
                desk=one_line(desk, 40),
                opened_at=timezone.now(),
                opening=opening,
            )
            journal.write(
                "cashier_opened",
                subject=_subject(day),
                amount=opening,
                actor=journal.actor_of(user),
            )
    except IntegrityError as error:
        raise CashierError("open_already") from error
    return day


def take_money(user: User, lines: Sequence[Line], handed: Handed) -> Payment:
    """Take the money for bills at the counter, and return the payment with its receipt.

    The same form again, with the same bills and amounts, is the same click: the payment that is
    there. Without a token, what is the same within two minutes is. Raise CashierError or
    PostingError.
    """
    _check_handed(lines, handed)
    click = _click(lines, handed)
    with transaction.atomic():
        day = _held_day(user)
        if same := _same_form(user, click) if click else _same_click(day, lines, handed):
            return same
        return post_payment(
            lines,
            channel=handed.channel,
            paid_at=timezone.now(),
            cashier_day=day,
            reference=one_line(handed.reference, 80),
            payer=one_line(handed.payer, 200),
            by=user,
            language=handed.language,
            click=click,
        )


def _check_handed(lines: Sequence[Line], handed: Handed) -> None:
    if handed.channel not in TAKEN:
        raise CashierError("channel")
    if handed.channel == Channel.CHEQUE and not handed.reference.strip():
        raise CashierError("cheque_number")
    total = sum(line.amount for line in lines)
    if handed.channel == Channel.CASH and handed.tendered is not None and handed.tendered < total:
        raise CashierError("tendered")


def _held_day(user: User) -> CashierDay:
    days = CashierDay.objects.select_for_update(of=("self",))
    day = days.filter(cashier=user, closed_at=None).first()
    if day is None:
        raise CashierError("no_day")
    return day


def _click(lines: Sequence[Line], handed: Handed) -> str:
    """Return what identifies a form with its bills and amounts; "" for one without a token."""
    if not handed.token:
        return ""
    told = [handed.token, handed.channel, sorted((line.bill, line.amount) for line in lines)]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _same_form(user: User, click: str) -> Payment | None:
    return Payment.objects.filter(by=user, click=click).first()


def _same_click(day: CashierDay, lines: Sequence[Line], handed: Handed) -> Payment | None:
    """Return the cashier's last payment, where it is these bills and amounts, made just now."""
    last = Payment.objects.filter(cashier_day=day).order_by("-posted_at", "-id").first()
    if last is None or last.channel != handed.channel:
        return None
    if timezone.now() - last.posted_at > SAME_CLICK:
        return None
    rows = Allocation.objects.filter(receipt=last.receipt).values_list("bill__number", "amount")
    return last if set(rows) == {(line.bill, line.amount) for line in lines} else None


def counts_of(day: CashierDay) -> dict[str, dict[str, int]]:
    """Return by channel how many payments came and their sum; and what was paid out in cash."""
    rows = Payment.objects.filter(cashier_day=day).order_by().values("channel")
    summed = rows.annotate(count=Count("pk"), total=Sum("amount"))
    by_channel = {row["channel"]: {"count": row["count"], "total": row["total"]} for row in summed}
    nothing = {"count": 0, "total": 0}
    counts = {str(channel): by_channel.get(channel, dict(nothing)) for channel in TAKEN}
    out = paid_out(day).aggregate(count=Count("pk"), total=Sum("amount"))
    counts["refunds"] = {"count": out["count"], "total": out["total"] or 0}
    return counts


def paid_out(day: CashierDay) -> QuerySet[Refund]:
    """Return the refunds that were paid in cash out of this drawer."""
    return Refund.objects.filter(cashier_day=day)


def in_drawer(day: CashierDay, counts: Mapping[str, Mapping[str, int]] | None = None) -> int:
    """Return the cash that must be in the drawer now; `counts` where they are known already."""
    counts = counts or counts_of(day)
    return day.opening + counts[Channel.CASH]["total"] - counts["refunds"]["total"]


def counted_of(pieces: Mapping[int, int]) -> int:
    """Return the sum of notes and coins: value → how many."""
    return sum(value * count for value, count in pieces.items())


def close_day(user: User, *, counted: int, remark: str = "") -> CashierDay:
    """Close the cashier's day with the cash that was counted, and number its page.

    A difference needs a remark. Raise CashierError.
    """
    with transaction.atomic():
        return _close(_held_day(user), counted=counted, remark=one_line(remark, 500), by=user)


def close_for(day: CashierDay, *, counted: int, reason: str, by: User) -> CashierDay:
    """Close the day of a cashier who is away, with the reason, by who heads cashiers or accounts.

    Raise NotAllowedError, CashierError.
    """
    if day.cashier_id == by.pk or not closes_for_others(permissions_of(by)):
        raise NotAllowedError
    reason = one_line(reason, 500)
    if not reason:
        raise CashierError("reason")
    with transaction.atomic():
        days = CashierDay.objects.select_for_update(of=("self",)).select_related("cashier")
        row = days.filter(pk=day.pk, closed_at=None).first()
        if row is None:
            raise CashierError("closed_already")
        return _close(row, counted=counted, remark=reason, by=by)


def _close(day: CashierDay, *, counted: int, remark: str, by: User) -> CashierDay:
    """Close a day whose row is held; the page, number and journal are those of any closing."""
    if not 0 <= counted <= MOST:
        raise CashierError("counted")
    counts = counts_of(day)
    expected = in_drawer(day, counts)
    if counted != expected and not remark:
        raise CashierError("remark")
    day.counts, day.expected, day.counted = counts, expected, counted
    day.difference, day.remark = counted - expected, remark
    day.closed_at, day.closed_by, day.number = timezone.now(), by, next_number(DAYS)
    day.save()
    journal.write(
        "cashier_closed",
        subject=_subject(day),
        amount=day.difference,
        actor=journal.actor_of(by),
        data={
            "number": day.number,
            "expected": expected,
            "counted": counted,
            "counts": counts,
            **({} if by.pk == day.cashier_id else {"cashier": day.cashier_id, "reason": remark}),
        },
    )
    return day


def _subject(day: CashierDay) -> str:
    return f"day:{day.pk}"
