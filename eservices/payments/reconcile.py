"""Pending attempts: the gateway is queried, and those without any answer are given up.

A gateway that is called back late still makes them paid (`attempts.take_answer`). One that is paid
is queried too: where our answer to its call was lost, the bank only holds the money, and must be
called to take it.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from eservices.kinds import EserviceJob
from eservices.payments import journal
from eservices.payments.attempts import OPEN, give_up, take_answer
from eservices.payments.gateways import gateway, is_set
from eservices.payments.models import Attempt, JournalEntry
from eservices.payments.port import GatewayAnswer, GatewayError, Outcome
from jobs.outbox import enqueue

PATIENCE: Final = timedelta(minutes=40)  # the page of the gateway closes after 30
AGAIN: Final = timedelta(minutes=15)
LONGEST: Final = timedelta(days=2)
SETTLES: Final = timedelta(minutes=5)  # in which a gateway has our answer to its call
HELD: Final = timedelta(days=7)  # that a bank holds money which nobody takes
TAKEN: Final = "attempt_taken_after_all"
MOST: Final = 200  # in one look


def queue_reconciling(*, now: datetime | None = None) -> None:
    """Queue the pending attempts; called each minute, harmless to repeat."""
    moment = now or timezone.now()
    if stuck(moment).exists():
        with transaction.atomic():
            enqueue(EserviceJob.PAYMENTS_LOOK, moment.strftime("%Y-%m-%dT%H:%M"))


def stuck(now: datetime) -> Any:
    """Return the attempts whose page at the gateway must be closed, and which wait for nothing.

    And those that are paid of which the gateway has not confirmed that the money is taken; and,
    once their page is closed, those that were refused: their payer may have paid with another card.
    """
    open_still = Q(state__in=OPEN, made_at__lt=now - PATIENCE)
    held = Q(state=Attempt.State.PAID, taken_at=None)
    held &= Q(ended_at__lt=now - SETTLES, ended_at__gt=now - HELD)
    refused = Q(state=Attempt.State.REFUSED, made_at__lt=now - PATIENCE)
    refused &= Q(made_at__gt=now - HELD)
    refused &= Q(asked_at=None) | Q(asked_at__lt=F("made_at") + PATIENCE)
    rows = Attempt.objects.filter(open_still | held | refused).exclude(asked_at__gt=now - AGAIN)
    return rows.order_by("made_at")


def reconcile_work(_subject: str, _progress: Any) -> int:
    """Settle the pending attempts: a job, repeatable, outside any transaction."""
    rows = list(stuck(timezone.now())[:MOST])
    for row in rows:
        settle_attempt(row)
    return len(rows)


def settle_attempt(attempt: Attempt, *, now: datetime | None = None) -> None:
    """Query the gateway about an attempt and take its answer; give up what is too old."""
    moment = now or timezone.now()
    if not Attempt.objects.filter(pk=attempt.pk, taken_at=None).update(asked_at=moment):
        return  # settled since it was looked for
    if attempt.state == Attempt.State.CREATED:
        if moment - attempt.made_at > PATIENCE:
            give_up(attempt, state=Attempt.State.EXPIRED, code="not_sent")
        return
    said = _asked(attempt, moment)
    if attempt.state == Attempt.State.REFUSED and said is None:
        Attempt.objects.filter(pk=attempt.pk).update(asked_at=None)  # nobody answered: again
    if attempt.state == Attempt.State.PAID or (said is not None and take_answer(said)):
        return
    if attempt.state not in OPEN:
        return
    if moment - attempt.made_at > LONGEST:
        give_up(attempt, state=Attempt.State.EXPIRED, code="no_word")
    elif moment - attempt.made_at > PATIENCE:
        give_up(attempt, state=Attempt.State.UNKNOWN, code=attempt.code or "no_word")


def _asked(attempt: Attempt, now: datetime) -> GatewayAnswer | None:
    """Return how the gateway says that the attempt ended, the money taken; None without an end."""
    if not is_set():
        return None
    try:
        said = gateway().status(attempt.oid)
        right = said.outcome is Outcome.PAID and said.amount == attempt.amount
        if right and said.reserved:
            gateway().capture(attempt.oid, attempt.amount)
    except GatewayError:
        return None
    if right:
        _taken(attempt, now)
    return said if said.outcome in (Outcome.PAID, Outcome.REFUSED) else None


def _taken(attempt: Attempt, now: datetime) -> None:
    """Keep that the money is taken; note in the journal where staff voided the payment."""
    with transaction.atomic():
        if Attempt.objects.filter(pk=attempt.pk, taken_at=None).update(taken_at=now):
            return
        if JournalEntry.objects.filter(subject=attempt.oid, kind="attempt_voided").exists():
            actor = f"gateway:{attempt.gateway}"
            journal.write(TAKEN, subject=attempt.oid, amount=attempt.amount, actor=actor)
