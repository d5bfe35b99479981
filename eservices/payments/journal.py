"""The journal of money: append-only, a chain of its own, proven by `verify_register`."""

from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Sum
from django.utils import timezone

from eservices.bills.models import Allocation
from eservices.bills.remaining import unlike
from eservices.payments.models import JournalEntry, Payment, Series
from eservices.payments.series import RECEIPTS, next_place
from org.models import User
from registry import chain
from registry.book.proving import Problem
from registry.numbered_chain import check_links

PLACES: Final = "J"
POSTED: Final = "payment_posted"
TAKEN_BACK: Final = "payment_taken_back"
BATCH: Final = 500


def actor_of(user: User | None) -> str:
    """Return how the journal names a person of the staff; "" for nobody."""
    return f"user:{user.pk}" if user else ""


def write(
    kind: str,
    *,
    subject: str,
    amount: int = 0,
    actor: str = "",
    data: dict[str, Any] | None = None,
) -> JournalEntry:
    """Write a step at the end of the chain, in the caller's transaction.

    `data` is plain JSON and holds no name, address or telephone number.
    """
    seq = next_place(PLACES, 0)
    last = JournalEntry.objects.filter(seq=seq - 1).first()
    entry = JournalEntry(
        seq=seq,
        at=timezone.now(),
        kind=kind,
        subject=subject,
        amount=amount,
        actor=actor,
        data=chain.canonical(data or {}),
        previous_hash=last.hash if last else "",
    )
    entry.hash = entry_hash(entry)
    entry.save(force_insert=True)
    return entry


def entry_hash(entry: JournalEntry) -> str:
    """Return the hash over all columns of an entry and the hash of the entry before it."""
    values = [entry.seq, entry.at, entry.kind, entry.subject, entry.amount, entry.actor, entry.data]
    return chain.digest([*values, entry.previous_hash])


def check() -> Iterator[Problem]:
    """Yield a problem for each step that was altered or is missing, and each payment unlike it."""
    yield from _check_chain()
    yield from _check_payments()
    yield from _check_receipts()
    for bill in unlike():
        yield Problem("bill_remaining", chain.row_key(bill), bill.number)


def _check_chain() -> Iterator[Problem]:
    entries = JournalEntry.objects.all()
    seq = yield from check_links(entries, hash_of=entry_hash, name="journal")
    place = Series.objects.filter(code=PLACES, year=0).first()
    if (place.last if place else 0) != seq:
        yield Problem("journal_missing", f"payments.journalentry/{seq + 1}", "cut off at the end")


def _check_payments() -> Iterator[Problem]:
    """Compare payments and their allocations with what the journal says of them."""
    last = ""
    while True:
        rows = list(Payment.objects.filter(receipt__gt=last).order_by("receipt")[:BATCH])
        if not rows:
            break
        last = rows[-1].receipt
        receipts = [row.receipt for row in rows]
        entries = JournalEntry.objects.filter(subject__in=receipts, kind__in=(POSTED, TAKEN_BACK))
        posted: dict[str, int] = {}
        set_against: dict[str, int] = {}
        for entry in entries:
            lines = sum(line["amount"] for line in entry.data.get("lines", ()))
            set_against[entry.subject] = set_against.get(entry.subject, 0) + lines
            if entry.kind == POSTED:
                posted[entry.subject] = entry.amount
        sums = Allocation.objects.filter(receipt__in=receipts).order_by().values("receipt")
        there = dict(sums.annotate(sum=Sum("amount")).values_list("receipt", "sum"))
        for row in rows:
            if posted.get(row.receipt) != row.amount:
                yield Problem("payment_not_in_journal", chain.row_key(row))
            if there.get(row.receipt, 0) != set_against.get(row.receipt, 0):
                yield Problem("allocations_unlike_journal", chain.row_key(row))
    total = Payment.objects.aggregate(sum=Sum("amount"))["sum"] or 0
    told = JournalEntry.objects.filter(kind=POSTED).aggregate(sum=Sum("amount"))["sum"] or 0
    if total != told:
        yield Problem("journal_sum", "payments.payment", f"{total} in payments, {told} in journal")


def _check_receipts() -> Iterator[Problem]:
    """Compare the receipts with the last number given: none is missing."""
    for series in Series.objects.filter(code=RECEIPTS):
        beginning = f"{RECEIPTS}/{series.year}/"
        count = Payment.objects.filter(receipt__startswith=beginning).count()
        if count != series.last:
            yield Problem(
                "receipt_missing", f"payments.series/{series.pk}", f"{count} of {series.last}"
            )
