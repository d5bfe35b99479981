"""Late requests reach the heads once; what comes back stands in the centre's queue once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceJob
from eservices.relations.callbacks import TryData, log_try
from eservices.relations.escalation import call_back_stages, late_requests, queue_escalation
from eservices.relations.models import CallbackTask
from jobs.models import Job
from notices.kinds import NoticeKind
from notices.models import Notice
from tests.eservices.relations.centre import agent, asked, called, citizen, water_type
from tests.factories import drain

pytestmark = pytest.mark.django_db


def look() -> None:
    Job.objects.filter(kind=EserviceJob.CENTRE_LOOK).delete()
    queue_escalation()
    drain(EserviceJob.CENTRE_LOOK)


def test_heads_are_told_once_of_a_term_that_passed() -> None:
    past = timezone.localdate() - timedelta(days=1)
    late = asked(stage_due_on=past)
    asked(stage_due_on=timezone.localdate())
    asked(stage_due_on=past, kind="end")
    look()
    look()
    rows = Notice.objects.filter(kind=NoticeKind.REQUEST_LATE)
    assert [(row.person.username, row.letter_id) for row in rows] == [("dounia", late.letter_id)]
    assert list(late_requests()) == [late]


def test_the_stage_that_the_centre_ends_by_a_call_is_known() -> None:
    assert call_back_stages(definition_of(water_type())) == ["repaired"]


def test_a_repair_brings_a_call_back_once() -> None:
    someone = asked(name="Ali", phone="0661234567", stage="repaired")
    asked(name="Nobody", stage="repaired")  # no number
    asked(name="Omar", phone="0661000000", stage="triage")
    look()
    look()
    task = CallbackTask.objects.get()
    assert (task.request, task.phone, task.unit.code) == (someone, "0661234567", "COM")
    assert someone.letter.number in task.reason
    log_try(task, TryData(reached=True, tried=0), actor=agent())
    look()
    assert CallbackTask.objects.count() == 1


def test_who_asked_through_the_centre_is_called_at_the_end() -> None:
    request = asked(citizen("Salma", "0612000001"), phone="0612000001", stage="closed", kind="end")
    asked(name="Portal", phone="0661000000", stage="closed", kind="end")
    called(phone="0612000001", result="request", request=request)
    request.stage_since = timezone.now()
    look()
    assert [row.request for row in CallbackTask.objects.all()] == [request]


def test_a_look_is_asked_for_once_in_its_time() -> None:
    queue_escalation()
    queue_escalation()
    assert Job.objects.filter(kind=EserviceJob.CENTRE_LOOK).count() == 1
