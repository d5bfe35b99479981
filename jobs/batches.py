"""Many waiting jobs of one kind done together, where one write for all is cheaper than one each.

The worker that claims one takes others of its kind along: the newest first, so that a fresh change
never waits behind a long backlog, then the oldest. Jobs that failed, or whose worker died, are
batched with few others the second time, and are tried alone after that.
"""

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from jobs import attempts
from jobs.errors import JobError, Unavailable
from jobs.holders import holder
from jobs.models import Job
from jobs.table import Progress, Step
from jobs.tracing import mark_failed

log = logging.getLogger(__name__)

_NEWEST_SHARE: Final = 4  # one in so many is taken from the newest
_FEWER: Final = 10


def run_batch(first: Job, step: Step) -> None:
    """Do a claimed job together with others of its kind that are due."""
    batch = _Batch(first, step)
    work = step.work_many or _alone(step)
    try:
        work([job.subject for job in batch.jobs], batch.progress)
    except attempts.LeaseLostError:
        log.warning("%s jobs %s: lease lost", len(batch.jobs), first.kind)
    except Unavailable as error:
        batch.put_back(error)
    except Exception as error:
        code = error.code if isinstance(error, JobError) else type(error).__name__
        log.warning("%s jobs %s failed together: %s", len(batch.jobs), first.kind, code)
        batch.one_by_one()
    else:
        batch.finish()


def _alone(step: Step) -> Callable[[list[str], Progress], None]:
    def work(subjects: list[str], progress: Progress) -> None:
        for subject in subjects:
            step.work(subject, progress)

    return work


class _Batch:
    """Jobs under one holder's name, which is the fencing token: it is used once and never again."""

    def __init__(self, first: Job, step: Step) -> None:
        self.step = step
        self.fence = f"{holder()}/{uuid.uuid4().hex[:8]}"
        with transaction.atomic():
            attempts.held(first).update(**self._taken())
            others = Job.objects.filter(pk__in=_others(first, step))
            others.update(
                state=Job.State.RUNNING, attempts=F("attempts") + 1, rung_at=None, **self._taken()
            )
        self.jobs = list(self._mine())

    def _mine(self) -> QuerySet[Job]:
        return Job.objects.filter(holder=self.fence, state=Job.State.RUNNING).order_by("id")

    def _taken(self) -> dict[str, Any]:
        lease = timezone.now() + timedelta(seconds=self.step.lease_seconds)
        return {"holder": self.fence, "lease_until": lease}

    def progress(self, done: int, total: int) -> None:
        """Renew the lease of all jobs; a single job reports no progress of its own."""
        if not self._mine().update(**self._taken()):
            raise attempts.LeaseLostError

    def finish(self) -> None:
        """Mark done and save, all or nothing; leave jobs that another worker has taken over."""
        with transaction.atomic():
            mine = list(self._mine().select_for_update().values_list("pk", "subject"))
            Job.objects.filter(pk__in=[pk for pk, _ in mine]).update(
                state=Job.State.DONE, finished_at=timezone.now(), error_code="", last_error=""
            )
            for _, subject in mine:
                self.step.save(subject, None)

    def put_back(self, error: Unavailable) -> None:
        """Make all jobs ready again after a wait; the sweep rings when they are due."""
        first = self.jobs[0]
        wait = attempts.AWAY_SECONDS[min(first.excused, len(attempts.AWAY_SECONDS) - 1)]
        changes = {
            "error_code": error.code,
            "last_error": str(error)[:400],
            "lease_until": None,
            "excused": F("excused") + 1,
        }
        due = timezone.now() + timedelta(seconds=wait)
        log.warning("%s jobs %s wait: %s", len(self.jobs), first.kind, error.code)
        mark_failed(error.code)
        try:
            with transaction.atomic():
                self._supersede(changes)
                self._mine().update(state=Job.State.READY, run_after=due, **changes)
        except IntegrityError:  # a newer one came in between the look and the write
            with transaction.atomic():
                self._supersede(changes)
            self.one_by_one()

    def _supersede(self, changes: dict[str, Any]) -> None:
        """Give way to newer ready jobs for the same subjects."""
        subjects = [job.subject for job in self.jobs]
        waiting = Job.objects.filter(
            kind=self.jobs[0].kind, subject__in=subjects, state=Job.State.READY
        )
        newer = list(waiting.values_list("subject", flat=True))
        self._mine().filter(subject__in=newer).update(
            state=Job.State.SUPERSEDED, finished_at=timezone.now(), **changes
        )

    def one_by_one(self) -> None:
        """Do each job alone, so that one that fails holds up no other."""
        for job in self.jobs:
            if not self._mine().update(**self._taken()):
                return
            if self._mine().filter(pk=job.pk).exists():
                attempts.run_claimed(job, self.step)


def _others(first: Job, step: Step) -> list[int]:
    """Return the ids of due jobs of the kind, tried as often, locked until the caller commits."""
    failures = first.attempts - first.excused - 1
    most = step.at_once if failures == 0 else step.at_once // _FEWER
    # A lost worker's jobs are still marked running, on its lease; they were tried once at least.
    waiting = attempts.due() if failures else attempts.due().filter(state=Job.State.READY)
    due = (
        waiting.select_for_update(skip_locked=True)
        .filter(queue=step.queue, kind=first.kind, attempts=F("excused") + failures)
        .exclude(pk=first.pk)
    )
    newest = due.filter(priority=step.priority).order_by("-run_after", "-id")
    ids = list(newest.values_list("id", flat=True)[: most // _NEWEST_SHARE])
    left = most - 1 - len(ids)
    if left > 0:
        oldest = due.exclude(pk__in=ids).order_by("priority", "run_after", "id")
        ids += oldest.values_list("id", flat=True)[:left]
    return ids
