"""Lines of contracts from the billing system: understood, and kept in batches."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from eservices.contracts import fields
from eservices.contracts.access_codes import LEAST, MOST, access_hash, plain_code
from eservices.contracts.bulk_rows import insert_rows
from eservices.contracts.csv_lines import CsvLine
from eservices.contracts.events import ContractKind, event, withdrawn_codes
from eservices.contracts.finding import keys_of_name
from eservices.contracts.importing import CHANGED, NEW, SAME, LineRefusedError, Outcome
from eservices.contracts.models import (
    Contract,
    ContractEvent,
    ContractName,
    ImportRun,
    Service,
)
from eservices.people.persons import name_key

COLUMNS: Final = (
    "number", "customer_name", "customer_type", "email", "phone", "language", "address", "city",
    "sector", "services", "status", "opened_on", "closed_on", "access_code",
)  # fmt: skip
_LANGUAGES: Final = ("ar", "fr", "en")
_BETWEEN: Final = str.maketrans("|+,/;", "     ")
# What a holder would ask about; the rest of a change is told by the column's name alone.
_TOLD: Final = ("status", "closed_on", "sector")
_TYPES: Final = tuple(Contract.CustomerType.values)
_STATES: Final = tuple(Contract.Status.values)
_SERVICES: Final = tuple(Service.values)


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A line of a contract that was understood; fields are named as those of `Contract`."""

    number: str
    number_key: str
    customer_name: str
    customer_type: str
    email: str
    email_key: str
    phone: str
    phone_key: str
    language: str
    address: str
    city: str
    sector: str
    services: tuple[str, ...]
    status: str
    opened_on: date | None
    closed_on: date | None
    access_hash: str

    @property
    def key(self) -> str:
        """The contract's number in its one spelling."""
        return self.number_key

    @property
    def digest(self) -> str:
        """The hash of all values."""
        return digest_of(_values(self))

    def values(self) -> dict[str, Any]:
        """Return the values as `Contract` keeps them."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {**values, "services": list(self.services)}


def digest_of(values: Iterable[Any]) -> str:
    """Return the hash of the values of a line."""
    return hashlib.sha256("\x1f".join(map(str, values)).encode()).hexdigest()


_values: Final = attrgetter(*ContractRow.__slots__)
_KEPT: Final = (*ContractRow.__slots__, "name_key", "line_hash", "changed_at")


class ContractLines:
    """The handler of `import_contracts`."""

    columns: Sequence[str] = COLUMNS
    optional: Sequence[str] = ()

    def parse(self, line: CsvLine) -> ContractRow:
        """Return what the line says. Raise LineRefusedError."""
        values = line.values
        read = fields.all_of(
            number_key=lambda: fields.contract_key(values, "number"),
            customer_name=lambda: fields.text(values, "customer_name", most=200, needed=True),
            customer_type=lambda: fields.choice(values, "customer_type", _TYPES, default="person"),
            email=lambda: fields.email(values, "email"),
            phone=lambda: fields.phone(values, "phone"),
            language=lambda: fields.choice(values, "language", _LANGUAGES, default="fr"),
            address=lambda: fields.text(values, "address", most=300),
            city=lambda: fields.text(values, "city", most=100),
            sector=lambda: fields.text(values, "sector", most=40),
            services=lambda: _services(values["services"]),
            status=lambda: fields.choice(values, "status", _STATES, default="active"),
            days=lambda: fields.span(values, "opened_on", "closed_on"),
            code=lambda: _code(values["access_code"]),
        )
        email, phone, days, code = (read.pop(name) for name in ("email", "phone", "days", "code"))
        return ContractRow(
            number=values["number"],
            email=email[0],
            email_key=email[1],
            phone=phone[0],
            phone_key=phone[1],
            opened_on=days[0],
            closed_on=days[1],
            access_hash=access_hash(read["number_key"], code) if code else "",
            **read,
        )

    def write(self, rows: Sequence[ContractRow], run: ImportRun) -> list[Outcome]:
        """Keep a batch, unless the run is dry, and return what became of each row."""
        known = dict(
            Contract.objects.filter(number_key__in=[row.key for row in rows]).values_list(
                "number_key", "line_hash"
            )
        )
        digests = {row.key: row.digest for row in rows}
        outcomes: list[Outcome] = [
            NEW if row.key not in known else SAME if known[row.key] == digests[row.key] else CHANGED
            for row in rows
        ]
        if not run.dry_run:
            pairs = list(zip(rows, outcomes, strict=True))
            changed = _without_old_codes([row for row, outcome in pairs if outcome == CHANGED])
            _note_changes(changed, run)
            _upsert(changed, digests)
            _make([row for row, outcome in pairs if outcome == NEW], digests)
        return outcomes


def _services(text: str) -> tuple[str, ...]:
    """Return the services of a contract, in the order of `Service`, each once."""
    given = text.lower().translate(_BETWEEN).split()
    for code in given:
        if code not in _SERVICES:
            choices = ", ".join(_SERVICES)
            raise LineRefusedError("bad_choice", column="services", value=code, choices=choices)
    return tuple(code for code in _SERVICES if code in given)


def _code(given: str) -> str:
    """Return an access code as it is written; "" where nothing stands."""
    if given and not LEAST <= len(plain_code(given)) <= MOST:
        raise LineRefusedError("bad_access_code", column="access_code", least=LEAST, most=MOST)
    return given


def _make(rows: Sequence[ContractRow], digests: dict[str, str]) -> None:
    """Write new contracts; another import at the same time may have made some."""
    now, rows = timezone.now(), sorted(rows, key=lambda row: row.key)
    values = (
        (*_values(row), name_key(row.customer_name), digests[row.key], now, now) for row in rows
    )
    try:
        with transaction.atomic():
            insert_rows(Contract, (*_KEPT, "made_at"), values)
            found = Contract.objects.filter(number_key__in=[row.key for row in rows])
            keys = dict(found.values_list("number_key", "pk"))
            names = (
                (keys[row.key], key) for row in rows for key in keys_of_name(row.customer_name)
            )
            insert_rows(ContractName, ("contract_id", "key"), names)
    except IntegrityError:
        _upsert(rows, digests)


def _upsert(rows: Sequence[ContractRow], digests: dict[str, str]) -> None:
    """Write changed contracts, and new ones that are there by now."""
    now = timezone.now()
    made = Contract.objects.bulk_create(
        [
            Contract(
                **row.values(),
                name_key=name_key(row.customer_name),
                line_hash=digests[row.key],
                made_at=now,
                changed_at=now,
            )
            for row in sorted(rows, key=lambda row: row.key)
        ],
        update_conflicts=True,
        unique_fields=["number_key"],
        update_fields=_KEPT,
    )
    _name(made)


def _name(contracts: Sequence[Contract]) -> None:
    """Keep under which words the names of these contracts are found."""
    ContractName.objects.filter(contract__in=[one.pk for one in contracts]).delete()
    ContractName.objects.bulk_create(
        [
            ContractName(contract_id=one.pk, key=key)
            for one in contracts
            for key in keys_of_name(one.customer_name)
        ],
        ignore_conflicts=True,
    )


def _without_old_codes(rows: Sequence[ContractRow]) -> list[ContractRow]:
    """Return the rows without codes that proved their contracts before a change of holder.

    The code of today, if there is one, stays; the history says that the other was not taken.
    """
    keys = [row.key for row in rows if row.access_hash]
    here = {one.number_key: one for one in Contract.objects.filter(number_key__in=keys)}
    old = withdrawn_codes([one.pk for one in here.values()])
    kept, events = [], []
    for row in rows:
        now = here.get(row.key)
        if now and (now.pk, row.access_hash) in old:
            events.append(event(now.pk, ContractKind.CODE_KEPT_OUT))
            kept.append(replace(row, access_hash=now.access_hash))
        else:
            kept.append(row)
    ContractEvent.objects.bulk_create(events)
    return kept


def _note_changes(rows: Sequence[ContractRow], run: ImportRun) -> None:
    """Write what changed into the histories of contracts."""
    before = {
        old.number_key: old
        for old in Contract.objects.filter(number_key__in=[row.key for row in rows])
    }
    events = [made for row in rows for made in _changes(before[row.key], row, run)]
    ContractEvent.objects.bulk_create(events)


def _changes(old: Contract, row: ContractRow, run: ImportRun) -> list[ContractEvent]:
    new = row.values()
    names = [name for name in new if getattr(old, name) != new[name]]
    told = {name: [str(getattr(old, name) or ""), str(new[name] or "")] for name in _TOLD}
    data: dict[str, Any] = {
        "run": str(run.pk),
        "columns": [name for name in names if not name.endswith("_key")],
    }
    data["values"] = {name: told[name] for name in names if name in told}
    kind = ContractKind.STATUS if "status" in names else ContractKind.CHANGED
    return [event(old.pk, kind, actor=run.by, **data)]
