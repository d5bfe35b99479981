"""Contacts and call-backs over the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from eservices.relations.callbacks import CallbackData, ask_callback
from eservices.relations.models import CallbackTask, ContactMoment, CustomerView
from registry.models.letters import Letter
from tests.eservices.relations.centre import agent, asked, called
from tests.factories import department

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]
MOMENTS, CALLS = "/api/v1/contact-moments", "/api/v1/call-backs"


@pytest.fixture
def hind(api_as: Caller) -> APIClient:
    agent()
    return api_as("hind")


def call(**said: Any) -> dict[str, Any]:
    return {"result": "answered", "subject": "Facture", "phone": "0661234567"} | said


def test_a_contact_is_logged_once_for_its_key(hind: APIClient) -> None:
    body = call(form_key="k", result="callback", department="COM", request=str(asked().pk))
    answers = [hind.post(MOMENTS, body, format="json") for _time in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert ContactMoment.objects.count() == CallbackTask.objects.count() == 1
    assert answers[0].json()["agent"] == "hind"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"result": "forwarded"}, "unit"),
        ({"department": "XX"}, "department"),
        ({"phone": "1"}, "phone"),
        ({"request": "0f8f7a52-6d0e-4c5d-9a51-0d6f3c1b2a90"}, "request"),
        ({"wrong": 1}, "wrong"),
    ],
)
def test_what_is_wrong_is_told_by_field(hind: APIClient, said: Any, field: str) -> None:
    answer = hind.post(MOMENTS, call(**said), format="json")
    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == [field]
    assert not ContactMoment.objects.exists()


def test_a_confidential_request_answers_like_one_that_is_not_there(hind: APIClient) -> None:
    row = asked(phone="0677889900")
    Letter.objects.filter(pk=row.letter_id).update(confidentiality=1)
    told = []
    for pk in (str(row.pk), "0f8f7a52-6d0e-4c5d-9a51-0d6f3c1b2a90"):
        for address in (MOMENTS, CALLS):
            body = call() if address == MOMENTS else {"phone": "0661234567", "reason": "Rappel"}
            answer = hind.post(address, {**body, "request": pk}, format="json")
            told.append((address, answer.status_code, answer.json()["error"]["fields"]))
    assert told[:2] == told[2:]
    assert {status for _address, status, _fields in told} == {400}


def test_contacts_are_listed_by_telephone_in_pages(hind: APIClient) -> None:
    for n in range(5):
        called(phone="0661234567", subject=f"Appel {n}")
    called(phone="0661999999")
    first = hind.get(MOMENTS, {"phone": "+212661234567", "limit": "3"}).json()
    asked_for: Any = {"phone": "0661234567", "limit": 3, "cursor": first["next_cursor"]}
    rest = hind.get(MOMENTS, asked_for).json()
    found = [row["subject"] for row in first["moments"] + rest["moments"]]
    assert found == [f"Appel {n}" for n in reversed(range(5))]
    assert rest["next_cursor"] == ""


def test_a_look_over_the_api_is_on_record(hind: APIClient) -> None:
    row = called(phone="0661234567").moment
    assert hind.get(f"{MOMENTS}/{row.pk}").json()["phone"] == "0661234567"
    assert CustomerView.objects.get().viewer.username == "hind"


def test_a_call_back_is_worked(hind: APIClient, api_as: Caller) -> None:
    body = {"phone": "0661234567", "reason": "Devis", "key": "q"}
    made = [hind.post(CALLS, body, format="json").json()["id"] for _time in range(2)]
    assert made[0] == made[1]
    address = f"{CALLS}/{made[0]}"
    assert hind.post(f"{address}/take").json()["assigned_to"] == "hind"
    vain = hind.post(f"{address}/tries", {"reached": False, "tried": 0}, format="json")
    assert vain.json()["tried"] == 1
    again = hind.post(f"{address}/tries", {"reached": False, "tried": 0}, format="json")
    assert again.status_code == 409
    listed = hind.get(f"{CALLS}?mine=true").json()
    assert (listed["open"], listed["mine"], len(listed["callbacks"])) == (1, 1, 1)
    done = hind.post(f"{address}/tries", {"reached": True, "tried": 1}, format="json")
    assert done.json()["reached"] is True
    assert hind.get(CALLS).json()["open"] == 0


def test_director_and_auditor_read_and_units_see_their_own(hind: APIClient, api_as: Caller) -> None:
    task = ask_callback(CallbackData("0661000001", "Centre"), actor=agent())
    unit = department("EAU")
    theirs = ask_callback(CallbackData("0661000002", "Eau", unit=unit), actor=agent())
    for name in ("direction", "audit"):
        assert api_as(name).get(MOMENTS).status_code == 200
        assert api_as(name).post(MOMENTS, call(), format="json").status_code == 403
        assert len(api_as(name).get(CALLS).json()["callbacks"]) == 2
        assert api_as(name).post(f"{CALLS}/{task.pk}/take").status_code == 404
    badr = api_as("badr")
    assert [row["reason"] for row in badr.get(CALLS).json()["callbacks"]] == ["Eau"]
    assert badr.post(f"{CALLS}/{task.pk}/take").status_code == 404
    assert badr.post(f"{CALLS}/{theirs.pk}/take").status_code == 200
    assert badr.get(MOMENTS).status_code == 403


def test_a_list_takes_as_many_queries_for_many(hind: APIClient) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as told:
            assert hind.get(address).status_code == 200
        return len(told)

    called(phone="0661000000", result="callback")
    few = [queries(address) for address in (MOMENTS, CALLS)]
    for n in range(9):
        called(phone=f"066100000{n}", result="callback")
    assert [queries(address) for address in (MOMENTS, CALLS)] == few
