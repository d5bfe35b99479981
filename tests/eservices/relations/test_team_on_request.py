"""A request that needs a team: ordered, repaired or not, its photos on file, danger told."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from eservices.kinds import EserviceEvent, EserviceJob
from eservices.relations.danger import ring
from eservices.relations.field_ends import end_work
from eservices.relations.models import DangerAlarm, WorkOrder
from eservices.requests.acting import take_action
from eservices.requests.models import Request
from jobs.models import Job
from registry.models.documents import Document
from registry.models.events import LetterEvent
from routing.acting.errors import NotAllowedError
from tests.eservices.office import opened
from tests.eservices.relations.field import enter, team
from tests.factories import person

pytestmark = pytest.mark.django_db


def _in_triage(**more: Any) -> Request:
    request = opened(**more)
    take_action(request, "triage", actor=person("dounia"))
    return request


def _order(request: Request, crew: Any = None, *, client: Client | None = None) -> WorkOrder:
    """Make the order on the page, as Dounia."""
    if client is None:
        client = Client()
        client.force_login(person("dounia"))
    given = {"team": (crew or team()).pk, "planned_on": timezone.localdate().isoformat()}
    given |= {"what": "Réparer la fuite", "checklist": "Réparer"}
    answer = client.post(f"/work-orders/new/?request={request.pk}", given)
    assert answer.status_code == 303, answer.content.decode()[:2000]
    return WorkOrder.objects.filter(request=request).latest("made_at")


def _stage(request: Request) -> str:
    return Request.objects.get(pk=request.pk).stage


def _kinds(request: Request) -> list[str]:
    rows = LetterEvent.objects.filter(letter=request.letter_id).order_by("seq")
    return [kind for kind in rows.values_list("kind", flat=True) if kind.startswith("work_")]


def test_an_action_that_needs_a_team_waits_for_an_open_order_and_is_taken_with_it() -> None:
    request = _in_triage()
    with pytest.raises(NotAllowedError):
        take_action(request, "send_team", actor=person("dounia"))
    order = _order(request)
    assert _stage(request) == "on_site"
    assert order.request_id == request.pk
    assert _kinds(request) == [EserviceEvent.WORK_ORDERED]


def test_done_work_moves_the_request_and_files_its_pictures_once() -> None:
    request = _in_triage()
    order = _order(request)
    before = Document.objects.filter(letter=request.letter_id).count()
    enter(order, "photo", caption="après")
    enter(order, "sign", name="Fatima")
    enter(order, "end", done=True, remark="Réparé")
    for _ in range(3):
        end_work(str(order.pk), None)
    assert _stage(request) == "repaired"
    assert Document.objects.filter(letter=request.letter_id).count() == before + 2
    enter(order, "photo", caption="plus tard")
    end_work(str(order.pk), None)
    assert Document.objects.filter(letter=request.letter_id).count() == before + 3
    assert _kinds(request) == [
        *(EserviceEvent.WORK_ORDERED, EserviceEvent.WORK_STARTED, EserviceEvent.WORK_DONE),
        *(EserviceEvent.WORK_FILED, EserviceEvent.WORK_FILED),
    ]


def test_work_that_could_not_be_done_sends_the_request_back_and_a_second_team_is_needed() -> None:
    request = _in_triage()
    order = _order(request)
    enter(order, "end", done=False, remark="Accès fermé")
    end_work(str(order.pk), None)
    assert _stage(request) == "triage"
    request = Request.objects.select_related("letter", "version").get(pk=request.pk)
    with pytest.raises(NotAllowedError):
        take_action(request, "send_team", actor=person("dounia"))
    again = _order(request, order.team)
    assert _stage(request) == "on_site"
    end_work(str(order.pk), None)
    assert _stage(request) == "on_site"
    enter(again, "end", done=True, remark="")
    end_work(str(again.pk), None)
    assert _stage(request) == "repaired"


def test_a_team_whose_members_may_not_read_the_letter_moves_its_request_all_the_same() -> None:
    request = _in_triage()
    order = _order(request, team(members=("chafik",)))
    enter(order, "end", by=person("chafik"), done=True, remark="")
    end_work(str(order.pk), None)
    assert _stage(request) == "repaired"


def test_the_sync_answers_what_the_job_then_does() -> None:
    request = _in_triage()
    order = _order(request)
    badr = Client()
    badr.force_login(person("badr"))
    entry = {"id": str(uuid.uuid4()), "order": str(order.pk), "kind": "end"}
    entry |= {"by": str(person("badr").pk), "made_at": timezone.now().isoformat()}
    entry |= {"data": '{"done": true, "remark": "Réparé"}'}
    assert badr.post("/field/sync/", entry).json()["state"] == "done"
    assert Job.objects.filter(kind=EserviceJob.FIELD_ENDED, subject=str(order.pk)).exists()


def test_a_request_that_names_danger_alarms_the_head_at_once() -> None:
    answers = {"danger": "yes", "problem": "cut", "place": {"text": "Rue"}}
    answers |= {"description": "Fil à terre"}
    request = opened(answers=answers)
    assert request.dangerous
    job = Job.objects.get(kind=EserviceJob.DANGER_ALARM)
    ring(job.subject)
    alarm = DangerAlarm.objects.get(request=request)
    assert person("dounia").pk in alarm.told
    assert person("badr").pk not in alarm.told
    kinds = list(request.letter.events.values_list("kind", flat=True))
    assert EserviceEvent.DANGER_ALARMED in kinds
    again = Job.objects.filter(subject__startswith="again:").get()
    assert again.run_after - timezone.now() > timedelta(minutes=4)
    client = Client()
    client.force_login(person("dounia"))
    client.post(f"/danger/{alarm.pk}/seen/")
    event = request.letter.events.get(kind=EserviceEvent.DANGER_SEEN)
    assert event.actor == person("dounia")
    ring(again.subject)
    assert Job.objects.filter(subject__startswith="again:").count() == 1
