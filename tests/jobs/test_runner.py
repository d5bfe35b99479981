"""A job is done once, or parked with a reason; whatever happens to whoever does it."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jobs import holders, runner
from jobs.errors import Yield
from jobs.models import Job
from jobs.outbox import enqueue
from tests.jobs import table
from tests.jobs.table import TriedJob

pytestmark = pytest.mark.django_db


def put(kind: str = "good", subject: str = "1") -> Job:
    with transaction.atomic():
        return Job.objects.get(pk=enqueue(TriedJob(kind), subject))


def fresh(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def make_due(job: Job) -> None:
    """As if the waiting time, or the lease, were over."""
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(pk=job.pk, state="ready").update(run_after=past)
    Job.objects.filter(pk=job.pk, state="running").update(lease_until=past)


class TestOnce:
    def test_a_job_is_done_and_says_so(self) -> None:
        job = put()
        assert runner.run_job(job.pk)
        assert table.done == ["result of 1"]
        assert (fresh(job).state, fresh(job).attempts) == ("done", 1)
        assert fresh(job).done_steps == 1

    def test_a_message_delivered_twice_finds_nothing_to_do(self) -> None:
        job = put()
        assert [runner.run_job(job.pk), runner.run_job(job.pk)] == [True, False]
        assert table.done == ["result of 1"]

    def test_a_message_for_a_job_that_is_gone_does_no_harm(self) -> None:
        assert not runner.run_job(987_654)

    def test_a_lost_message_is_made_up_for_by_the_sweep(self) -> None:
        job = put()
        assert (job.pk, "fast") in runner.due_jobs()
        assert runner.drain() == 1
        assert fresh(job).state == "done"

    def test_quick_work_goes_before_slow_work(self) -> None:
        put("later", "a")
        put("good", "b")
        runner.drain()
        assert table.done == ["result of b", "result of a"]

    def test_two_runners_at_once_do_it_once(self, transactional_db: None) -> None:
        job, start = put(), threading.Barrier(8)

        def run(_number: int) -> bool:
            try:
                start.wait()
                return runner.run_job(job.pk)
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(run, range(8))) == 1
        assert table.done == ["result of 1"]


class TestLease:
    def test_work_whose_lease_was_lost_saves_nothing(self) -> None:
        """Another runner takes it over in mid-work and finishes: only the second result counts."""
        job, results = put(), []

        def take_over() -> None:
            table.during_work.clear()
            make_due(job)
            results.append(runner.run_job(job.pk))

        table.during_work.append(take_over)
        runner.run_job(job.pk)
        assert results == [True]
        assert table.done == ["result of 1"]
        assert (fresh(job).state, fresh(job).attempts) == ("done", 2)

    def test_a_lost_lease_is_noticed_at_the_end_even_without_progress(self) -> None:
        job = put("permanent")

        def take(_subject: str, _progress: object) -> str:
            make_due(job)
            assert runner.claim(job.pk) is not None
            return "late"

        step = table.TABLE[table.TriedJob.PERMANENT]
        table.TABLE[table.TriedJob.PERMANENT] = type(step)(work=take, save=step.save)
        try:
            runner.run_job(job.pk)
        finally:
            table.TABLE[table.TriedJob.PERMANENT] = step
        assert table.done == []
        assert (fresh(job).state, fresh(job).attempts) == ("running", 2)

    def test_a_running_job_is_not_taken_before_its_lease_ends(self) -> None:
        job = put()
        assert runner.claim(job.pk) is not None
        assert runner.claim(job.pk) is None
        make_due(job)
        assert runner.claim(job.pk) is not None

    def test_progress_renews_the_lease(self) -> None:
        job = put()
        seen = []

        def shorten() -> None:
            soon = timezone.now() + timedelta(seconds=1)
            Job.objects.filter(pk=job.pk).update(lease_until=soon)
            seen.append(soon)

        table.during_work.append(shorten)
        runner.run_job(job.pk)
        lease = fresh(job).lease_until
        assert lease is not None
        assert lease > seen[0]

    def test_the_lease_of_a_dead_process_of_this_host_ends_at_once(self) -> None:
        job = put()
        runner.claim(job.pk)
        assert runner.free_dead_leases() == 0  # we live
        host, boot, pid, started = holders.holder().split("/")
        for name in (f"{host}/{boot}/{pid}/1", f"{host}/{boot}/999999999/1", f"{host}/old/1/1"):
            Job.objects.filter(pk=job.pk).update(
                holder=name, lease_until=timezone.now() + timedelta(minutes=2)
            )
            assert runner.free_dead_leases() == 1
        Job.objects.filter(pk=job.pk).update(
            holder="elsewhere/x/1/1", lease_until=timezone.now() + timedelta(minutes=2)
        )
        assert runner.free_dead_leases() == 0
        assert started


class TestFailing:
    def test_an_unknown_error_waits_longer_each_time_then_parks(self) -> None:
        job, waits = put("broken"), []
        for _ in range(5):
            make_due(job)
            runner.run_job(job.pk)
            waits.append((fresh(job).run_after - timezone.now()).total_seconds())
        assert fresh(job).state == "parked"
        assert fresh(job).attempts == 5
        assert 1 < waits[0] < waits[1] < waits[2] < waits[3] < 400
        assert table.parked == [("1", "ZeroDivisionError")]

    def test_what_an_unknown_error_says_is_kept_nowhere(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Its message may quote a letter: only its kind goes into the table and the log."""
        job = put("broken")
        with caplog.at_level(logging.DEBUG):
            runner.run_job(job.pk)
        assert fresh(job).error_code == "ZeroDivisionError"
        assert "Untel" not in fresh(job).last_error
        formatter = logging.Formatter()
        assert "Untel" not in "\n".join(formatter.format(record) for record in caplog.records)

    def test_a_permanent_error_parks_at_once_in_plain_words(self) -> None:
        job = put("permanent")
        runner.run_job(job.pk)
        assert (fresh(job).state, fresh(job).error_code) == ("parked", "encrypted")
        assert fresh(job).last_error == "locked"
        assert table.parked == [("1", "encrypted")]

    def test_a_service_that_is_away_never_parks(self) -> None:
        job = put("away")
        for _ in range(40):
            make_due(job)
            runner.run_job(job.pk)
        assert (fresh(job).state, fresh(job).error_code) == ("ready", "away")
        assert (fresh(job).run_after - timezone.now()).total_seconds() < 90
        assert table.parked == []

    def test_five_lost_workers_park_the_job(self) -> None:
        job = put()
        for _ in range(5):
            assert runner.claim(job.pk) is not None  # and is never heard of again
            make_due(job)
        runner.run_job(job.pk)
        assert (fresh(job).state, fresh(job).error_code) == ("parked", "worker_lost")
        assert table.done == []
        assert table.parked == [("1", "worker_lost")]

    def test_a_failed_job_gives_way_to_a_newer_one(self) -> None:
        """Put back to ready it would be the second ready job for the same thing."""
        old = put("transient")
        newer: list[Job] = []
        step = table.TABLE[table.TriedJob.TRANSIENT]

        def work(subject: str, progress: object) -> None:
            newer.append(put("transient"))
            step.work(subject, lambda *_: None)

        table.TABLE[table.TriedJob.TRANSIENT] = type(step)(work=work, on_parked=step.on_parked)
        try:
            runner.run_job(old.pk)
        finally:
            table.TABLE[table.TriedJob.TRANSIENT] = step
        assert fresh(old).state == "superseded"
        assert fresh(newer[0]).state == "ready"


