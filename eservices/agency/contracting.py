"""Contracts that requests open, activate, change and close.

The billing system stays their master: each change is a proposal that is exported to it
(`eservices.agency.handing_over`), and its next line about the contract is decisive.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eservices.agency.dues import CITIZEN
from eservices.agency.models import ContractChange
from eservices.catalogue.publishing import definition_of
from eservices.contracts import events
from eservices.contracts.finding import contract_numbered
from eservices.contracts.models import Contract, Holder, Meter
from eservices.contracts.proving import end_holding, hold
from eservices.kinds import EserviceEvent
from eservices.payments.series import next_number
from eservices.people.persons import name_key
from eservices.relations.orders import place_of
from eservices.requests.models import Request
from language.lines import one_line
from language.reach import email_key, number_key, phone_key
from org.models import User
from registry.changes import record_change
from routing.acting.errors import NotAllowedError

SERIES: Final = "C"
METERED: Final = ("water", "electricity")
_SERVICES: Final = ("water", "electricity", "sewage")
_EVENTS: Final = {
    ContractChange.Kind.OPENED: EserviceEvent.CONTRACT_OPENED,
    ContractChange.Kind.METER: EserviceEvent.METER_SET,
    ContractChange.Kind.ACTIVATED: EserviceEvent.CONTRACT_ACTIVATED,
    ContractChange.Kind.CHANGED: EserviceEvent.CONTRACT_CHANGED,
    ContractChange.Kind.CLOSED: EserviceEvent.CONTRACT_CLOSED,
    ContractChange.Kind.DROPPED: EserviceEvent.CONTRACT_CLOSED,
}
EVENT_WORDS: Final = {
    "agency_opened": gettext_lazy("Opened by a request, not active yet"),
    "agency_meter": gettext_lazy("A meter was set"),
    "agency_activated": gettext_lazy("Activated by a request"),
    events.CHANGED_BY_REQUEST: gettext_lazy("Changed by a request"),
    "agency_closed": gettext_lazy("Ended by a request"),
    "agency_dropped": gettext_lazy("Given up before it was active"),
}
_TYPES: Final = {
    "company": Contract.CustomerType.COMPANY,
    "institution": Contract.CustomerType.INSTITUTION,
}


def contract_of(request: Request) -> Contract | None:
    """Return the contract that a request opened, or is about; None where there is none."""
    return contract_numbered(request.contract_number)


def held_contract(request: Request) -> Contract:
    """Return the request's contract with its row locked. Raise NotAllowedError without one."""
    key = number_key(request.contract_number)
    rows = Contract.objects.select_for_update(of=("self",)).filter(number_key=key)
    found = rows.first() if key else None
    if found is None:
        raise NotAllowedError(_("There is no contract of this number."))
    return found


def opened_by(request: Request) -> bool:
    """Return whether the request's contract was opened by it."""
    opened = ContractChange.Kind.OPENED
    return ContractChange.objects.filter(request=request.pk, kind=opened).exists()


def note_change(
    contract: Contract,
    request: Request,
    kind: ContractChange.Kind,
    *,
    actor: User | None,
    on: date | None = None,
    **data: Any,
) -> ContractChange:
    """Write what a request changed: for the billing system, the contract and the letter."""
    now = timezone.now()
    row = ContractChange.objects.create(
        contract=contract,
        request=request,
        kind=kind,
        on=on or timezone.localdate(),
        data=data,
        at=now,
        by=actor,
    )
    events.note(contract, f"agency_{kind}", actor=actor, request=request.letter.number, **data)
    record_change(
        request.letter,
        _EVENTS[kind],
        actor=actor,
        data={"contract": contract.number, "on": row.on.isoformat(), **data},
        visibility=CITIZEN,
    )
    return row


def open_contract(request: Request, *, actor: User | None) -> Contract:
    """Open the contract that a request is for, pending until its meter is set; once."""
    if opened_by(request):
        return held_contract(request)
    now, sender = timezone.now(), request.letter.sender
    name = sender.organisation or sender.name if sender else ""
    number = next_number(SERIES)
    contract = Contract.objects.create(
        number=number,
        number_key=number_key(number),
        customer_type=_TYPES.get(str(request.answers.get("quality")), Contract.CustomerType.PERSON),
        language=request.language,
        address=one_line(place_of(request).address, 300),
        services=wanted_services(request),
        status=Contract.Status.PENDING,
        made_at=now,
        changed_at=now,
        **_named(name),
        **_reached(request),
    )
    Request.objects.filter(pk=request.pk).update(contract_number=number)
    request.contract_number = number
    _give(contract, request)
    note_change(contract, request, ContractChange.Kind.OPENED, actor=actor)
    return contract


