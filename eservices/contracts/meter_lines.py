"""Lines of meters from the billing system: understood, and kept in batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from eservices.contracts import fields
from eservices.contracts.bulk_rows import insert_rows
from eservices.contracts.contract_lines import digest_of
from eservices.contracts.csv_lines import CsvLine
from eservices.contracts.events import ContractKind, event
from eservices.contracts.finding import serial_key
from eservices.contracts.importing import CHANGED, NEW, SAME, LineRefusedError, Outcome
from eservices.contracts.models import Contract, ContractEvent, ImportRun, Meter, Service

COLUMNS: Final = (
    "serial", "contract", "service", "digits", "installed_on", "removed_on", "last_index",
    "last_read_on",
)  # fmt: skip
DIGITS: Final = 5
MOST_DIGITS: Final = 12
_SERVICES: Final = tuple(Service.values)
_FACTS: Final = (
    "service", "digits", "installed_on", "removed_on", "last_index", "last_read_on",
)  # fmt: skip
_KEPT: Final = ("serial_key", "contract_id", *_FACTS, "line_hash", "changed_at")
_facts: Final = attrgetter(*_FACTS)
_READ: Final = {"last_index", "last_read_on"}  # what each reading changes, and no history tells


@dataclass(frozen=True, slots=True)
class MeterRow:
    """A line of a meter that was understood."""

    serial: str
    contract: str
    contract_key: str
    service: str
    digits: int
    installed_on: date | None
    removed_on: date | None
    last_index: int | None
    last_read_on: date | None

    @property
    def key(self) -> str:
        """The meter's serial number as it is written."""
        return self.serial

    @property
    def digest(self) -> str:
        """The hash of all values but the way the contract's number is written."""
        names = [name for name in self.__slots__ if name != "contract"]
        return digest_of(getattr(self, name) for name in names)


class MeterLines:
    """The handler of `import_meters`; contracts come first."""

    columns: Sequence[str] = COLUMNS
    optional: Sequence[str] = ()

    def parse(self, line: CsvLine) -> MeterRow:
        """Return what the line says. Raise LineRefusedError."""
        values = line.values
        read = fields.all_of(
            serial=lambda: fields.text(values, "serial", most=40, needed=True),
            contract_key=lambda: fields.contract_key(values, "contract"),
            service=lambda: fields.choice(values, "service", _SERVICES),
            shown=lambda: _shown(values),
            days=lambda: fields.span(values, "installed_on", "removed_on"),
            last_read_on=lambda: fields.day(values, "last_read_on"),
        )
        (digits, index), (installed, removed) = read.pop("shown"), read.pop("days")
        return MeterRow(
            contract=values["contract"],
            digits=digits,
            last_index=index,
            installed_on=installed,
            removed_on=removed,
            **read,
        )

    def write(self, rows: Sequence[MeterRow], run: ImportRun) -> list[Outcome]:
        """Keep a batch, unless the run is dry, and return what became of each row."""
        contracts = dict(
            Contract.objects.filter(number_key__in={row.contract_key for row in rows}).values_list(
                "number_key", "pk"
            )
        )
        known = dict(
            Meter.objects.filter(serial__in=[row.serial for row in rows]).values_list(
                "serial", "line_hash"
            )
        )
        outcomes = [_outcome(row, contracts, known) for row in rows]
        if not run.dry_run:
            pairs = list(zip(rows, outcomes, strict=True))
            _note_changes([row for row, outcome in pairs if outcome == CHANGED], contracts, run)
            _upsert([row for row, outcome in pairs if outcome == CHANGED], contracts)
            _make([row for row, outcome in pairs if outcome == NEW], contracts)
        return outcomes


def _shown(values: fields.Values) -> tuple[int, int | None]:
    """Return how many digits a meter shows, and its last index, which has no more."""
    read = fields.all_of(
        digits=lambda: fields.whole(values, "digits", least=1, most=MOST_DIGITS, default=DIGITS),
        index=lambda: fields.whole(values, "last_index"),
    )
    digits, index = read["digits"] or DIGITS, read["index"]
    if index is not None and index >= 10**digits:
        raise LineRefusedError("index_beyond_digits", column="last_index", value=index)
    return digits, index


def _outcome(row: MeterRow, contracts: dict[str, int], known: dict[str, str]) -> Outcome:
    if row.contract_key not in contracts:
        return LineRefusedError("unknown_contract", column="contract", value=row.contract)
    if row.serial not in known:
        return NEW
    return SAME if known[row.serial] == row.digest else CHANGED


def _make(rows: Sequence[MeterRow], contracts: dict[str, int]) -> None:
    """Write new meters; another import at the same time may have made some."""
    now = timezone.now()
    values = (
        (
            row.serial,
            serial_key(row.serial),
            contracts[row.contract_key],
            *_facts(row),
            row.digest,
            now,
            now,
        )
        for row in sorted(rows, key=lambda row: row.serial)
    )
    try:
        with transaction.atomic():
            insert_rows(Meter, ("serial", *_KEPT, "made_at"), values)
    except IntegrityError:
        _upsert(rows, contracts)


def _upsert(rows: Sequence[MeterRow], contracts: dict[str, int]) -> None:
    """Write changed meters, and new ones that are there by now."""
    now = timezone.now()
    Meter.objects.bulk_create(
        [
            Meter(
                serial=row.serial,
                serial_key=serial_key(row.serial),
                contract_id=contracts[row.contract_key],
                **{name: getattr(row, name) for name in _FACTS},
                line_hash=row.digest,
                made_at=now,
                changed_at=now,
            )
            for row in sorted(rows, key=lambda row: row.serial)
        ],
        update_conflicts=True,
        unique_fields=["serial"],
        update_fields=_KEPT,
    )


def _note_changes(rows: Sequence[MeterRow], contracts: dict[str, int], run: ImportRun) -> None:
    """Write what changed into the histories of contracts."""
    before = {old.serial: old for old in Meter.objects.filter(serial__in=[r.serial for r in rows])}
    events: list[ContractEvent] = []
    for row in rows:
        events += _changes(before[row.serial], row, contracts[row.contract_key], run)
    ContractEvent.objects.bulk_create(events)


def _changes(old: Meter, row: MeterRow, contract_id: int, run: ImportRun) -> list[ContractEvent]:
    names = [name for name in _FACTS if getattr(old, name) != getattr(row, name)]
    data: dict[str, Any] = {"run": str(run.pk), "meter": row.serial}
    if old.contract_id != contract_id:
        both = (old.contract_id, contract_id)
        return [event(pk, ContractKind.METER_MOVED, actor=run.by, **data) for pk in both]
    if row.removed_on and old.removed_on is None:
        data["on"] = row.removed_on.isoformat()
        return [event(contract_id, ContractKind.METER_REMOVED, actor=run.by, **data)]
    if set(names) <= _READ:
        return []
    return [event(contract_id, ContractKind.METER_CHANGED, actor=run.by, columns=names, **data)]
