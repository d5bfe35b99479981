"""The Celery tasks: a message carries the name of a queue in which work is due, nothing else."""

import time
from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils.module_loading import import_string

from jobs import messages, runner
from jobs.message_sender import TASK

QUEUES = ("fast", "slow")
_looked_at = 0.0


@shared_task(name=TASK, acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def run(queue: str) -> None:
    """Do the most urgent job that is due in the queue; a message too many finds nothing."""
    _look_for_the_dead()
    messages.answer(str(queue))


@shared_task(name="jobs.sweep", ignore_result=True)
def sweep() -> int:
    """Ring again for what is due and has no message; return how many were sent."""
    runner.beat()
    runner.free_dead_leases()
    return sum(messages.top_up(queue, waiting=_waiting(queue)) for queue in QUEUES)


@shared_task(name="jobs.tick", ignore_result=True)
def tick() -> None:
    """Run the clock's work."""
    runner.tick()


def _look_for_the_dead() -> None:
    """Record a heartbeat, and end the leases of dead processes of this host."""
    global _looked_at
    if time.monotonic() - _looked_at > runner.BEAT_SECONDS:
        runner.beat()
        runner.free_dead_leases()
        _looked_at = time.monotonic()


def _waiting(queue: str) -> int:
    """Return how many messages lie in the broker's queue; 0 for one that is not there yet."""
    with import_string(settings.JOB_BROKER).connection_for_write() as connection:
        channel: Any = connection.default_channel
        missing: tuple[Any, ...] = connection.channel_errors
        try:
            return int(channel.queue_declare(queue, passive=True).message_count)
        except missing:
            return 0
