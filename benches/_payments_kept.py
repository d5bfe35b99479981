"""Whether the payments of a bench are in the office as the payers' own books have them."""

from typing import Any

from benches._money import CARD, Plan
from benches._payers import decimal
from tests.services.sim_nestpay import Simulated


def paid_as_booked(plan: Plan, gate: Simulated) -> list[str]:
    """Return each payment that is missing, doubled or unlike; mark in the plan what was paid."""
    from eservices.payments.models import Payment

    asked = [one for one in plan.entries if one.key and one.asked]
    for one in asked:
        if one.kind == CARD:
            one.accepted = gate.knows(one.key)["state"] in ("authorised", "captured")
    there: dict[str, list[Any]] = {}
    for row in Payment.objects.select_related("attempt").filter(channel__in=("card", "bank")):
        there.setdefault(row.attempt.oid if row.attempt else row.reference, []).append(row)
    wrong = []
    for one in asked:
        rows = there.get(one.key, [])
        right = [row for row in rows if row.amount == one.total]
        if len(rows) != int(one.accepted) or len(right) != len(rows):
            sums = [row.amount for row in rows]
            wrong.append(f"{one.key}: {decimal(one.total)}, accepted {one.accepted}, there {sums}")
        elif one.receipt and right and right[0].receipt != one.receipt:
            wrong.append(f"{one.key}: receipt {one.receipt}, there {right[0].receipt}")
    known = {one.key for one in asked}
    return wrong + [f"{key}: a payment that nobody made" for key in there.keys() - known]
