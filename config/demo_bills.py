"""The demo's customers: contracts with their meters, and the bills of fourteen months."""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from django.utils import timezone

from eservices.bills.bill_lines import COLUMNS
from eservices.bills.importing import BillTable
from eservices.contracts.contract_lines import COLUMNS as CONTRACT_COLUMNS
from eservices.contracts.contract_lines import ContractLines
from eservices.contracts.importing import Handler, run_import
from eservices.contracts.meter_lines import COLUMNS as METER_COLUMNS
from eservices.contracts.meter_lines import MeterLines
from eservices.contracts.models import ImportRun
from eservices.money import decimal

MONTHS: Final = 14
_BILLED_AFTER: Final = timedelta(days=20)  # a reading of today is of most of a month
CODE: Final = "DEMO2026"  # printed on the bills of each
_CONTRACTS: Final = (
    ("3100201", "Fatima Bennis", "person", "fr", "12, rue des Orangers", "water", 1200, 15),
    ("3100202", "سعيد بنموسى", "person", "ar", "زنقة المسجد، حي السلام", "electricity", 51020, 140),
    ("3100203", "Boulangerie Ennour", "company", "fr", "4, place du Marché", "water", 8800, 62),
)
_PRICE: Final = {"water": 710, "electricity": 121}  # centimes for a unit, all in


def add_bills() -> None:
    """Import contracts, meters and bills as the billing system would; twice is once."""
    today = timezone.localdate()
    _import(ImportRun.Kind.CONTRACTS, CONTRACT_COLUMNS, _contracts(), ContractLines())
    _import(ImportRun.Kind.METERS, METER_COLUMNS, _meters(today), MeterLines())
    _import(ImportRun.Kind.BILLS, COLUMNS, _bills(today), BillTable())


def _import(
    kind: str, columns: tuple[str, ...], rows: Iterator[dict[str, str]], handler: Handler
) -> None:
    lines = [";".join(columns), *(";".join(row.get(name, "") for name in columns) for row in rows)]
    stream = io.BytesIO("\n".join(lines).encode())
    run_import(kind, stream, f"demo-{kind}.csv", handler=handler)


def _contracts() -> Iterator[dict[str, str]]:
    for number, name, kind, language, address, service, _index, _use in _CONTRACTS:
        yield {
            "number": number, "customer_name": name, "customer_type": kind, "language": language,
            "address": address, "city": "Settat", "sector": "S1", "services": service,
            "status": "active", "opened_on": "2019-03-01", "access_code": CODE,
        }  # fmt: skip


def _meters(today: date) -> Iterator[dict[str, str]]:
    for number, _name, _kind, _language, _address, service, index, use in _CONTRACTS:
        yield {
            "serial": f"M{number}", "contract": number, "service": service, "digits": "5",
            "installed_on": "2019-03-01", "last_index": str(index + use * MONTHS),
            "last_read_on": _months(today)[-1].isoformat(),
        }  # fmt: skip


def _bills(today: date) -> Iterator[dict[str, str]]:
    """Yield a bill a month; the last two remain to be paid, one is estimated."""
    for number, _name, _kind, _language, _address, service, index, use in _CONTRACTS:
        for place, end in enumerate(_months(today)):
            used = use + place * 7 % 5
            total = used * _PRICE[service]
            issued = end + timedelta(days=3)
            yield {
                "number": f"F{end:%Y%m}-{number[-3:]}", "contract": number, "service": service,
                "period_from": end.replace(day=1).isoformat(), "period_to": end.isoformat(),
                "issued_on": issued.isoformat(),
                "due_on": (issued + timedelta(days=20)).isoformat(),
                "previous_index": str(index), "index": str(index + used),
                "estimated": "true" if place == MONTHS - 2 and number.endswith("1") else "false",
                "total": decimal(total), "currency": "MAD",
                "remaining": decimal(total if place >= MONTHS - 2 else 0),
            }  # fmt: skip
            index += used


def _months(today: date) -> list[date]:
    """Return the last days of the latest months that are billed, the earliest first."""
    found, day = [], (today - _BILLED_AFTER).replace(day=1) - timedelta(days=1)
    for _month in range(MONTHS):
        found.append(day)
        day = day.replace(day=1) - timedelta(days=1)
    return found[::-1]