class TestGivingWay:
    def test_a_long_job_lets_the_next_one_pass_and_goes_on_behind_it(self) -> None:
        first, second = put("long", "a"), put("long", "b")
        runner.drain()
        assert table.begun == ["a", "b", "a", "b"]
        assert table.done == ["result of a", "result of b"]
        assert {fresh(first).state, fresh(second).state} == {"done"}

    def test_it_keeps_its_progress_and_loses_no_attempt(self) -> None:
        job = put("long", "a")
        put("long", "b")
        runner.run_job(job.pk)
        job = fresh(job)
        assert (job.state, job.done_steps, job.total_steps) == ("ready", 1, 2)
        assert (job.attempts - job.excused, job.error_code) == (0, "")
        assert [pk for pk, _ in runner.due_jobs()][-1] == job.pk

    def test_nobody_gives_way_to_what_is_less_urgent_or_of_another_queue(self) -> None:
        put("later", "a")
        put("good", "b")
        assert not runner.others_wait(TriedJob.LONG)
        assert runner.others_wait(TriedJob.LATER)
        assert not runner.others_wait(TriedJob.LATER, more_urgent=True)
        put("long", "c")
        assert runner.others_wait(TriedJob.LATER, more_urgent=True)
        assert runner.others_wait(TriedJob.LONG)

    def test_however_often_it_gives_way_no_attempt_is_counted(self) -> None:
        job = put("later", "a")
        step = table.TABLE[table.TriedJob.LATER]

        def give_way(_subject: str, _progress: object) -> None:
            raise Yield

        table.TABLE[table.TriedJob.LATER] = type(step)(
            work=give_way, queue="slow", priority=step.priority
        )
        try:
            for _ in range(300):
                runner.run_job(job.pk)
        finally:
            table.TABLE[table.TriedJob.LATER] = step
        assert (fresh(job).state, fresh(job).attempts, fresh(job).excused) == ("ready", 0, 0)
        runner.run_job(job.pk)
        assert (fresh(job).state, fresh(job).attempts) == ("done", 1)

    def test_spare_work_is_offered_where_nothing_else_is_due_in_its_queue(self) -> None:
        """A thread that may not do the urgent job would take the spare one, which gives way."""
        spare, urgent = put("spare_quick", "a"), put("urgent", "b")
        assert runner.offered(queue="fast", urgent=False) == []
        assert runner.offered(queue="fast", urgent=True) == [urgent.pk]
        assert runner.offered(queue="slow") == []
        runner.run_job(urgent.pk)
        assert runner.offered(queue="fast", urgent=False) == [spare.pk]

    def test_spare_work_can_be_left(self) -> None:
        job = put("later", "a")
        assert runner.drain(spare=False) == 0
        assert fresh(job).state == "ready"


