"""Figures for Prometheus, counted in the database at each scrape; none names a person or a text."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, F, Max, Min, Sum
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from correspondence.models.dispatch import Dispatch
from correspondence.models.states import DispatchState
from jobs.models import Job
from registry.backups import last_backup
from registry.kinds import RegistryJob
from registry.models.letters import Letter
from registry.models.readings import DocumentReading
from registry.models.registers import NumberSeries
from registry.states import Stage
from registry.verifying import last_verified
from web.monitoring.parts import check_parts

READINGS: Final = 100  # the newest, of which the seconds a page are told
LIVE: Final = (Job.State.READY, Job.State.RUNNING, Job.State.PARKED)
OPEN: Final = (Stage.REGISTERED, Stage.IN_HAND)


class Figures(Collector):
    """Figures of the whole office, the same from whichever process they are read."""

    def collect(self) -> Iterator[Metric]:
        """Yield them; only the parts while the database is away."""
        found = check_parts()
        up = GaugeMetricFamily("sijill_up", "Whether a part answers", labels=["part"])
        for part, answers in found.items():
            up.add_metric([part], float(answers))
        yield up
        if found["database"] and found.get("tables"):
            yield from _jobs()
            yield from _letters()
            yield from _ages()


def _jobs() -> Iterator[Metric]:
    now = timezone.now()
    count = GaugeMetricFamily("sijill_jobs", "Jobs that are not done", labels=["queue", "state"])
    rows = Job.objects.filter(state__in=LIVE).values("queue", "state").annotate(n=Count("pk"))
    for row in rows.order_by("queue", "state"):
        count.add_metric([row["queue"], row["state"]], row["n"])
    yield count
    oldest = GaugeMetricFamily(
        "sijill_job_wait_seconds", "How long the oldest due job has waited", labels=["queue"]
    )
    due = Job.objects.filter(state=Job.State.READY, run_after__lte=now)
    for row in due.values("queue").annotate(since=Min("run_after")).order_by("queue"):
        oldest.add_metric([row["queue"]], (now - row["since"]).total_seconds())
    yield oldest
    waiting = Job.objects.filter(kind=RegistryJob.LETTER_INDEX, state__in=LIVE[:2])
    since = waiting.aggregate(since=Min("created_at"))["since"]
    yield GaugeMetricFamily(
        "sijill_index_delay_seconds",
        "How long the oldest change has waited to be found by search",
        value=(now - since).total_seconds() if since else 0,
    )


def _letters() -> Iterator[Metric]:
    today = timezone.localdate()
    # The last number of each series, since counting a million rows at each scrape would cost.
    series = NumberSeries.objects.exclude(register__direction="minutes")  # which number no letters
    registered = series.aggregate(n=Sum(F("last") - F("first") + 1))["n"] or 0
    yield GaugeMetricFamily("sijill_letters", "Letters registered", value=registered)
    waiting = Letter.objects.filter(stage__in=OPEN)
    yield GaugeMetricFamily("sijill_letters_open", "Letters not answered", value=waiting.count())
    late = waiting.filter(due_on__lt=today).count()
    yield GaugeMetricFamily("sijill_terms_missed", "Open letters whose term is over", value=late)
    failed = Dispatch.objects.filter(state=DispatchState.FAILED).count()
    yield GaugeMetricFamily(
        "sijill_dispatches_failed", "Answers that were not delivered", value=failed
    )
    yield GaugeMetricFamily(
        "sijill_reading_page_seconds",
        f"Seconds a page, of the {READINGS} newest readings",
        value=_page_seconds(),
    )


def _page_seconds() -> float:
    since = timezone.now() - timedelta(days=1)
    rows = DocumentReading.objects.filter(read_at__gte=since).order_by("-read_at")
    pages = [page for told in rows.values_list("pages", flat=True)[:READINGS] for page in told]
    seconds = [float(page.get("seconds") or 0) for page in pages]
    return sum(seconds) / len(seconds) if seconds else 0.0


def _ages() -> Iterator[Metric]:
    verified, now = last_verified(), timezone.now()
    ages: dict[str, tuple[str, datetime | None]] = {
        "sijill_verify_age_seconds": (
            "Age of the last verification of the register",
            verified.at if verified else None,
        ),
        "sijill_backup_age_seconds": ("Age of the last backup that was told", last_backup()),
        "sijill_registration_age_seconds": (
            "Age of the newest registration",
            Letter.objects.aggregate(at=Max("registered_at"))["at"],
        ),
    }
    for name, (words, at) in ages.items():
        if at is not None:
            yield GaugeMetricFamily(name, words, value=(now - at).total_seconds())
    problems = verified.data.get("problems", 0) if verified else 0
    yield GaugeMetricFamily(
        "sijill_verify_problems", "Problems found by the last verification", value=problems
    )
