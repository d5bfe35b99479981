"""Celery: carries job ids to any number of machines. Started with `celery -A config.celery`."""

import os

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings

from config.starting import refuse_when_unfit

refuse_when_unfit()  # before the settings are read; Django's checks do not run in workers and beat

app = Celery("sijill", broker=settings.BROKER_URL or "memory://")
app.conf.update(
    imports=["jobs.tasks"],
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_default_queue="fast",
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=2,
    broker_transport_options={"socket_connect_timeout": 2, "socket_timeout": 10},
    beat_schedule={
        "sweep": {"task": "jobs.sweep", "schedule": 10.0},
        "tick": {"task": "jobs.tick", "schedule": 60.0},
    },
    beat_schedule_filename=str(settings.DATA_DIR / "celerybeat"),
    timezone=settings.TIME_ZONE,
)


@signals.worker_ready.connect
def _free_leases_of_the_dead(**_kwargs: object) -> None:
    """Work that a killed worker of this host left is taken up at once."""
    from jobs import runner

    runner.beat()
    runner.free_dead_leases()
