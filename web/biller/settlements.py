"""The settlement of a day, for the partner whose postings it holds."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from eservices.bank.errors import BillerError
from eservices.bank.models import Posting
from eservices.bank.settlements import postings_on, totals_of
from eservices.money import decimal
from web.biller.view import BillerView, answer


class SettlementView(BillerView):
    """A day's postings with their sums."""

    call = right = "settle"

    def get(self, request: HttpRequest, day: str) -> HttpResponse:
        """Return every posting of the day; the sums are of those that were not reversed."""
        on = _day(day)
        rows = postings_on(self.partner, on)
        totals = totals_of(rows)
        self.outcome = "settled"
        return answer(
            {
                "date": on.isoformat(),
                "currency": "MAD",
                "lines": [_line(row) for row in rows],
                "count": totals.count,
                "total": decimal(totals.total),
                "fees": decimal(totals.fees),
            }
        )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BillerError("malformed", field="date") from error


def _line(row: Posting) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "receipt": row.payment.receipt,
        "status": row.state,
        "amount": decimal(row.payment.amount),
        "fee": decimal(row.fee),
        "channel": row.channel,
        "paid_at": timezone.localtime(row.payment.paid_at).isoformat(timespec="seconds"),
        "posted_at": timezone.localtime(row.posted_at).isoformat(timespec="seconds"),
    }
