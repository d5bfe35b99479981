"""The digital agency over the API: what a request is to pay, its meters, final bill, schedule.

What the box of a request's letter shows and offers at the desk. Amounts are decimal text.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from eservices.agency import automatic_moves, delivering, final, meters, plans
from eservices.agency.charging import charges_of, drop_charge, may_charge, write_charge
from eservices.agency.contracting import contract_of
from eservices.agency.dues import bills_of, receipts_of, waits_for_payment, why_unpaid
from eservices.agency.models import Charge, Due, Plan
from eservices.catalogue.publishing import definition_of
from eservices.contracts.finding import serial_key
from eservices.contracts.models import Contract
from eservices.money import decimal
from eservices.requests.models import Request
from org.models import User
from routing.acting.errors import NotAllowedError
from web.api.access import ReadsLetters, caller
from web.api.agency_shapes import (
    DuesOut,
)
from web.api.eservice_requests import found_request
from web.api.shape import shown
from web.api.view import ApiView, get_or_404, operation


def dues_of(viewer: User, request: Request) -> dict[str, Any]:
    """Return what the request has to do with money, contract and meters now."""
    row = Request.objects.select_related("letter", "version", "service").get(pk=request.pk)
    contract, bills = contract_of(row), bills_of(row)
    due = Due.objects.filter(request=row.pk, final=True).select_related("bill").first()
    return {
        "request": row.pk,
        "stage": row.stage,
        "contract": contract.number if contract else None,
        "unpaid": str(why_unpaid(row) or "") if waits_for_payment(row) else "",
        "bills": bills,
        "receipts": receipts_of(bills),
        "charges": list(Charge.objects.filter(request=row.pk, bill=None).order_by("pk")),
        "charges_written": charges_of(row),
        "refunds": final.refunds_of(row),
        "meters": _meters(row, contract),
        "final_bill": due.bill.number if due else None,
        "balance": _balance(row, contract),
        "plan": Plan.objects.filter(request=row.pk).first(),
        "may": _may(row, contract, viewer),
    }


def charge(
    request: Request, *, actor: User, subject: str, amount: int, seen: int | None = None
) -> None:
    """Write what is to be paid. Raise NotAllowedError, ConflictError."""
    write_charge(request, subject=subject, amount=amount, actor=actor, seen=seen)


def found_charge(viewer: User, request_id: UUID, charge_id: int) -> Charge:
    """Return what was written and is no bill. Raise Http404."""
    request = found_request(viewer, request_id)
    rows = Charge.objects.filter(request=request.pk, pk=charge_id, bill=None)
    return get_or_404(rows.select_related("request__letter", "request__version"))


def uncharge(row: Charge, *, actor: User) -> None:
    """Take it back. Raise NotAllowedError."""
    drop_charge(row.request, row.pk, actor=actor)


def meter(request: Request, *, actor: User, index: int, **given: Any) -> None:
    """Write down the meter that was set. Raise NotAllowedError."""
    meters.set_meter(request, index=str(index), actor=actor, **given)


def last_index(request: Request, *, actor: User, serial: str, index: int) -> None:
    """Write down the last index of a meter. Raise NotAllowedError."""
    key = serial_key(serial)
    found = next((one for one in final.meters_to_read(request) if one.serial_key == key), None)
    if found is None:
        raise NotAllowedError(_("There is no meter with this serial number."))
    final.write_final_index(request, found, index=str(index), actor=actor)


def final_bill(request: Request, *, actor: User, bill: str) -> None:
    """Say which bill is the final one. Raise NotAllowedError."""
    final.name_final_bill(request, bill, actor=actor)


def plan(request: Request, *, actor: User, bills: list[str], parts: list[dict[str, Any]]) -> None:
    """Write the schedule. Raise NotAllowedError."""
    pairs: list[tuple[date, int]] = [(part["due_on"], part["amount"]) for part in parts]
    plans.make_plan(request, bills=bills, parts=pairs, actor=actor)


def look(request: Request, *, actor: User) -> None:
    """Go on where the payment, refund or final bill is there."""
    automatic_moves.resume_work(str(request.pk), None)


def deliver(request: Request, *, actor: User) -> None:
    """Draw the statement or duplicate and send it. Raise NotAllowedError, ConflictError."""
    delivering.deliver(request, actor=actor)


def _meters(request: Request, contract: Contract | None) -> list[dict[str, Any]]:
    if contract is None:
        return []
    taken = final.final_readings(request)
    names = ("serial", "service", "removed_on", "last_index")
    return [
        {name: getattr(one, name) for name in names}
        | {"final_index": taken[one.pk].index if one.pk in taken else None}
        for one in contract.meters.order_by("removed_on", "pk")
    ]


def _may(request: Request, contract: Contract | None, actor: User) -> list[str]:
    """Return what the desk would offer too."""
    actions = definition_of(request.version).stage(request.stage).actions
    needs = {need for action in actions for need in action.needs}
    charges, has = may_charge(request, actor=actor), contract is not None
    reads = final.may_read(request, actor=actor)
    offered = {
        "charge": charges,
        "meter": has and meters.may_set(request, actor=actor),
        "last_index": has and "final_reading" in needs and reads,
        "final_bill": has and "final_bill" in needs and charges,
        "plan": has and plans.may_plan(request, actor=actor),
        "deliver": delivering.may_deliver(request, actor=actor),
    }
    return [name for name, may in offered.items() if may]


def _balance(request: Request, contract: Contract | None) -> str | None:
    """Return what remains of all bills of the contract; None for requests that end none."""
    stages = definition_of(request.version).stages
    ends = any("final_bill" in action.needs for stage in stages for action in stage.actions)
    return decimal(final.balance_of(contract)) if contract and ends else None


class RequestDuesView(ApiView):
    """What a request is to pay."""

    permission_classes = [ReadsLetters]

    @operation("get_request_dues", DuesOut, 403, 404)
    def get(self, request: ApiRequest, request_id: UUID) -> Response:
        """Return bills, charges, refunds, meters and schedule of a request, and what you may do."""
        viewer = caller(request)
        return shown(DuesOut, dues_of(viewer, found_request(viewer, request_id)))
