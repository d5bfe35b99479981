"""Instalments that are late: the citizen is notified of each once, and the history records it."""

from typing import Final

from django.db import transaction
from django.utils import timezone

from eservices.agency.dues import CITIZEN
from eservices.agency.models import Instalment, Plan
from eservices.agency.plans import parts_of
from eservices.kinds import EserviceEvent
from eservices.money import decimal
from eservices.requests.family import hold
from eservices.requests.stage_messages import queue_move_message
from registry.changes import record_change
from registry.states import Stage

AT_ONCE: Final = 500  # schedules of one query


def notify_late() -> int:
    """Notify of each instalment whose day is over and which is not paid; return how many.

    Instalments that were paid in time are examined too: no number of them may hide a late one.
    """
    over = Instalment.objects.filter(due_on__lt=timezone.localdate(), told_at=None)
    plans = Plan.objects.filter(
        accepted_at__isnull=False, instalments__in=over, request__dues__bill__remaining__gt=0
    )
    plans = plans.exclude(request__letter__stage=Stage.VOIDED).select_related("request__letter")
    told, after = 0, 0
    while batch := list(plans.filter(pk__gt=after).distinct().order_by("pk")[:AT_ONCE]):
        told, after = told + sum(map(_tell, batch)), batch[-1].pk
    return told


def _tell(plan: Plan) -> int:
    """Notify of the late instalments of one schedule, in a transaction of its own."""
    request, told = plan.request, 0
    if not any(part.state == "late" and part.row.told_at is None for part in parts_of(plan)):
        return 0
    with transaction.atomic():
        hold(request)
        for part in parts_of(plan):
            unpaid = Instalment.objects.filter(pk=part.row.pk, told_at=None)
            if part.state != "late" or not unpaid.update(told_at=timezone.now()):
                continue
            data = {
                "number": part.row.number,
                "amount": decimal(part.row.amount),
                "due_on": part.row.due_on.isoformat(),
            }
            event = record_change(
                request.letter,
                EserviceEvent.INSTALMENT_LATE,
                actor=None,
                data=data,
                visibility=CITIZEN,
            )
            queue_move_message(request, event)
            told += 1
    return told
