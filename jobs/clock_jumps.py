"""Repair after a clock that ran ahead: jobs that it put off would wait as long as it was wrong.

A heartbeat of this machine from the future reveals it. Then what became due in that time is due
now, and leases end as if they had begun now; a wait that had begun before is cut short, once. Other
machines' clocks are left alone: one that stays ahead would cut all waits short.
"""

import logging
from datetime import timedelta
from typing import Final

from django.db.models import Max
from django.utils import timezone

from jobs.holders import host_prefix
from jobs.models import Job, WorkerBeat
from jobs.table import known_kinds, step_of

AHEAD: Final = timedelta(minutes=5)  # more than machines differ that ask the same time server
_PUT_OFF: Final = timedelta(hours=1)  # for which a job waits at most, by whatever clock
_log = logging.getLogger(__name__)


def put_right() -> int:
    """Let jobs wait no longer than the clock says now; return how many were put right."""
    now = timezone.now()
    future = WorkerBeat.objects.filter(seen_at__gt=now + AHEAD, holder__startswith=host_prefix())
    latest = future.aggregate(latest=Max("seen_at"))["latest"]
    if latest is None:
        return 0
    ready = Job.objects.filter(state=Job.State.READY, run_after__gt=now)
    found = ready.filter(run_after__lte=latest + _PUT_OFF).update(run_after=now)
    lease = timedelta(seconds=max(step_of(kind).lease_seconds for kind in known_kinds()))
    running = Job.objects.filter(state=Job.State.RUNNING, lease_until__gt=now + lease)
    found += running.update(lease_until=now + lease)
    Job.objects.filter(rung_at__gt=now).update(rung_at=None)
    future.delete()
    _log.warning("the clock stood ahead until lately: %s jobs wait no longer for it", found)
    return found
