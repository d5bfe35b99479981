"""The paper of a bill, drawn on request: it shows the state of the bill on that day."""

from typing import Any
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.utils import timezone

from eservices.bills.bill_state import detail_of, state_of, state_words, used_of
from eservices.bills.consumption import MonthOfUse, unit_of, uses_until
from eservices.bills.models import Bill
from registry.paper import bilingual_pdf


def as_pdf(bill: Bill, *, language: str) -> bytes:
    """Return a bill as a tagged PDF/A in the requester's language."""
    today = timezone.localdate()
    context: dict[str, Any] = {
        "language": language,
        "direction": "rtl" if language == "ar" else "ltr",
        "bill": bill,
        "contract": bill.contract,
        "detail": detail_of(bill),
        "state": state_of(bill).value,
        "state_words": state_words(bill),
        "used": used_of(bill),
        "unit": unit_of(bill),
        "uses": bars(uses_until(bill)),
        "address": payment_address(bill),
        "qr": segno.make(payment_address(bill), error="m").svg_data_uri(border=1),
        "today": today,
    }
    return bilingual_pdf("bills/bill.html", context, day=today, archive=True, tagged=True)


def payment_address(bill: Bill) -> str:
    """Return the address at which a bill is paid."""
    return f"{settings.PUBLIC_URL}/pay/?{urlencode({'bill': bill.number})}"


def bars(uses: list[MonthOfUse]) -> list[dict[str, Any]]:
    """Return each use with the lengths of its bars, in percent of the longest."""
    longest = max((max(one.used, one.year_before or 0) for one in uses), default=0) or 1
    return [
        {
            "use": one,
            "long": round(100 * one.used / longest),
            "before": round(100 * (one.year_before or 0) / longest),
        }
        for one in uses
    ]
