"""A partner's day: every posting, and what is settled: count, total and fees without reversals."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from eservices.bank.models import BankPartner, Posting


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of postings that were not reversed, in centimes, and how many were."""

    count: int
    total: int
    fees: int
    reversed: int

    @property
    def net(self) -> int:
        """The amount that the partner transfers, in centimes."""
        return self.total - self.fees


def postings_on(partner: BankPartner, day: date) -> "QuerySet[Posting]":
    """Return the postings of a day, in their order."""
    rows = Posting.objects.filter(partner=partner, on=day).order_by("id")
    return rows.select_related("payment")


def totals_of(rows: "QuerySet[Posting]") -> Totals:
    """Return the sums of some postings."""
    posted = Q(state=Posting.State.POSTED)
    found = rows.order_by().aggregate(
        count=Count("pk", filter=posted),
        total=Sum("payment__amount", filter=posted),
        fees=Sum("fee", filter=posted),
        reversed=Count("pk", filter=~posted),
    )
    return Totals(**{name: int(value or 0) for name, value in found.items()})


def by_day(first: date, last: date) -> Iterator[tuple[BankPartner, date, Totals]]:
    """Yield what each partner posted on each day from `first` to `last`, the newest day first."""
    posted = Q(state=Posting.State.POSTED)
    rows = (
        Posting.objects.filter(on__gte=first, on__lte=last)
        .values("partner_id", "on")
        .annotate(
            count=Count("pk", filter=posted),
            total=Sum("payment__amount", filter=posted),
            fees=Sum("fee", filter=posted),
            reversed=Count("pk", filter=~posted),
        )
        .order_by("-on", "partner__code")
    )
    partners = BankPartner.objects.in_bulk()
    for row in rows:
        names = ("count", "total", "fees", "reversed")
        told = Totals(**{name: int(row[name] or 0) for name in names})
        yield partners[row["partner_id"]], row["on"], told
