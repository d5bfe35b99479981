"""Contracts and meters for tests."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from eservices.contracts.access_codes import access_hash
from eservices.contracts.finding import keys_of_name
from eservices.contracts.models import Contract, ContractName, Holder, Meter
from eservices.contracts.proving import hold
from eservices.people.models import Person
from eservices.people.persons import name_key, person_for
from language.reach import email_key, number_key, phone_key

CODE = "K7M4XQ2R"
CONTRACT_HEADER = (
    "number;customer_name;customer_type;email;phone;language;address;city;sector;services;status;"
    "opened_on;closed_on;access_code"
)
METER_HEADER = "serial;contract;service;digits;installed_on;removed_on;last_index;last_read_on"


def a_contract(number: str = "1000001", *, code: str = CODE, **fields: Any) -> Contract:
    """Return a contract of Fatima Bennis; its code is CODE."""
    name = fields.pop("customer_name", "Fatima Bennis")
    now = timezone.now()
    facts = {
        "email_key": email_key(fields.get("email", "")),
        "phone_key": phone_key(fields.get("phone", "")),
        "services": ["water"],
        "city": "Settat",
        "sector": "S1",
        "made_at": now,
        "changed_at": now,
    }
    key = number_key(number)
    row = Contract.objects.create(
        number=number,
        number_key=key,
        customer_name=name,
        name_key=name_key(name),
        access_hash=access_hash(key, code) if code else "",
        **{**facts, **fields},
    )
    ContractName.objects.bulk_create(
        [ContractName(contract=row, key=word) for word in keys_of_name(name)]
    )
    return row


def a_meter(contract: Contract, serial: str = "", **fields: Any) -> Meter:
    """Return a water meter of five digits that was read at 120."""
    serial = serial or f"M{contract.number}"
    now = timezone.now()
    facts: dict[str, Any] = {"service": "water", "last_index": 120, "made_at": now}
    return Meter.objects.create(
        serial=serial,
        serial_key=number_key(serial),
        contract=contract,
        changed_at=now,
        **{**facts, **fields},
    )


def table(folder: Path, *lines: str, name: str = "table.csv", header: str = CONTRACT_HEADER) -> str:
    """Return the path of a table with these lines."""
    path = folder / name
    path.write_text("".join(f"{line}\n" for line in (header, *lines)), encoding="utf-8")
    return str(path)


def imported(command: str, path: str, *more: str) -> tuple[dict[str, Any], int]:
    """Import a table by its command; return the report and the exit code."""
    said, status = StringIO(), 0
    try:
        call_command(command, path, "--json", *more, stdout=said)
    except SystemExit as error:
        status = int(error.code or 0)
    return json.loads(said.getvalue()), status


def a_person(mail: str = "fatima@exemple.ma") -> Person:
    """Return a citizen with a verified address."""
    return person_for("email", mail)


def held_by(person: Person, contract: Contract) -> Holder:
    """Return the holding of a contract by a person, who proved it by its code."""
    return hold(person, contract, proof=Holder.Proof.CODE)
