"""Payments exported to the billing system as a table, each allocation once, reversals negative.

The table is whole on disk before the database records it as exported; a run that ends in between is
written again by its number.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from eservices.billing_files import WholeFile, csv_line
from eservices.bills.models import Allocation, PaymentExport
from eservices.bills.remaining import mark_exported
from eservices.money import decimal
from eservices.payments.models import Payment
from org.models import User

COLUMNS: Final = ("receipt", "bill", "contract", "amount", "currency", "paid_at", "channel")
_BATCH: Final = 2000
T = TypeVar("T")


class FileThereError(Exception):
    """A file of this name is there already: it is not written over."""


def hand_over_payments(path: Path, *, by: User | None = None) -> PaymentExport | None:
    """Write what was not exported to the billing system yet; return the export, None where all was.

    Raise FileThereError, OSError.
    """
    with ExitStack() as stack:
        with transaction.atomic():
            ids = list(waiting().order_by("pk").values_list("pk", flat=True))
            if not ids:
                return None
            file = stack.enter_context(_new_file(path))
            export = PaymentExport.objects.create(made_at=timezone.now(), made_by=by)
            for some in _parts(ids):
                mark_exported(Allocation.objects.filter(pk__in=some), export)
            _write(export, file)
            if not export.count:  # another process was first
                transaction.set_rollback(True)
            export.save(update_fields=["count", "total", "sha256"])
        if not export.count:
            return None
        file.finish()
    return export


def waiting() -> QuerySet[Allocation]:
    """Return what was not exported to the billing system yet."""
    return Allocation.objects.filter(handed_over=None)


def write_again(export: PaymentExport, path: Path) -> None:
    """Write an earlier export once more, byte by byte the same. Raise FileThereError, OSError."""
    with _new_file(path) as file:
        _write(export, file)
        file.finish()


def _new_file(path: Path) -> WholeFile:
    if path.exists():
        raise FileThereError
    return WholeFile(path)


def _write(export: PaymentExport, file: WholeFile) -> None:
    """Write the lines of an export to the disk, and count them."""
    hashed, export.count, export.total = hashlib.sha256(), 0, 0
    for row in _rows(export):
        file.write(row)
        hashed.update(row)
    file.keep()
    export.sha256 = hashed.hexdigest()


def _rows(export: PaymentExport) -> Iterator[bytes]:
    """Yield the lines of an export in the order in which money was set against bills."""
    yield csv_line(COLUMNS)
    rows = Allocation.objects.filter(handed_over=export).order_by("pk")
    told = rows.values_list("receipt", "bill__number", "bill__contract__number", "amount")
    for some in _parts(list(told)):
        known = Payment.objects.filter(receipt__in={receipt for receipt, *_more in some})
        payments = {one.receipt: one for one in known}
        for receipt, bill, contract, amount in some:
            payment = payments[receipt]
            paid_at = timezone.localtime(payment.paid_at).isoformat(timespec="seconds")
            export.count += 1
            export.total += amount
            yield csv_line(
                (
                    *(receipt, bill, contract or "", decimal(amount)),
                    *(payment.currency, paid_at, payment.channel),
                )
            )


def _parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), _BATCH):
        yield rows[start : start + _BATCH]
