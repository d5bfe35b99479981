"""The table of jobs: a row is the truth, a message only a doorbell."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jobs.tracing import LONGEST


class Job(models.Model):
    """Work of a kind on a subject (an id as text).

    `attempts` is the fencing token: claiming adds one, finishing needs the same number. `excused`
    counts attempts that ended because a service was unavailable; they do not lead to parking.
    `rung_at`: since when there is a message for it in the broker; none before, nor once claimed.
    `trace`: the traceparent of what enqueued it first.
    """

    class State(models.TextChoices):
        READY = "ready", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        PARKED = "parked", _("Parked")
        SUPERSEDED = "superseded", _("Superseded")

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=64)
    queue = models.CharField(max_length=8, default="fast")
    priority = models.PositiveSmallIntegerField(default=5)
    state = models.CharField(max_length=12, choices=State, default=State.READY)
    attempts = models.PositiveIntegerField(default=0)
    excused = models.PositiveIntegerField(default=0)
    run_after = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    holder = models.CharField(max_length=120, blank=True)
    rung_at = models.DateTimeField(null=True, blank=True)
    done_steps = models.PositiveIntegerField(default=0)
    total_steps = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=40, blank=True)
    last_error = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    trace = models.CharField(max_length=LONGEST, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(state="ready"), name="one_ready_job"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ready", "running", "done", "parked", "superseded"]),
                name="job_state_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["queue", "priority", "run_after"],
                condition=Q(state="ready"),
                name="job_due",
            ),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="job_leased"),
            models.Index(fields=["subject"], name="job_subject"),
            models.Index(fields=["state", "-id"], name="job_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} ({self.state})"


class WorkerBeat(models.Model):
    """A heartbeat of a worker process; the command line checks for one before it works itself."""

    holder = models.CharField(max_length=120, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.holder