class TestTryAgain:
    def parked(self) -> Job:
        job = put("permanent")
        runner.run_job(job.pk)
        return fresh(job)

    def test_it_gets_a_whole_new_round(self) -> None:
        job = self.parked()
        assert runner.try_again(job.pk)
        assert fresh(job).state == "ready"
        runner.run_job(job.pk)
        assert (fresh(job).state, fresh(job).attempts) == ("parked", 2)

    def test_a_worker_lost_job_may_fail_five_times_more(self) -> None:
        job = put()
        for _ in range(5):
            runner.claim(job.pk)
            make_due(job)
        runner.run_job(job.pk)
        runner.try_again(job.pk)
        runner.run_job(job.pk)
        assert fresh(job).state == "done"

    def test_what_is_not_parked_is_left_alone(self) -> None:
        job = put()
        assert not runner.try_again(job.pk)
        runner.run_job(job.pk)
        assert not runner.try_again(job.pk)
        assert not runner.try_again(987_654)

    def test_it_gives_way_to_a_newer_job_for_the_same_thing(self) -> None:
        job = self.parked()
        newer = put("permanent")
        assert newer.pk != job.pk
        runner.try_again(job.pk)
        assert (fresh(job).state, fresh(newer).state) == ("superseded", "ready")


def test_finished_jobs_are_forgotten_and_no_others() -> None:
    done, waiting = put(subject="1"), put("away", "2")
    runner.run_job(done.pk)
    assert runner.forget_finished(before=timezone.now() + timedelta(seconds=1)) == 1
    assert list(Job.objects.all()) == [waiting]


def test_a_live_worker_is_known_and_a_dead_one_is_not() -> None:
    assert not runner.worker_is_alive()
    runner.beat()
    assert runner.worker_is_alive()
    from jobs.models import WorkerBeat

    WorkerBeat.objects.update(seen_at=timezone.now() - timedelta(minutes=1))
    assert not runner.worker_is_alive()
