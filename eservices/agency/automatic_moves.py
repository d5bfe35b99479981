"""Requests that go on by themselves: paid, refunded, or with their final bill.

A payment never waits for a request: it queues a job, and an hourly job finds what was settled
elsewhere (as the billing system reports it).
"""

import logging
from collections.abc import Iterator
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from eservices.agency.charging import settle_taken_back
from eservices.agency.dues import bills_of, receipts_of
from eservices.agency.final import link_final_bill
from eservices.agency.late import notify_late
from eservices.agency.models import Due
from eservices.bills.models import Allocation, Bill
from eservices.catalogue.definition import Action
from eservices.catalogue.models import ServiceTypeVersion
from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceJob
from eservices.payments.models import Payment, Refund
from eservices.requests.acting import take_action
from eservices.requests.models import Request
from eservices.requests.needs import PendingAction, problem_of
from eservices.requests.roles import Who
from jobs.models import Job
from jobs.outbox import enqueue
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError

SETTLED: Final = frozenset({"payment", "refund", "final_bill"})
AT_ONCE: Final = 500
_log = logging.getLogger(__name__)


def note_payment(payment: Payment) -> None:
    """Queue the requests whose bills a payment was set against; in its transaction."""
    paid = Allocation.objects.filter(receipt=payment.receipt).values("bill")
    fees = Bill.objects.filter(pk__in=paid, request__isnull=False).values_list("request", flat=True)
    linked = Due.objects.filter(bill__in=paid).values_list("request", flat=True)
    for request_id in sorted({*fees, *linked}, key=str):
        if request_id:
            enqueue(EserviceJob.AGENCY_GO_ON, request_id)


def note_refund(refund: Refund) -> None:
    """Queue the requests whose credit note was paid out, or whose fee owes again.

    In its transaction.
    """
    if refund.payment is not None:
        gone = Allocation.objects.filter(receipt=refund.payment.receipt, amount__lt=0)
        fees = Bill.objects.filter(pk__in=gone.values("bill"), request__isnull=False)
        waiting = set(fees.values_list("request", flat=True))
    else:
        rows = Due.objects.filter(bill=refund.credit_id, request__ended_at=None)
        waiting = set(rows.values_list("request", flat=True))
    for request_id in sorted(waiting, key=str):
        enqueue(EserviceJob.AGENCY_GO_ON, request_id)


def resume_work(request_id: str, _progress: Any) -> bool:
    """Take the action of a request's stage whose payment, refund or final bill is there.

    Return whether it has moved; harmless to repeat.
    """
    rows = Request.objects.select_related("letter", "version", "service", "parent__letter")
    request = rows.filter(pk=request_id).first()
    if request is None:
        return False
    settle_taken_back(request)
    if request.ended_at:
        return False
    definition = definition_of(request.version)
    if any("final_bill" in one.needs for one in definition.stage(request.stage).actions):
        link_final_bill(request)
    who = Who(system=True)
    for action in _by_itself(definition.stage(request.stage).actions):
        if problem_of(PendingAction(request, definition, action, who)):
            continue
        try:
            comment = ", ".join(receipts_of(bills_of(request))[-5:])
            take_action(request, action.name, system=True, comment=comment)
        except (NotAllowedError, ConflictError) as error:
            _log.warning("request %s does not go on: %s", request.pk, type(error).__name__)
            return False
        return True
    return False


def _by_itself(actions: tuple[Action, ...]) -> Iterator[Action]:
    for action in actions:
        if "system" in action.roles and SETTLED & set(action.needs):
            yield action


def queue_resuming() -> None:
    """Queue the search for requests that may go on; once an hour."""
    slot = f"{timezone.localtime():%Y-%m-%dT%H}"
    if not Job.objects.filter(kind=EserviceJob.AGENCY_LOOK, subject=slot).exists():
        with transaction.atomic():
            enqueue(EserviceJob.AGENCY_LOOK, slot)


def resume_settled_work(_slot: str, progress: Any) -> int:
    """Go on with the requests whose payment, refund or final bill is there; return how many."""
    moved, waiting = 0, waiting_ids()
    for place, request_id in enumerate(waiting, 1):
        moved += resume_work(str(request_id), progress)
        progress(place, len(waiting))
    notify_late()
    return moved


def waiting_ids() -> list[Any]:
    """Return the requests in stages that end by themselves, those that stand longest first."""
    standing = Request.objects.filter(ended_at=None)
    pairs = set(standing.order_by().values_list("version", "stage").distinct())
    versions = ServiceTypeVersion.objects.in_bulk({version for version, _stage in pairs})
    found: list[tuple[Any, Any]] = []
    for version, stage in pairs:
        actions = definition_of(versions[version]).stage(stage).actions
        if any(_by_itself(actions)):
            rows = standing.filter(version=version, stage=stage).order_by("stage_since")
            found += rows.values_list("stage_since", "pk")[:AT_ONCE]
    return [pk for _since, pk in sorted(found, key=lambda row: row[0])[:AT_ONCE]]
