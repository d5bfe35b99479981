"""One message for each job that is due; its receiver does the most urgent job of the queue.

A message says "there is work in this queue". So no job ever waits behind another, whatever the
order in which a broker keeps them: urgent work behind spare work, or a fresh letter behind a
backlog. A job notes in `rung_at` that there is a message for it, until it is claimed; it gets no
second one. Messages get lost: the sweep counts those in the broker and makes up for what is
missing.
"""

import logging
from datetime import timedelta
from typing import Final

from django.db import DatabaseError
from django.db.models import Q, QuerySet
from django.utils import timezone

from jobs import attempts, delivery, runner
from jobs.message_sender import MOST_WAITING
from jobs.models import Job
from jobs.table import SPARE

log = logging.getLogger(__name__)

LOST_SECONDS: Final = 10.0  # a message that is not in the broker so long after it was sent is lost


def answer(queue: str) -> bool:
    """Do the most urgent job that is due in the queue, for one message; False where none is."""
    while waiting := _most_urgent(queue):
        for job_id, has_message in waiting:
            job = runner.claim(job_id)
            if job is None:
                continue
            _hand_on(queue, took_another=not has_message)
            try:
                runner.do(job)
            finally:
                ring_next(queue)
            return True
    return False


def ring_next(queue: str) -> None:
    """Ring for the most urgent job that is due in the queue, where it has no message.

    So spare work, and jobs that gave way, are rung for when nothing else is left.
    """
    if not delivery.uses_messages():
        return
    try:
        for job_id, has_message in _most_urgent(queue, limit=1):
            if not has_message and _messages(queue) < MOST_WAITING:
                _ring(Job.objects.filter(pk=job_id, rung_at=None), queue)
    except DatabaseError as error:  # what it follows from is committed already
        log.warning("database away (%s): work waits for the sweep", type(error).__name__)


def top_up(queue: str, *, waiting: int) -> int:
    """Ring for due jobs until as many messages wait as jobs, or MOST_WAITING.

    The most urgent first; return how many were sent. `waiting`: messages in the broker now.
    Spare work is rung for only where nothing else is due in the queue.
    """
    due = attempts.due().filter(queue=queue)
    urgent = due.filter(priority__lt=SPARE)
    if urgent.exists():
        due = urgent
    missing = due[:MOST_WAITING].count() - waiting
    if missing <= 0:
        return 0
    lost = timezone.now() - timedelta(seconds=LOST_SECONDS)
    rung = 0
    for wanted in (due.filter(rung_at=None), due.filter(rung_at__lt=lost)):
        ids = list(_in_order(wanted).values_list("id", flat=True)[: missing - rung])
        rung += _ring(wanted.filter(pk__in=ids), queue)
    return rung


def _hand_on(queue: str, *, took_another: bool) -> None:
    """Replace the message of another job, where a job without a message has used it up."""
    if not took_another:
        ring_next(queue)
    elif _most_urgent(queue, limit=1):
        delivery.ring(queue)


def _ring(jobs: QuerySet[Job], queue: str) -> int:
    """Mark these jobs and send a message for each."""
    marked = jobs.update(rung_at=timezone.now())
    if marked:
        delivery.ring(queue, times=marked)
    return marked


def _most_urgent(queue: str, *, limit: int = 10) -> list[tuple[int, bool]]:
    """Return (id, whether there is a message for it) of due jobs, the most urgent first."""
    rows = _in_order(attempts.due().filter(queue=queue)).values_list("id", "rung_at")[:limit]
    return [(job_id, rung_at is not None) for job_id, rung_at in rows]


def _in_order(jobs: QuerySet[Job]) -> QuerySet[Job]:
    return jobs.order_by("priority", "run_after", "id")


def _messages(queue: str) -> int:
    """Return how many jobs wait with a message, counted up to MOST_WAITING."""
    rung = Job.objects.filter(queue=queue, state=Job.State.READY).filter(~Q(rung_at=None))
    return rung[:MOST_WAITING].count()
