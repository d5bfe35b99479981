"""The meter meant by a contract number and perhaps a serial number.

A meter is found where the serial number fits the contract, or where the person may know it anyway:
its holder, and staff. A contract number alone does not reveal whether there is such a contract.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from eservices.contracts.access import contract_of
from eservices.contracts.finding import serial_key
from eservices.contracts.models import Contract, Meter
from eservices.people.models import Person
from language.reach import number_key

SERVICE: Final = "self_reading"  # the code that mandates name


@dataclass(frozen=True, slots=True)
class Match:
    """The meter that is meant; without one, what was claimed stays for staff."""

    meter: Meter | None
    claimed: dict[str, Any]

    @property
    def contract(self) -> Contract | None:
        """The meter's contract, frozen with the reading."""
        return self.meter.contract if self.meter else None


def match_meter(
    contract: str,
    *,
    service: str = "",
    serial: str = "",
    trusted: bool = False,
    person: Person | None = None,
) -> Match:
    """Find the meter. `trusted`: a member of the staff wrote the number down."""
    claimed = {"contract": contract[:40], "service": service[:12], "serial": serial[:40]}
    rows = Meter.objects.filter(contract__number_key=number_key(contract) or "-")
    rows = rows.select_related("contract")
    if service:
        rows = rows.filter(service=service)
    if serial_key(serial):
        return Match(rows.filter(serial_key=serial_key(serial)).first(), claimed)
    known = trusted
    if person is not None and not known:
        known = contract_of(person, contract, service=SERVICE) is not None
    return Match(_only(rows) if known else None, claimed)


def _only(rows: "QuerySet[Meter]") -> Meter | None:
    """Return the meter where only one is in use."""
    found = list(rows.filter(removed_on=None).order_by("pk")[:2])
    return found[0] if len(found) == 1 else None


def meter_of_serial(serial: str) -> Meter | None:
    """Return the meter of a serial number, with its contract."""
    key = serial_key(serial)
    rows = Meter.objects.filter(serial_key=key).select_related("contract")
    return rows.first() if key else None


def live_meters(contract: Contract) -> "QuerySet[Meter]":
    """Return the meters of a contract that are in use."""
    return contract.meters.filter(removed_on=None).order_by("service", "serial")
