"""What remains of a bill, and what was paid too much: the one writer of both and of `Settled`.

The billing system reports what remains (`set_remaining`); payments here are allocations; an export
reports them (`mark_exported`), from when on its figure contains them. Callers hold the bills' rows
by `held`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils import timezone

from eservices.bills.models import Allocation, Bill, PaymentExport, Settled
from eservices.contracts.bulk_rows import insert_rows

_BATCH = 500
_WRITTEN = ("billed", "remaining", "overpaid")


def held(bills: QuerySet[Bill]) -> list[Bill]:
    """Return bills with their rows locked, in the order of their ids: nobody waits in a circle."""
    return list(bills.select_for_update(of=("self",)).order_by("pk"))


def refresh(bills: Iterable[Bill]) -> None:
    """Write what remains of these bills after their allocations changed."""
    rows = list(bills)
    allocated = _allocated(rows)
    settled = _sums(Settled.objects.filter(bill__in=rows))
    for bill in rows:
        whole, untold = allocated[bill.pk]
        bill.remaining = remaining_of(bill, whole, untold)
        bill.overpaid = overpaid_of(bill, whole, settled.get(bill.pk, 0))
    Bill.objects.bulk_update(rows, _WRITTEN)


def remaining_of(bill: Bill, allocated: int, untold: int) -> int:
    """Return what remains, in centimes, by the sums of all allocations and of unexported ones."""
    if bill.total < 0:
        return min(0, max(bill.billed - untold, bill.total - allocated))
    return max(0, min(bill.billed - untold, bill.total - allocated))


def overpaid_of(bill: Bill, allocated: int, settled: int) -> int:
    """Return what was paid of a bill, here and elsewhere, above its total; in centimes."""
    return max(0, allocated + settled - bill.total) if bill.kind != Bill.Kind.CREDIT else 0


def set_remaining(bills: Iterable[tuple[Bill, int]], *, on: date | None = None) -> None:
    """Take what the billing system reports to remain of each bill, in centimes.

    What it knows to be paid beyond the exported allocations was settled elsewhere, and is kept as
    such; a bill of which nothing remains may have been paid there and here. A figure from before
    an export brings no payment back. Bills that are new are saved already; `total` may have been
    changed, unsaved fields are the caller's.
    """
    pairs = list(bills)
    rows = [bill for bill, _remaining in pairs]
    allocated = _allocated(rows)
    known = _sums(Settled.objects.filter(bill__in=rows))
    now, day, made = timezone.now(), on or timezone.localdate(), []
    for bill, remaining in pairs:
        whole, untold = allocated[bill.pk]
        told = whole - untold
        most = bill.total - told
        bill.billed = max(remaining, most) if bill.total < 0 else min(remaining, most)
        before = known.get(bill.pk, 0)
        settled = most - bill.billed
        if remaining == 0 < bill.total:  # how much above it was paid is not said: what was known
            settled = min(max(settled, before), bill.total)
        if settled != before:
            made.append(Settled(bill=bill, on=day, amount=settled - before, at=now))
        bill.remaining = remaining_of(bill, whole, untold)
        bill.overpaid = overpaid_of(bill, whole, settled)
    Settled.objects.bulk_create(made)
    Bill.objects.bulk_update(rows, _WRITTEN)


def begin(numbers: Iterable[str]) -> None:
    """Keep what was settled of bills before they came here, on the day they were issued.

    They are new and saved, with `billed` and `remaining` as the billing system gives them.
    """
    now = timezone.now()
    rows = Bill.objects.filter(number__in=list(numbers)).exclude(total=F("remaining"))
    told = rows.order_by("pk").values_list("pk", "issued_on", "total", "remaining")
    settled = [(pk, day, total - remaining, now) for pk, day, total, remaining in told]
    insert_rows(Settled, ("bill_id", "on", "amount", "at"), settled)


def mark_exported(allocations: QuerySet[Allocation], export: PaymentExport) -> int:
    """Mark allocations as reported to the billing system; what remains of the bills is unchanged.

    Return how many. The bills' rows are locked here.
    """
    bill_ids = set(allocations.filter(handed_over=None).values_list("bill_id", flat=True))
    rows = held(Bill.objects.filter(pk__in=bill_ids))
    mine = allocations.filter(handed_over=None, bill__in=rows)
    told = _sums(mine)
    count = mine.update(handed_over=export)
    for bill in rows:
        bill.billed -= told.get(bill.pk, 0)
    Bill.objects.bulk_update(rows, ["billed"])
    return count


def unlike() -> Iterator[Bill]:
    """Yield the bills of which another amount remains than their allocations say."""
    allocated = Exists(Allocation.objects.filter(bill=OuterRef("pk")))
    alone = Bill.objects.filter(~allocated)
    owed = Greatest(Value(0), Least("billed", "total"))
    owing = Least(Value(0), Greatest("billed", "total"))
    yield from alone.filter(total__gte=0).exclude(remaining=owed).iterator(chunk_size=_BATCH)
    yield from alone.filter(total__lt=0).exclude(remaining=owing).iterator(chunk_size=_BATCH)
    last = 0
    while rows := list(Bill.objects.filter(allocated, pk__gt=last).order_by("pk")[:_BATCH]):
        last = rows[-1].pk
        sums = _allocated(rows)
        for bill in rows:
            if bill.remaining != remaining_of(bill, *sums[bill.pk]):
                yield bill


def _allocated(bills: list[Bill]) -> defaultdict[int, tuple[int, int]]:
    """Return for each bill the sum of its allocations, and of those that were not exported."""
    rows = Allocation.objects.filter(bill__in=bills).order_by().values("bill_id")
    untold = Coalesce(Sum("amount", filter=Q(handed_over=None)), 0)
    summed = rows.annotate(whole=Sum("amount"), untold=untold)
    told = summed.values_list("bill_id", "whole", "untold")
    return defaultdict(lambda: (0, 0), {pk: (whole, part) for pk, whole, part in told})


def _sums(rows: QuerySet[Allocation] | QuerySet[Settled]) -> dict[int, int]:
    """Return the sum of amounts for each bill."""
    summed = rows.order_by().values("bill_id").annotate(sum=Sum("amount"))
    return dict(summed.values_list("bill_id", "sum"))
