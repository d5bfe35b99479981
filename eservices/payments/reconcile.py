"""Attempts that hang: the gateway is asked, and those of which nobody knows anything are given up.

A gateway that is called back late still makes them paid (`attempts.hear`).
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from eservices.kinds import EserviceJob
from eservices.payments.attempts import OPEN, give_up, hear
from eservices.payments.gateways import gateway, is_set
from eservices.payments.models import Attempt
from eservices.payments.port import GatewayError, Outcome
from jobs.outbox import enqueue

PATIENCE: Final = timedelta(minutes=40)  # the page of the gateway closes after 30
AGAIN: Final = timedelta(minutes=15)
LONGEST: Final = timedelta(days=2)
MOST: Final = 200  # in one look


def ask_looks(*, now: datetime | None = None) -> None:
    """Have attempts looked at that hang; called each minute, harmless to repeat."""
    moment = now or timezone.now()
    if stuck(moment).exists():
        with transaction.atomic():
            enqueue(EserviceJob.PAYMENTS_LOOK, moment.strftime("%Y-%m-%dT%H:%M"))


def stuck(now: datetime) -> Any:
    """Return the attempts whose page at the gateway must be closed, and which wait for nothing."""
    rows = Attempt.objects.filter(state__in=OPEN, made_at__lt=now - PATIENCE)
    return rows.exclude(asked_at__gt=now - AGAIN).order_by("made_at")


def look_work(_subject: str, _progress: Any) -> int:
    """Look at the attempts that hang: a job, repeatable, outside any transaction."""
    rows = list(stuck(timezone.now())[:MOST])
    for row in rows:
        look_at(row)
    return len(rows)


def look_at(attempt: Attempt, *, now: datetime | None = None) -> None:
    """Ask the gateway about an attempt and take what it says; give up what is too old."""
    moment = now or timezone.now()
    Attempt.objects.filter(pk=attempt.pk).update(asked_at=moment)
    if attempt.state == Attempt.State.CREATED:
        if moment - attempt.made_at > PATIENCE:
            give_up(attempt, state=Attempt.State.EXPIRED, code="not_sent")
        return
    if _told(attempt):
        return
    if moment - attempt.made_at > LONGEST:
        give_up(attempt, state=Attempt.State.EXPIRED, code="no_word")
    elif moment - attempt.made_at > PATIENCE:
        give_up(attempt, state=Attempt.State.UNKNOWN, code=attempt.code or "no_word")


def _told(attempt: Attempt) -> bool:
    """Return whether the gateway, when asked, says how the attempt ended."""
    if not is_set():
        return False
    try:
        said = gateway().status(attempt.oid)
        if said.reserved and said.amount == attempt.amount:
            gateway().capture(attempt.oid, attempt.amount)
    except GatewayError:
        return False
    if said.outcome not in (Outcome.PAID, Outcome.REFUSED):
        return False
    return hear(said)