def wanted_services(request: Request) -> list[str]:
    """Return the services that a request is about: as it was answered, else those of its type."""
    given = request.answers.get("services")
    needs: Iterable[Any] = definition_of(request.version).needs
    asked = given if isinstance(given, list) and given else needs
    return [one for one in _SERVICES if one in asked]


def _named(name: str) -> dict[str, str]:
    name = one_line(name, 200)
    return {"customer_name": name, "name_key": name_key(name)}


def _reached(request: Request) -> dict[str, str]:
    sender = request.letter.sender
    email, phone = (sender.email, sender.phone) if sender else ("", "")
    return {
        "email": email,
        "email_key": email_key(email),
        "phone": phone,
        "phone_key": phone_key(phone)[:40],
    }


def _give(contract: Contract, request: Request) -> None:
    """Put the contract among those of the person for whom the request was made."""
    person = request.on_behalf_of or request.person
    if person is None:
        return
    hold(person, contract, proof=Holder.Proof.REQUEST)


def _end_holdings(contract: Contract, *, actor: User | None) -> None:
    for holding in contract.holders.filter(ended_at=None).select_related("person", "contract"):
        end_holding(holding, actor=actor)


def activate_contract(request: Request, *, actor: User | None) -> None:
    """Make the contract that a request opened active from today. Raise NotAllowedError."""
    contract = held_contract(request)
    if not opened_by(request) or contract.status != Contract.Status.PENDING:
        raise NotAllowedError(_("This contract was not opened by this request."))
    today = timezone.localdate()
    _save(contract, status=Contract.Status.ACTIVE, opened_on=today)
    note_change(contract, request, ContractChange.Kind.ACTIVATED, actor=actor)


def close_contract(request: Request, *, actor: User | None) -> None:
    """End the services that a request ends, and the contract with the last of them."""
    contract = held_contract(request)
    ended, today = wanted_services(request) or list(contract.services), timezone.localdate()
    left = [one for one in contract.services if one not in ended]
    if set(left) <= {"sewage"}:  # sewage goes with the water
        left = []
    gone = Meter.objects.filter(contract=contract, removed_on=None)
    if left:
        gone = gone.filter(service__in=ended)
        _save(contract, services=left)
    else:
        _save(contract, status=Contract.Status.CLOSED, closed_on=today)
    gone.update(removed_on=today, changed_at=timezone.now())
    kind = ContractChange.Kind.CHANGED if left else ContractChange.Kind.CLOSED
    note_change(contract, request, kind, actor=actor, ended=ended)


def change_contract(request: Request, *, actor: User | None) -> None:
    """Change the holder, the name or the address of a contract, by its request."""
    contract, answers = held_contract(request), request.answers
    what = str(answers.get("what"))
    if what == "address":
        place = answers.get("new_address") or {}
        changes: dict[str, Any] = {"address": one_line(str(place.get("text", "")), 300)}
    else:
        changes = _named(str(answers.get("new_name", "")))
    if what == "holder":
        # The code is known to the holder before; the billing system sends another one.
        if contract.access_hash:
            code: dict[str, Any] = {"code": contract.access_hash}
            events.note(contract, events.ContractKind.CODE_WITHDRAWN, actor=actor, **code)
        changes |= {**_reached(request), "language": request.language, "access_hash": ""}
        if answers.get("cause") == "company":
            changes["customer_type"] = Contract.CustomerType.COMPANY
        _end_holdings(contract, actor=actor)
        _give(contract, request)
    _save(contract, **changes)
    told: dict[str, Any] = {"what": what, "name": changes.get("customer_name", "")}
    index = answers.get("index")
    if index not in (None, ""):
        told["index"] = str(index)
    note_change(contract, request, ContractChange.Kind.CHANGED, actor=actor, **told)


def drop_contract(request: Request, *, actor: User | None) -> None:
    """Close the contract of a request that ended before it was active; nothing for others."""
    if not opened_by(request):
        return
    contract = held_contract(request)
    if contract.status != Contract.Status.PENDING:
        return
    _save(contract, status=Contract.Status.CLOSED, closed_on=timezone.localdate())
    Meter.objects.filter(contract=contract, removed_on=None).update(removed_on=timezone.localdate())
    _end_holdings(contract, actor=actor)
    note_change(contract, request, ContractChange.Kind.DROPPED, actor=actor)


def _save(contract: Contract, **values: Any) -> None:
    for name, value in values.items():
        setattr(contract, name, value)
    contract.changed_at = timezone.now()
    contract.save(update_fields=[*values, "changed_at"])
