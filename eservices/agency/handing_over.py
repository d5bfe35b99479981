"""What requests changed in contracts, exported to the billing system as a table.

Each change once. The billing system takes it over or not: its next line about the contract is what
counts.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from eservices.agency.models import ChangesExport, ContractChange
from eservices.billing_files import csv_line
from eservices.readings.models import Reading
from org.models import User

COLUMNS: Final = (
    *("change", "contract", "kind", "on", "customer_name", "customer_type", "email", "phone"),
    *("language", "address", "city", "services", "status", "meter", "service", "digits", "index"),
    "request",
)
_OF_METER: Final = ("meter", "service", "digits", "index")


def export_changes(write: Callable[[str], object], *, by: User | None = None) -> int:
    """Pass what was not exported yet to `write` as CSV; return how many changes.

    They are marked in the same transaction: where writing fails, they are exported next time.
    """
    with transaction.atomic():
        waiting = ContractChange.objects.select_for_update(of=("self",)).filter(handed_over=None)
        rows = list(waiting.select_related("contract", "request__letter").order_by("pk"))
        text = as_csv(rows)
        if rows:
            digest = hashlib.sha256(text.encode()).hexdigest()
            export = ChangesExport.objects.create(
                made_at=timezone.now(), made_by=by, count=len(rows), sha256=digest
            )
            ContractChange.objects.filter(pk__in=[row.pk for row in rows]).update(
                handed_over=export
            )
        write(text)
    return len(rows)


def as_csv(rows: list[ContractChange]) -> str:
    """Return changes as a table; a closing has a line for each meter with its last index."""
    told = (one for row in rows for one in _lines(row))
    table = [COLUMNS, *([one.get(name, "") for name in COLUMNS] for one in told)]
    return b"".join(map(csv_line, table)).decode()


def _lines(row: ContractChange) -> Iterator[dict[str, Any]]:
    contract = row.contract
    told: dict[str, Any] = {
        "change": row.pk,
        "contract": contract.number,
        "kind": row.kind,
        "on": row.on.isoformat(),
        "customer_name": contract.customer_name,
        "customer_type": contract.customer_type,
        "email": contract.email,
        "phone": contract.phone,
        "language": contract.language,
        "address": contract.address,
        "city": contract.city,
        "services": ",".join(contract.services),
        "status": contract.status,
        "request": row.request.letter.number,
        **{name: row.data[name] for name in _OF_METER if name in row.data},
    }
    last = _last_readings(row) if "ended" in row.data else []
    for reading in last:
        if meter := reading.meter:
            more = {"meter": meter.serial, "service": meter.service, "digits": meter.digits}
            yield {**told, **more, "index": reading.index}
    if not last:
        yield told


def _last_readings(row: ContractChange) -> list[Reading]:
    standing = (Reading.State.APPROVED, Reading.State.EXPORTED)
    rows = Reading.objects.filter(request=row.request_id, state__in=standing, meter__isnull=False)
    return list(rows.select_related("meter").order_by("pk"))
