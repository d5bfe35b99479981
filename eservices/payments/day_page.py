"""The page of a cashier's day, printed and signed: drawn once after the closing, and kept."""

import io

from django.db import transaction
from django.utils import timezone, translation

from eservices.payments.cashier import TAKEN, paid_out
from eservices.payments.listing import numbers_of
from eservices.payments.models import CashierDay, Channel, Payment
from org.models import User
from registry.files.stored import stored_row
from registry.files.vault import store
from registry.models.files import StoredFile
from registry.paper import bilingual_pdf


def day_page(day: CashierDay, *, language: str) -> StoredFile:
    """Return the page of a day that is closed, drawn now where there is none."""
    if day.page is not None:
        return day.page
    file = stored_row(store(io.BytesIO(drawn(day, language))), media_type="application/pdf")
    with transaction.atomic():
        row = CashierDay.objects.select_for_update(of=("self",)).get(pk=day.pk)
        if row.page is None:
            row.page = file
            row.save(update_fields=["page"])
    return row.page or file


def drawn(day: CashierDay, language: str) -> bytes:
    """Return the page as a tagged PDF/A in the cashier's language."""
    closed, by = timezone.localtime(day.closed_at), day.closed_by
    with translation.override(language):
        channels = [
            {"name": Channel(code).label, **day.counts.get(code, {"count": 0, "total": 0})}
            for code in TAKEN
        ]
        ways = {str(code): str(Channel(code).label) for code in TAKEN}
    context = {
        "language": language,
        "direction": "rtl" if language == "ar" else "ltr",
        "day": day,
        "opened": timezone.localtime(day.opened_at),
        "closed": closed,
        "channels": channels,
        "refunds": list(paid_out(day).select_related("payment", "credit").order_by("paid_at")),
        "refunded": day.counts.get("refunds", {"count": 0, "total": 0}),
        "rows": payments_of(day, ways),
        "cashier": _name(day.cashier),
        "closed_by": "" if by is None or by == day.cashier else _name(by),
    }
    return bilingual_pdf(
        "payments/cashier_day.html", context, day=closed.date(), archive=True, tagged=True
    )


def _name(user: User) -> str:
    return user.get_full_name() or user.username


def payments_of(day: CashierDay, ways: dict[str, str]) -> list[dict[str, object]]:
    """Return the day's payments in the order of their receipts, with the bills of each."""
    payments = list(Payment.objects.filter(cashier_day=day).order_by("receipt"))
    bills = numbers_of(one.receipt for one in payments)
    return [
        {
            "payment": one,
            "at": timezone.localtime(one.posted_at),
            "way": ways.get(one.channel, one.channel),
            "bills": bills.get(one.receipt, []),
        }
        for one in payments
    ]
