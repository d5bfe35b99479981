"""The path of a letter is one table; the clock asks once for what it asks."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from config import clock, letter_path
from jobs.models import Job
from registry.models.closings import DailyClosing
from registry.models.letters import Letter
from tests.factories import deposit, drain


def test_every_step_of_the_table_names_functions() -> None:
    for kind, step in letter_path.JOBS.items():
        assert callable(step.work), kind
        assert callable(step.save), kind
        assert callable(step.on_parked), kind


@pytest.mark.django_db
def test_the_night_closes_the_day_that_is_over_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now
    with monkeypatch.context() as before:
        before.setattr(timezone, "now", lambda: now() - timedelta(days=1))
        deposit()
    clock.tick()
    clock.tick()
    yesterday = timezone.localdate() - timedelta(days=1)
    assert Job.objects.get(kind="day.close").subject == str(yesterday)
    drain("day.close")
    clock.tick()
    assert Job.objects.filter(kind="day.close").count() == 1
    assert DailyClosing.objects.get().day == yesterday


@pytest.mark.django_db
def test_work_of_the_clock_that_fails_keeps_no_other_up() -> None:
    """Figures of a letter of the calendar's last day cannot be counted; what follows is done."""
    Letter.objects.filter(pk=deposit().letter.pk).update(
        registered_at=datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    )
    old = timezone.now() - clock.KEEP_FINISHED_JOBS - timedelta(days=1)
    Job.objects.update(state="done", finished_at=old)
    with pytest.raises(OverflowError):
        clock.tick()
    assert not Job.objects.filter(finished_at=old).exists()
