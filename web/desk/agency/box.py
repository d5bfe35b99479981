"""What the page of a request's letter shows of its bills, contract, meters and schedule."""

from dataclasses import dataclass
from typing import Any, Final

from eservices.agency.charging import charges_of, may_charge
from eservices.agency.contracting import METERED, contract_of
from eservices.agency.delivering import may_deliver
from eservices.agency.dues import bills_of, receipts_of
from eservices.agency.final import (
    balance_of,
    final_readings,
    may_read,
    meters_to_read,
    refunds_of,
)
from eservices.agency.meters import USUAL_DIGITS, may_set, read_by_teams
from eservices.agency.models import Charge, Due, Plan
from eservices.agency.plans import has_plan, may_plan, parts_of, proposed
from eservices.bills.models import Bill
from eservices.catalogue.definition import Definition
from eservices.catalogue.publishing import definition_of
from eservices.contracts.models import Contract, Service
from eservices.kinds import EserviceEvent
from eservices.money import decimal
from eservices.payments.rights import cashes
from eservices.requests.models import Request, StageKind
from eservices.requests.moving import request_of
from org.models import User
from org.people import permissions_of
from registry.models.letters import Letter
from web.desk.letter_events import Happened
from web.shared.guard import StaffRequest

PLAN_ROWS: Final = 14
TYPED: Final = "agency.plan"  # what was typed of a schedule that was refused, once
TYPED_CHARGE: Final = "agency.charge"  # the same of something to be paid


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a form for a schedule."""

    day: str
    amount: str


def uses_agency(definition: Definition) -> bool:
    """Return whether requests of a type have to do with bills, contracts or papers of bills."""
    stages = definition.stages
    pays = any(stage.kind == StageKind.PAYMENT for stage in stages)
    return pays or any(action.does for stage in stages for action in stage.actions)


def agency_box(letter: Letter, request: StaffRequest, happened: Happened) -> dict[str, Any]:
    """Return what the page shows; nothing for letters that have nothing to do with it."""
    if not happened.any_of(EserviceEvent.REQUEST_OPENED):
        return {}
    row = request_of(letter)
    if row is None or not uses_agency(definition_of(row.version)):
        return {}
    user, contract, bills = request.user, contract_of(row), bills_of(row)
    return {
        "agency": row,
        "agency_contract": contract,
        "agency_bills": bills,
        "agency_receipts": receipts_of(bills),
        "agency_charges": list(Charge.objects.filter(request=row.pk, bill=None).order_by("pk")),
        "agency_charges_may": may_charge(row, actor=user),
        "agency_charges_seen": charges_of(row),
        "agency_refunds": refunds_of(row),
        "agency_delivers": may_deliver(row, actor=user),
        "agency_cashes": cashes(permissions_of(user)),
        "agency_charge_typed": _typed(row, request, TYPED_CHARGE),
        **_meters(row, contract, user),
        **_final(row, contract, user),
        **_plan(row, contract, request),
    }


def _meters(row: Request, contract: Contract | None, user: User) -> dict[str, Any]:
    if contract is None:
        return {}
    found: dict[str, Any] = {"agency_meters": list(contract.meters.order_by("removed_on", "pk"))}
    if may_set(row, actor=user):
        services = [one for one in METERED if one in contract.services]
        found["agency_services"] = [(one, Service(one).label) for one in services]
        found["agency_read"] = next(iter(reversed(read_by_teams(row))), None)
        found["agency_digits"] = USUAL_DIGITS
    return found


def _final(row: Request, contract: Contract | None, user: User) -> dict[str, Any]:
    """Return last readings and final bill, for the types that end a contract."""
    stages = definition_of(row.version).stages
    needs = {need for stage in stages for action in stage.actions for need in action.needs}
    if contract is None or "final_bill" not in needs:
        return {}
    readings = final_readings(row)
    waiting = _stage_needs(row)
    found: dict[str, Any] = {
        "agency_ends": True,
        "agency_last": list(readings.values()),
        "agency_balance": balance_of(contract),
        "agency_final": Due.objects.filter(request=row.pk, final=True)
        .select_related("bill")
        .first(),
    }
    if "final_reading" in waiting and may_read(row, actor=user):
        found["agency_to_read"] = [m for m in meters_to_read(row) if m.pk not in readings]
    if "final_bill" in waiting and may_charge(row, actor=user):
        bills = contract.bills.exclude(kind=Bill.Kind.FEE).order_by("-issued_on", "-pk")
        found["agency_choose"] = list(bills[:12])
    return found


def _stage_needs(row: Request) -> set[str]:
    actions = definition_of(row.version).stage(row.stage).actions
    return {need for action in actions for need in action.needs}


def _plan(row: Request, contract: Contract | None, request: StaffRequest) -> dict[str, Any]:
    if not has_plan(row):
        return {}
    plan = Plan.objects.filter(request=row.pk).first()
    found: dict[str, Any] = {"agency_plan": plan, "agency_parts": parts_of(plan) if plan else []}
    if contract is None or not may_plan(row, actor=request.user):
        return found
    bills = list(contract.bills.filter(remaining__gt=0).order_by("due_on", "pk")[:20])
    kept = _typed(row, request, TYPED)
    if kept:
        rows, chosen = [Row(**each) for each in kept["rows"]], set(kept["bills"])
    else:
        parts = proposed(row, bills)
        rows = [Row(day.isoformat(), decimal(amount)) for day, amount in parts]
        chosen = {bill.number for bill in bills}
    rows += [Row("", "") for _n in range(len(rows), max(PLAN_ROWS, len(rows) + 1))]
    return {
        **found,
        "agency_plan_bills": [(bill, bill.number in chosen) for bill in bills],
        "agency_plan_rows": rows,
        "agency_plan_open": bool(kept),
    }


def _typed(row: Request, request: StaffRequest, key: str) -> dict[str, Any]:
    """Return what was typed for this request and refused, once; nothing where there is none."""
    kept: dict[str, Any] = request.session.get(key) or {}
    if kept.get("letter") != str(row.letter_id):
        return {}
    del request.session[key]
    return kept
