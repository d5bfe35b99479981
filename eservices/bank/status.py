"""How the calls of partners go: today's counts by partner, and its last days."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone

from eservices.bank.models import BankPartner, PartnerCount

# Outcomes that are the partner's or our own trouble; the others are answers.
FAILURES: Final = {"server_error", "unavailable"}
REFUSALS: Final = {
    *("malformed", "unknown_identifier", "not_allowed", "over_limit", "too_many_calls"),
    *("reference_used", "method_not_allowed", "wrong_date"),
}
UNSIGNED: Final = "unauthorized"


@dataclass(slots=True)
class CallStatus:
    """Calls of one day. Times are in milliseconds."""

    calls: int = 0
    posted: int = 0
    refused: int = 0
    failed: int = 0
    spent: int = 0
    slowest: int = 0
    last_at: datetime | None = None
    outcomes: list[PartnerCount] = field(default_factory=list)

    @property
    def mean(self) -> int:
        """The mean time of a call."""
        return self.spent // self.calls if self.calls else 0

    def add(self, row: PartnerCount) -> None:
        """Take in the count of an outcome."""
        self.calls += row.count
        self.spent += row.spent
        self.slowest = max(self.slowest, row.slowest)
        self.last_at = max(filter(None, (self.last_at, row.last_at)))
        self.posted += row.count if row.outcome == "posted" else 0
        self.refused += row.count if row.outcome in REFUSALS else 0
        self.failed += row.count if row.outcome in FAILURES else 0
        self.outcomes.append(row)


def status_on(day: date) -> dict[str, CallStatus]:
    """Return the calls of a day by the partner's code; "" for those that nobody known signed."""
    found: dict[str, CallStatus] = {}
    for row in PartnerCount.objects.filter(on=day).order_by("call", "outcome"):
        found.setdefault(row.code, CallStatus()).add(row)
    return found


def last_days(partner: BankPartner, *, days: int = 14) -> list[tuple[date, CallStatus]]:
    """Return a partner's calls of the last days, the newest first; days without calls too."""
    today = timezone.localdate()
    first = today - timedelta(days=days - 1)
    found: dict[date, CallStatus] = {}
    rows = PartnerCount.objects.filter(code=partner.code, on__gte=first, on__lte=today)
    for row in rows.order_by("call", "outcome"):
        found.setdefault(row.on, CallStatus()).add(row)
    return [(day, found.get(day, CallStatus())) for day in _back(today, days)]


def _back(day: date, count: int) -> list[date]:
    return [day - timedelta(days=at) for at in range(count)]
