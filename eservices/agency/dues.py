"""What a request waits to be paid: its fees, the bills it is about, or a schedule's first part."""

from collections.abc import Sequence

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from eservices.agency.models import Charge, Due, Plan
from eservices.bills.models import Allocation, Bill, Settled
from eservices.kinds import EserviceEvent
from eservices.money import decimal
from eservices.money_words import dirhams
from eservices.requests.models import Request, StageKind
from eservices.requests.needs import PendingAction
from org.models import User
from org.signs import listed
from registry.changes import record_change
from registry.models.events import LetterEvent

CITIZEN = LetterEvent.Visibility.CITIZEN


def bills_of(request: Request) -> list[Bill]:
    """Return the request's own fees and the bills that it is about, oldest first."""
    fees = Bill.objects.filter(request=request.pk)
    linked = Bill.objects.filter(dues__request=request.pk)
    found = {bill.pk: bill for bill in (*fees, *linked)}
    return [found[pk] for pk in sorted(found)]


def why_unpaid(request: Request) -> object:
    """Return, in words, why the request's payment is not there; None where it is."""
    plan = Plan.objects.filter(request=request.pk).first()
    if plan is not None:
        return _plan_unpaid(plan)
    rows = bills_of(request)
    if not rows and not Charge.objects.filter(request=request.pk).exists():
        return _("Write first what is to be paid.")
    waiting = [bill for bill in rows if bill.remaining > 0]
    if not waiting:
        return None
    words = _("Not paid yet: %(amount)s, bill %(bills)s.")
    numbers = listed(bill.number for bill in waiting[:5])
    return words % {"amount": dirhams(sum(b.remaining for b in waiting)), "bills": numbers}


def payment_need(given: PendingAction) -> object:
    """Return why an action that needs the payment may not be taken yet."""
    return why_unpaid(given.request)


def paid_of(plan: Plan) -> int:
    """Return what was paid of a schedule's bills since it was made, here and elsewhere.

    A bill that the billing system corrects is no payment, and undoes none.
    """
    bills = Bill.objects.filter(dues__request=plan.request_id).values("pk")
    sums = (
        rows.filter(bill__in=bills, at__gte=plan.made_at).aggregate(sum=Sum("amount"))["sum"] or 0
        for rows in (Allocation.objects.all(), Settled.objects.all())
    )
    return max(0, sum(sums))


def in_all_of(plan: Plan) -> int:
    """Return what a schedule comes to now: what was paid of it, and what remains of its bills.

    Less than its instalments where a bill was corrected: the last ones are owed less then.
    """
    rows = Bill.objects.filter(dues__request=plan.request_id, remaining__gt=0)
    return paid_of(plan) + (rows.aggregate(sum=Sum("remaining"))["sum"] or 0)


def _plan_unpaid(plan: Plan) -> object:
    first = plan.instalments.order_by("number").first()
    wanted = min(first.amount if first else plan.total, in_all_of(plan))
    missing = wanted - paid_of(plan)
    if missing <= 0:
        return None
    words = _("The first instalment is not paid yet: %(amount)s are missing.")
    return words % {"amount": dirhams(missing)}


def link_bill(
    request: Request, bill: Bill, *, actor: User | None = None, final: bool = False
) -> bool:
    """Say that a request is about a bill; return whether that is new. The letter is held."""
    row, new = Due.objects.get_or_create(
        request=request,
        bill=bill,
        defaults={"final": final, "made_at": timezone.now(), "made_by": actor},
    )
    if final and not row.final:
        row.final = True
        row.save(update_fields=["final"])
    if new:
        data = {"bill": bill.number, "amount": decimal(bill.remaining)}
        record_change(
            request.letter, EserviceEvent.BILL_LINKED, actor=actor, data=data, visibility=CITIZEN
        )
    return new


def receipts_of(bills: Sequence[Bill]) -> list[str]:
    """Return the numbers of the receipts with which bills were paid."""
    rows = Allocation.objects.filter(bill__in=bills, amount__gt=0)
    return list(dict.fromkeys(rows.order_by("pk").values_list("receipt", flat=True)))


def waits_for_payment(request: Request) -> bool:
    """Return whether the request stands in a stage of payment."""
    return request.stage_kind == StageKind.PAYMENT
