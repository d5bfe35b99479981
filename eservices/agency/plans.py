"""Payment by instalments: a schedule over bills that may then be paid in parts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.agency.charging import MAY_CHARGE
from eservices.agency.contracting import contract_of
from eservices.agency.dues import CITIZEN, in_all_of, link_bill, paid_of
from eservices.agency.models import Due, Instalment, Plan
from eservices.bills.models import Bill
from eservices.bills.remaining import held
from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceEvent
from eservices.money import AmountError, centimes, decimal
from eservices.money_words import dirhams
from eservices.payments import journal
from eservices.requests.family import hold
from eservices.requests.models import Request
from eservices.requests.needs import PendingAction
from eservices.requests.roles import Who, roles_of
from org.models import User
from registry.changes import record_change
from routing.acting.errors import NotAllowedError

MOST: Final = 36


@dataclass(frozen=True, slots=True)
class Part:
    """An instalment as it stands: `state` is paid, late, ahead, or dropped by a correction."""

    row: Instalment
    state: str


def has_plan(request: Request) -> bool:
    """Return whether the request's type has a schedule."""
    stages = definition_of(request.version).stages
    return any("plan" in action.needs for stage in stages for action in stage.actions)


def may_plan(request: Request, *, actor: User) -> bool:
    """Return whether the actor may write the schedule: until it is accepted."""
    if request.ended_at or not has_plan(request):
        return False
    accepted = Plan.objects.filter(request=request.pk, accepted_at__isnull=False)
    return bool(roles_of(request, Who(actor)) & MAY_CHARGE) and not accepted.exists()


def proposed(request: Request, bills: Iterable[Bill]) -> list[tuple[date, int]]:
    """Return a schedule as the citizen wished: a first payment, then equal months."""
    total = sum(max(0, bill.remaining) for bill in bills)
    months = _whole(request.answers.get("months"), 2, 24)
    try:
        first = min(centimes(str(request.answers.get("first_payment") or "0")), total)
    except AmountError:
        first = 0
    if total <= 0:
        return []
    today, parts = timezone.localdate(), [(timezone.localdate(), first)] if first else []
    left = total - first
    each, more = divmod(left, months)
    for number in range(months):
        amount = each + (1 if number < more else 0)
        if amount:
            parts.append((_months_later(today, number + 1), amount))
    return parts


def _whole(value: Any, least: int, most: int) -> int:
    return min(max(int(value), least), most) if isinstance(value, int | float) else least


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    return date(day.year + year, month + 1, min(day.day, 28))


def make_plan(
    request: Request, *, bills: Sequence[str], parts: Sequence[tuple[date, int]], actor: User
) -> Plan:
    """Write the schedule of a request over bills of its contract, in place of an earlier one.

    The parts come to what remains of the bills. Raise NotAllowedError.
    """
    with transaction.atomic():
        hold(request)
        if not may_plan(request, actor=actor):
            raise NotAllowedError(_("You may not do this with this request."))
        rows = _bills(request, bills)
        total = sum(bill.remaining for bill in rows)
        _check(parts, total)
        Plan.objects.filter(request=request.pk).delete()
        Due.objects.filter(request=request.pk).exclude(bill__in=rows).delete()
        for bill in rows:
            link_bill(request, bill, actor=actor)
        plan = Plan.objects.create(
            request=request, total=total, made_at=timezone.now(), made_by=actor
        )
        Instalment.objects.bulk_create(
            Instalment(plan=plan, number=number, due_on=due_on, amount=amount)
            for number, (due_on, amount) in enumerate(sorted(parts), 1)
        )
        data = {"total": decimal(total), "parts": len(parts)}
        record_change(
            request.letter, EserviceEvent.PLAN_MADE, actor=actor, data=data, visibility=CITIZEN
        )
    return plan


