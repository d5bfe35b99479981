"""Numbers without gaps: receipts, fees, cashiers' pages, the journal's places."""

from django.db import transaction
from django.utils import timezone

from eservices.payments.models import Series

RECEIPTS = "R"
FEES = "F"


def next_number(code: str) -> str:
    """Return the next number of a series of this year, such as R/2026/000001.

    Inside the caller's transaction; whoever comes after waits for its end.
    """
    year = timezone.localdate().year
    return f"{code}/{year}/{next_place(code, year):06d}"


def next_place(code: str, year: int) -> int:
    """Return the next place of a series, its row locked until the transaction ends."""
    row = held_series(code, year)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last


def held_series(code: str, year: int) -> Series:
    """Return a series with its row locked. Raise RuntimeError outside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number belongs inside a transaction")
    rows = Series.objects.select_for_update()
    row = rows.filter(code=code, year=year).first()
    if row is None:
        Series.objects.get_or_create(code=code, year=year)
        row = rows.get(code=code, year=year)
    return row
