"""Work of the clock: each minute, and once a day when the day before is closed."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.core.management import call_command
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from channels import services as channels_services
from correspondence.replies import silence
from eservices.agency import automatic_moves
from eservices.contracts import proving
from eservices.payments import bank_folder, reconcile
from eservices.people import codes, ended_mandates
from eservices.people import sessions as citizens_sessions
from eservices.privacy import forgetting
from eservices.readings import reminding
from eservices.relations import escalation
from eservices.requests import drafts
from figures import counting, reports
from jobs.models import Job
from jobs.outbox import enqueue
from jobs.runner import forget_finished
from notices import mailing
from notices import reading as notices
from ocr import services as ocr_services
from org import calendar
from registry import sealing
from registry.disposal.executing import queue_files
from registry.kinds import RegistryJob
from routing.clocks import reminders
from routing.training import office_training
from search import services as search_services
from search.exports import export_requests
from search.kinds import SearchJob
from search.saved import alerts
from web import pending_uploads

log = logging.getLogger(__name__)

KEEP_FINISHED_JOBS = timedelta(days=30)


def _begin_day() -> None:
    """Enqueue what is done once a day, where it is not yet."""
    yesterday = timezone.localdate() - timedelta(days=1)
    if not Job.objects.filter(kind=RegistryJob.DAY_CLOSE, subject=str(yesterday)).exists():
        with transaction.atomic():
            enqueue(RegistryJob.DAY_CLOSE, yesterday)
            enqueue(SearchJob.INDEX_REPAIR, "all")
        _do_each(
            partial(call_command, "clearsessions"),
            queue_files,
            ocr_services.forget_old_caches,
            office_training.retrain_nightly,
            export_requests.forget_strays,
            alerts.forget_alerts,
            channels_services.forget_deliveries,
            notices.forget_old,
            ended_mandates.tell_ended,
            forgetting.forget_old,
            search_services.fill_nightly,
            lambda: calendar.propose_next_year(today=timezone.localdate()),
        )


def tick() -> None:
    """Enqueue the work of the clock, once a minute, in any worker; harmless to repeat."""
    _do_each(
        _begin_day,
        sealing.queue_sealing,
        channels_services.queue_mail_fetch,
        channels_services.queue_folder_scan,
        channels_services.queue_deliveries,
        export_requests.forget_exports,
        pending_uploads.delete_expired_uploads,
        codes.forget_ended,
        citizens_sessions.forget_ended,
        proving.forget_tries,
        drafts.forget_ended_drafts,
        alerts.queue_alerts,
        mailing.queue_digests,
        reminders.queue_reminders,
        silence.queue_silence_check,
        counting.queue_figures,
        escalation.queue_escalation,
        reminding.queue_reminders,
        reconcile.queue_reconciling,
        bank_folder.queue_folder_scan,
        automatic_moves.queue_resuming,
        reports.queue_reports,
        search_services.ensure_index,
        search_services.queue_words,
        lambda: forget_finished(before=timezone.now() - KEEP_FINISHED_JOBS),
    )


def _do_each(*works: Callable[[], object]) -> None:
    """Do each work. One that fails keeps none of the others up; then its error is raised.

    Where the database is away, that is raised at once.
    """
    failed: Exception | None = None
    for work in works:
        try:
            work()
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            log.exception("work of the clock failed")
            failed = failed or error
    if failed:
        raise failed
