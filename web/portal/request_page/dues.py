"""Bills, contract and schedule, as the citizen's page of a request shows them."""

from typing import Any

from eservices.agency.contracting import contract_of, opened_by
from eservices.agency.dues import bills_of, receipts_of
from eservices.agency.models import Plan
from eservices.agency.owning import is_owner
from eservices.agency.plans import next_amounts, parts_of
from eservices.requests.models import Request, StageKind


def dues_part(row: Request) -> dict[str, Any]:
    """Return what the page shows of money and contract.

    Of a contract that somebody only named, nothing but the bills that the request is about.
    """
    bills = bills_of(row)
    plan = Plan.objects.filter(request=row.pk).first()
    waiting = [bill for bill in bills if bill.remaining > 0]
    accepted = plan is not None and plan.accepted_at is not None
    asked = next_amounts(waiting) if accepted else {}
    contract = contract_of(row)
    theirs = contract is not None and (opened_by(row) or is_owner(row))
    return {
        "dues_bills": bills,
        "dues_waiting": waiting if accepted or row.stage_kind == StageKind.PAYMENT else [],
        "dues_sum": sum(asked.values()) or sum(bill.remaining for bill in waiting),
        "dues_asked": [bill for bill in waiting if bill.number in asked] or waiting,
        "dues_decide": plan is not None and not accepted and not row.ended_at,
        "dues_receipts": receipts_of(bills),
        "dues_parts": parts_of(plan) if plan else [],
        "dues_contract": contract if theirs else None,
    }
