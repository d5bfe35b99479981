"""Payments found and counted: by receipt, bill, contract or reference; by channel and day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from eservices.bills.models import Allocation, Bill
from eservices.contracts.models import Contract
from eservices.payments.models import Attempt, Channel, Payment
from language.reach import number_key
from org.days import days_before, midnight, midnight_after

MOST_RECEIPTS: Final = 500
MOST_DAYS: Final = 92


def payments_found(words: str) -> QuerySet[Payment]:
    """Return the payments of a receipt, bill, contract, reference or order; all without words."""
    words = " ".join(words.split())[:80]
    if not words:
        return Payment.objects.all()
    told = Q(receipt=words.upper()) | Q(receipt__in=_receipts(words)) | Q(reference=words)
    by_order = Payment.objects.filter(attempt__in=Attempt.objects.filter(oid=words).values("pk"))
    # A union, no OR, of what stands in other tables: PostgreSQL reads all payments for that.
    found = Payment.objects.filter(told).values("pk").union(by_order.values("pk"))
    return Payment.objects.filter(pk__in=found)


def _receipts(words: str) -> Sequence[str]:
    """Return the receipts of a bill's or a contract's payments, the newest first."""
    contract = Contract.objects.filter(number_key=number_key(words)).values("pk")
    numbered = Bill.objects.filter(number__in={words, words.upper()}).values("pk")
    bills = numbered.union(Bill.objects.filter(contract__in=contract).values("pk"))
    rows = Allocation.objects.filter(bill__in=bills).order_by("-pk")
    return list(dict.fromkeys(rows.values_list("receipt", flat=True)[:MOST_RECEIPTS]))


def between(rows: QuerySet[Payment], since: date | None, until: date | None) -> QuerySet[Payment]:
    """Return the payments that were posted from one day to another."""
    if since is not None:
        rows = rows.filter(posted_at__gte=midnight(since))
    if until is not None:
        rows = rows.filter(posted_at__lt=midnight_after(until))
    return rows


def sums(since: date, until: date) -> dict[tuple[date, str], tuple[int, int]]:
    """Return count and centimes of what came, by day and channel, for 92 days at most."""
    since = max(since, days_before(until, MOST_DAYS - 1))
    rows = between(Payment.objects.all(), since, until).order_by()
    counted = rows.annotate(day=TruncDate("posted_at")).values("day", "channel")
    summed = counted.annotate(count=Count("pk"), total=Sum("amount"))
    return {(row["day"], row["channel"]): (row["count"], row["total"]) for row in summed}


def totals(found: dict[tuple[date, str], tuple[int, int]]) -> list[tuple[str, str, int, int]]:
    """Return code, name, count and centimes of each channel that anything came by."""
    summed: dict[str, tuple[int, int]] = {}
    for (_day, channel), (count, total) in found.items():
        before = summed.get(channel, (0, 0))
        summed[channel] = (before[0] + count, before[1] + total)
    return [
        (str(channel), str(channel.label), *summed[channel])
        for channel in Channel
        if channel in summed
    ]


def lines_of(receipts: Sequence[str]) -> dict[str, list[Allocation]]:
    """Return the allocations of receipts with their bills, in one query."""
    rows = Allocation.objects.filter(receipt__in=receipts).select_related("bill__contract")
    found: dict[str, list[Allocation]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.receipt, []).append(row)
    return found


def numbers_of(receipts: Iterable[str]) -> dict[str, list[str]]:
    """Return the numbers of the bills that each receipt paid, in one query."""
    rows = Allocation.objects.filter(receipt__in=list(receipts), amount__gt=0).order_by("pk")
    found: dict[str, list[str]] = {}
    for receipt, number in rows.values_list("receipt", "bill__number"):
        found.setdefault(receipt, []).append(number)
    return found
