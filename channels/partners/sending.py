"""The job `partner.tell`: one attempt to send a message to a partner's system, and what follows.

Each attempt is a job of its own: the waits between them are the partner's (Retry-After) or ours,
and a partner that is unavailable for days delays nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from channels.kinds import ChannelJob, HookType
from channels.partners.calling import CallError, call
from channels.partners.models import Delivery, Partner
from channels.partners.secrets import signed_headers
from channels.partners.webhooks import OFF_AFTER, switch_off
from jobs.outbox import enqueue

Progress = Callable[[int, int], None]
_HOUR: Final = 3600
CEILING: Final = 12 * _HOUR
# Seconds before the second attempt, the third, …: five days together, as an address is given.
WAITS: Final = (5, 60, 300, 1800, 2 * _HOUR, 5 * _HOUR, *[CEILING] * 10)
_MOST_TRIES: Final = 20  # kept of a message
GONE: Final = 410


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt; without a status there was no answer."""

    status: int | None
    error: str
    retry_after: float | None = None
    final: bool = False

    @property
    def taken(self) -> bool:
        """Whether the partner's system accepted the message."""
        return not self.error


def deliver_work(delivery_id: str, _progress: Progress) -> Outcome | None:
    """Send the message once; None where it is not to be sent now."""
    rows = Delivery.objects.select_related("partner").filter(pk=delivery_id)
    delivery = rows.filter(state=Delivery.State.WAITING).first()
    if delivery is None or not delivery.partner.webhook_url or delivery.partner.webhook_off_at:
        return None
    return attempt(delivery)


def attempt(delivery: Delivery) -> Outcome:
    """Send the message to the partner's address and return what became of it."""
    headers = signed_headers(delivery, now=timezone.now())
    try:
        answer = call(delivery.partner.webhook_url, body=delivery.body.encode(), headers=headers)
    except CallError as error:
        return Outcome(None, error.code, final=error.permanent)
    if answer.taken:
        return Outcome(answer.status, "")
    return Outcome(answer.status, "webhook_refused", answer.retry_after, answer.status == GONE)


def try_now(delivery: Delivery) -> Delivery:
    """Send a test at once, within the request of the page, and record the result."""
    outcome = attempt(delivery)
    with transaction.atomic():
        save_attempt(str(delivery.pk), outcome)
    delivery.refresh_from_db()
    return delivery


def save_attempt(delivery_id: str, outcome: Outcome | None) -> None:
    """Record the attempt and queue the next one, or end the message."""
    if outcome is None:
        return
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("partner")
    delivery = rows.get(pk=delivery_id)
    now = timezone.now()
    tried = {"at": now.isoformat(), "status": outcome.status, "error": outcome.error}
    delivery.tries = [*delivery.tries, tried][-_MOST_TRIES:]
    delivery.attempts, delivery.round = delivery.attempts + 1, delivery.round + 1
    delivery.answer_code, delivery.error = outcome.status, outcome.error
    wait = None if outcome.taken else _wait(delivery, outcome)
    if outcome.taken:
        delivery.state = Delivery.State.DELIVERED
    elif wait is None and delivery.state == Delivery.State.WAITING and not _is_kept(delivery):
        delivery.state = Delivery.State.FAILED
    ended = delivery.state != Delivery.State.WAITING
    delivery.ended_at = now if ended else None
    delivery.next_at = None if wait is None or ended else now + timedelta(seconds=wait)
    delivery.save()
    if delivery.type != HookType.TEST:
        _note_health(delivery.partner, outcome)
    if not ended and wait is not None:
        enqueue(ChannelJob.PARTNER_TELL, delivery.pk, delay=wait)


def _is_kept(delivery: Delivery) -> bool:
    """Return whether a message that an address will never take waits for the next address."""
    return delivery.answer_code == GONE and delivery.type != HookType.TEST


def _wait(delivery: Delivery, outcome: Outcome) -> float | None:
    """Return the seconds until the next attempt; None where there is none."""
    tries = delivery.round
    if outcome.final or delivery.type == HookType.TEST or tries > len(WAITS):
        return None
    return max(WAITS[tries - 1], min(outcome.retry_after or 0, CEILING))


def _note_health(partner: Partner, outcome: Outcome) -> None:
    """Note since when nothing is taken; switch the address off where it is gone or that is long."""
    rows = Partner.objects.filter(pk=partner.pk)
    if outcome.taken:
        rows.exclude(webhook_failing_since=None).update(webhook_failing_since=None)
        return
    rows.filter(webhook_failing_since=None).update(webhook_failing_since=timezone.now())
    if outcome.status == GONE:
        switch_off(partner, Partner.Off.GONE)
    elif rows.filter(webhook_failing_since__lt=timezone.now() - OFF_AFTER).exists():
        switch_off(partner, Partner.Off.FAILING)


def deliver_parked(delivery_id: str, code: str) -> None:
    """End a message that stopped the worker; a person may send it again."""
    rows = Delivery.objects.filter(pk=delivery_id, state=Delivery.State.WAITING)
    ended: dict[str, Any] = {"next_at": None, "ended_at": timezone.now(), "error": code[:40]}
    rows.update(state=Delivery.State.FAILED, **ended)
