"""Meters that a request sets, and indexes that its teams read: from the field sheet, or by hand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.agency.contracting import METERED, contract_of, held_contract, note_change, opened_by
from eservices.agency.models import ContractChange
from eservices.contracts.finding import serial_key
from eservices.contracts.models import Contract, Meter
from eservices.relations.models import FieldEntry, WorkOrder
from eservices.requests.family import hold
from eservices.requests.models import Request
from eservices.requests.needs import PendingAction
from eservices.requests.roles import Who, roles_of
from language.lines import one_line
from org.models import User
from routing.acting.errors import NotAllowedError

MAY_SET: Final = frozenset({"office", "department", "head", "team"})
USUAL_DIGITS: Final = 5
MOST_DIGITS: Final = 9
_INDEX: Final = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Read:
    """An index that a team read for a request; `serial` "" where it named no meter."""

    serial: str
    index: int
    on: date
    order: WorkOrder


def read_by_teams(request: Request) -> list[Read]:
    """Return the last index of each meter that teams read for a request, newest last."""
    entries = FieldEntry.objects.filter(kind="index", order__request=request.pk)
    rows = entries.exclude(order__state=WorkOrder.State.CANCELLED).select_related("order")
    found: dict[str, Read] = {}
    for entry in rows.order_by("made_at", "pk"):
        whole = re.split(r"[.,]", str(entry.data.get("value", "")))[0]
        if _INDEX.fullmatch(whole):
            serial = str(entry.data.get("serial", ""))
            key = serial_key(serial)
            on = timezone.localtime(entry.made_at).date()
            found.pop(key, None)
            found[key] = Read(serial, int(whole), on, entry.order)
    return list(found.values())


def may_set(request: Request, *, actor: User) -> bool:
    """Return whether the actor may write down a meter of the contract that the request opened."""
    if request.ended_at or not opened_by(request):
        return False
    return bool(roles_of(request, Who(actor)) & MAY_SET)


def set_meter(
    request: Request,
    *,
    serial: str,
    service: str,
    index: str,
    digits: int = USUAL_DIGITS,
    actor: User,
) -> Meter:
    """Write down the meter that was set for a request's contract. Raise NotAllowedError."""
    if not may_set(request, actor=actor):
        raise NotAllowedError(_("You may not do this with this request."))
    if not _INDEX.fullmatch(index.strip()) or not 4 <= digits <= MOST_DIGITS:
        raise NotAllowedError(_("Give the index as it stands on the meter."))
    with transaction.atomic():
        hold(request)
        return _put(
            request, held_contract(request), one_line(serial, 40), service, int(index),
            on=timezone.localdate(), digits=digits, actor=actor,
        )  # fmt: skip


def _put(
    request: Request, contract: Contract, serial: str, service: str, index: int,
    *, on: date, digits: int = 0, actor: User | None,
) -> Meter:  # fmt: skip
    """Make the meter the contract's, or bring one over that measured for a contract that ended."""
    if not serial_key(serial) or service not in METERED or service not in contract.services:
        raise NotAllowedError(_("Give the meter’s serial number and what it measures."))
    now = timezone.now()
    held = Meter.objects.select_for_update(of=("self",)).select_related("contract")
    meter = held.filter(serial_key=serial_key(serial)).first()
    if meter is None:
        meter = Meter(serial=serial, serial_key=serial_key(serial), made_at=now)
    elif meter.contract_id != contract.pk and meter.contract.status != Contract.Status.CLOSED:
        raise NotAllowedError(_("This meter belongs to a contract that is not closed."))
    meter.contract, meter.service = contract, service
    meter.digits = digits or meter.digits or USUAL_DIGITS
    meter.installed_on, meter.removed_on = on, None
    meter.last_index, meter.last_read_on, meter.changed_at = index, on, now
    meter.save()
    note_change(
        contract, request, ContractChange.Kind.METER, actor=actor, on=on,
        meter=meter.serial, service=service, digits=meter.digits, index=index,
    )  # fmt: skip
    return meter


def set_read_meters(request: Request, *, actor: User | None) -> None:
    """Write down the meters that teams set and nobody wrote down yet. The letter is held."""
    contract = held_contract(request)
    for service, read in _found(request, contract):
        _put(request, contract, read.serial, service, read.index, on=read.on, actor=actor)


def _found(request: Request, contract: Contract) -> Iterator[tuple[str, Read]]:
    """Yield for each service without a meter the one that a team named, where that is certain."""
    there = set(contract.meters.filter(removed_on=None).values_list("service", flat=True))
    known = set(contract.meters.values_list("serial_key", flat=True))
    lacking = [one for one in METERED if one in contract.services and one not in there]
    reads = [one for one in read_by_teams(request) if one.serial]
    reads = [one for one in reads if serial_key(one.serial) not in known]
    keys = [serial_key(one.serial) for one in reads]
    services = dict(Meter.objects.filter(serial_key__in=keys).values_list("serial_key", "service"))
    for service in lacking:
        named = [one for one in reads if services.get(serial_key(one.serial)) == service]
        if len(lacking) == 1:
            named = named or [one for one in reads if serial_key(one.serial) not in services]
        if named:
            yield service, named[-1]


def meter_need(given: PendingAction) -> object:
    """Return that a service of the contract has no meter yet, nor a team named one."""
    contract = contract_of(given.request)
    if contract is None:
        return _("There is no contract of this number.")
    there = set(contract.meters.filter(removed_on=None).values_list("service", flat=True))
    there |= {service for service, _read in _found(given.request, contract)}
    wanted = {one for one in METERED if one in contract.services}
    return None if wanted <= there else _("Write down the meter first: serial number and index.")
