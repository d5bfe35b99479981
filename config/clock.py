"""What the clock asks for: each minute, and once a day when the day before is closed."""

from datetime import timedelta

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from jobs.models import Job
from jobs.outbox import enqueue
from jobs.runner import forget_finished

KEEP_FINISHED_JOBS = timedelta(days=30)


def tick() -> None:
    """Once a minute, by whoever works: what the clock asks for. Harmless to repeat."""
    yesterday = timezone.localdate() - timedelta(days=1)
    if not Job.objects.filter(kind="day.close", subject=str(yesterday)).exists():
        with transaction.atomic():
            enqueue("day.close", yesterday)
            enqueue("index.repair", "all")
        call_command("clearsessions")
        import_string("ocr.services.forget_old_caches")()
        import_string("routing.training.office_training.retrain_nightly")()
        import_string("search.exports.asking.forget_strays")()
        import_string("search.saved.alerts.forget_alerts")()
        import_string("search.services.fill_nightly")()
        import_string("org.calendar.propose_next_year")(today=timezone.localdate())
    import_string("channels.services.ask_for_mail")()
    import_string("channels.services.ask_for_files")()
    import_string("channels.services.ask_to_tell")()
    import_string("search.exports.asking.forget_exports")()
    import_string("web.held.forget_held")()
    import_string("search.saved.alerts.ask_alerts")()
    import_string("routing.clocks.reminders.ask_reminders")()
    import_string("correspondence.replies.silence.ask_silence")()
    import_string("figures.counting.ask_figures")()
    import_string("search.services.mind_index")()
    forget_finished(before=timezone.now() - KEEP_FINISHED_JOBS)
