"""Celery: calls workers on any number of machines; started with `celery -A config.celery`.

Callers find this app by `settings.JOB_BROKER`: no process depends on what it has imported.
"""

import os
from typing import Any

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings
from django.core.management.base import CommandError

from config.starting import refuse_when_unfit
from jobs import unacknowledged
from jobs.memory import limit_malloc_arenas

limit_malloc_arenas()
refuse_when_unfit()  # before the settings are read; Django's checks do not run in workers and beat


# The queue of the clock, which every worker takes from as well: behind a backlog of work its
# messages would expire one after the other, and nobody would ring for what lost its message.
CLOCK = "clock"
MOST_KILOBYTES = 800_000  # of a process, at its largest; what it shares is counted too


def _transport() -> dict[str, Any]:
    """Return the timeouts for the kind of broker; RabbitMQ confirms what it has taken."""
    if settings.BROKER_URL.startswith("amqp"):
        return {"confirm_publish": True}
    unacknowledged.install()
    return {"socket_connect_timeout": 2, "socket_timeout": 10}


app = Celery("sijill", broker=settings.BROKER_URL or "memory://")
app.conf.update(
    imports=["jobs.tasks"],
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_default_queue="fast",
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    # A process that has ever held as much gives it back: it ends after its job, another begins.
    worker_max_memory_per_child=MOST_KILOBYTES,
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=2,
    broker_connection_max_retries=None,  # a worker outlasts a broker that is away for hours
    broker_transport_options=_transport(),
    beat_schedule={
        # They expire: a night without workers leaves no pile of them before the morning's work.
        "sweep": {
            "task": "jobs.sweep",
            "schedule": 5.0,
            "options": {"expires": 60, "queue": CLOCK},
        },
        "tick": {
            "task": "jobs.tick",
            "schedule": 60.0,
            "options": {"expires": 300, "queue": CLOCK},
        },
    },
    beat_schedule_filename=str(settings.DATA_DIR / "celerybeat"),
    timezone=settings.TIME_ZONE,
)


@signals.celeryd_after_setup.connect
def _preload(instance: Any, **_kwargs: object) -> None:
    """Load what the processes of this worker share, before they are forked."""
    from config.preloading import preload_worker

    queues = instance.app.amqp.queues
    preload_worker(set(queues.consume_from))
    queues.select_add(CLOCK)


@signals.worker_ready.connect
def _free_leases_of_the_dead(**_kwargs: object) -> None:
    """Free the leases of dead workers of this host, so that their jobs are taken up at once."""
    from jobs.tasks import sweep

    sweep()


@signals.celeryd_init.connect
def _tell_of_walls(**_kwargs: object) -> None:
    """Say which parts of the sandbox are missing here; refuse to work where all are."""
    import sys

    import django

    django.setup()  # its words are translated
    from config.told import tell
    from config.walls import warn_of_walls

    try:
        warn_of_walls(tell)
    except CommandError as error:
        sys.exit(f"{error}")