def _bills(request: Request, numbers: Sequence[str]) -> list[Bill]:
    contract = contract_of(request)
    rows = list(
        Bill.objects.filter(contract=contract, number__in=numbers, remaining__gt=0).order_by("pk")
        if contract
        else []
    )
    if not rows or len(rows) != len(set(numbers)):
        raise NotAllowedError(_("Choose open bills of the contract."))
    return rows


def _check(parts: Sequence[tuple[date, int]], total: int) -> None:
    today = timezone.localdate()
    if not 2 <= len(parts) <= MOST:
        raise NotAllowedError(_("A schedule has 2 to 36 instalments."))
    if any(amount <= 0 or day < today for day, amount in parts):
        raise NotAllowedError(_("Each instalment has an amount and a day to come."))
    if len({day for day, _amount in parts}) != len(parts):
        raise NotAllowedError(_("Two instalments fall on the same day."))
    came_to = sum(amount for _day, amount in parts)
    if came_to != total:
        words = _("The instalments come to %(parts)s, the bills to %(bills)s.")
        raise NotAllowedError(words % {"parts": dirhams(came_to), "bills": dirhams(total)})


def plan_need(given: PendingAction) -> object:
    """Return that there is no schedule yet."""
    there = Plan.objects.filter(request=given.request.pk).exists()
    return None if there else _("Write the schedule first.")


def start_plan(request: Request, *, actor: User | None) -> None:
    """Let the bills of an accepted schedule be paid in parts. The letter is held."""
    plan = Plan.objects.filter(request=request.pk).first()
    if plan is None:
        raise NotAllowedError(_("Write the schedule first."))
    bills = held(Bill.objects.filter(dues__request=request.pk))
    if sum(max(0, bill.remaining) for bill in bills) != plan.total:
        raise NotAllowedError(_("Something was paid meanwhile: the schedule is to be made anew."))
    plan.accepted_at = timezone.now()
    plan.save(update_fields=["accepted_at"])
    Bill.objects.filter(pk__in=[bill.pk for bill in bills]).update(partial=True)
    data = {"total": decimal(plan.total), "bills": [bill.number for bill in bills]}
    journal.write(
        "plan_accepted", subject=request.letter.number, actor=journal.actor_of(actor), data=data
    )


def next_sum(plan: Plan) -> int:
    """Return what is to be paid next: all instalments that fell due, else the next one.

    Without what of them was paid; 0 once all is.
    """
    paid, most, today, sum_, due = paid_of(plan), in_all_of(plan), timezone.localdate(), 0, 0
    for row in plan.instalments.order_by("number"):
        sum_ = min(sum_ + row.amount, most)
        if sum_ > paid and (row.due_on <= today or not due):
            due = sum_ - paid
    return due


def next_amounts(bills: Iterable[Bill]) -> dict[str, int]:
    """Return how much of these bills an accepted schedule asks next, by their numbers.

    What it asks is taken from its oldest bills first; the others are not named.
    """
    shown = {bill.pk for bill in bills}
    found: dict[str, int] = {}
    plans = Plan.objects.filter(accepted_at__isnull=False, request__dues__bill__in=shown)
    for plan in plans.distinct().order_by("pk")[:MOST]:
        left = next_sum(plan)
        rows = Bill.objects.filter(dues__request=plan.request_id, remaining__gt=0)
        for bill in rows.order_by("due_on", "pk"):
            if bill.pk in shown and left > 0:
                found[bill.number] = min(left, bill.remaining)
                left -= found[bill.number]
    return found


def parts_of(plan: Plan) -> list[Part]:
    """Return the instalments in order, each as it stands today."""
    paid, most, today, sum_, found = paid_of(plan), in_all_of(plan), timezone.localdate(), 0, []
    for row in plan.instalments.order_by("number"):
        before, sum_ = sum_, min(sum_ + row.amount, most)
        late = "late" if row.due_on < today else "ahead"
        owed = "paid" if paid >= sum_ else late
        found.append(Part(row, "dropped" if before == sum_ else owed))
    return found
