"""Approved readings exported to the billing system as a CSV file, each once, named by its id.

The file is whole on the disk before its readings count as exported: whatever breaks in between, the
next file brings them again under the same ids, and none is lost.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from eservices.billing_files import csv_line
from eservices.readings.models import Reading, ReadingEvent, ReadingExport
from eservices.readings.taking import event
from org.models import User

COLUMNS: Final = ("meter", "contract", "period", "index", "read_on", "source", "reading_id")
_BATCH: Final = 2000


class Sink(Protocol):
    """Where the file goes."""

    def write(self, data: bytes, /) -> int:
        """Take some bytes of it."""

    def finish(self) -> None:
        """Make the file whole and lasting; its readings are recorded as exported next."""


@dataclass(frozen=True, slots=True)
class Exported:
    """The export, and how many readings its file has."""

    export: ReadingExport
    count: int


def export_period(period: str, sink: Sink, *, by: User | None = None) -> Exported:
    """Write what is approved of a period and not exported yet; the header even if that is none.

    Two at once are one after the other: a reading is in one of their files.
    """
    with transaction.atomic():
        rows = Reading.objects.select_for_update(of=("self",)).filter(
            period=period, state=Reading.State.APPROVED, meter__isnull=False
        )
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        export = ReadingExport.objects.create(
            period=period, made_at=timezone.now(), made_by=by, count=len(keys)
        )
        export.sha256 = _write(_in_batches(keys), sink)
        export.save(update_fields=["sha256"])
        for batch in _batches(keys):
            _hand_over(batch, export, by)
        sink.finish()
    return Exported(export, len(keys))


def write_again(export: ReadingExport, sink: Sink) -> Exported:
    """Write the readings of an earlier export once more; nothing changes."""
    rows = export.readings.order_by("pk").values_list("pk", flat=True)
    keys = list(rows)
    _write(_in_batches(keys), sink)
    sink.finish()
    return Exported(export, len(keys))


def _batches(keys: list[UUID]) -> Iterator[list[UUID]]:
    for start in range(0, len(keys), _BATCH):
        yield keys[start : start + _BATCH]


def _in_batches(keys: list[UUID]) -> Iterator[Reading]:
    for batch in _batches(keys):
        yield from _with_names(Reading.objects.filter(pk__in=batch))


def _with_names(rows: "QuerySet[Reading]") -> Iterable[Reading]:
    return rows.select_related("meter", "contract").order_by("pk")


def _hand_over(batch: list[UUID], export: ReadingExport, by: User | None) -> None:
    rows = Reading.objects.filter(pk__in=batch)
    rows.update(
        state=Reading.State.EXPORTED, export=export, result="", result_reason="", result_at=None
    )
    ReadingEvent.objects.bulk_create(
        event(key, "exported", actor=by, export=export.pk) for key in batch
    )


def _write(rows: Iterable[Reading], sink: Sink) -> str:
    """Write header and lines; return the file's hash."""
    digest = hashlib.sha256()

    def put(values: Iterable[object]) -> None:
        data = csv_line(values)
        digest.update(data)
        sink.write(data)

    put(COLUMNS)
    for row in rows:
        meter = row.meter.serial if row.meter else ""
        contract = row.contract.number if row.contract else ""
        put((meter, contract, row.period, row.index, row.read_on, row.source, row.pk))
    return digest.hexdigest()
