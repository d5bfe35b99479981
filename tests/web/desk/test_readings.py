"""Readings at the desk: decided one by one and at once, written down, rounds, handed over."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from eservices.readings.models import Reading, ReadingExport, Round
from tests.eservices.readings.readings import a_read_meter, a_reading, a_round, reader, sent, today
from tests.factories import drain, person
from web.desk.readings.urls import urlpatterns

pytestmark = pytest.mark.django_db


def _in(username: str) -> Client:
    client = Client()
    client.force_login(person(username))
    return client


@pytest.fixture
def metering() -> Client:
    """Badr's browser, who reads meters."""
    client = Client()
    client.force_login(reader())
    return client


def _waiting(number: str = "1000001") -> Reading:
    return sent(a_read_meter(number), 9000).readings.get()


def test_the_list_says_why_a_reading_waits(metering: Client) -> None:
    reading = _waiting()
    page = metering.get("/readings/").content.decode()
    assert "9000" in page
    assert "7800" in page  # used since the last index
    assert f'value="approve:{reading.pk}"' in page
    assert "9000" not in metering.get("/readings/?state=approved").content.decode()
    assert "9000" in metering.get("/readings/?state=all&period=").content.decode()


def test_enter_among_the_reasons_approves_nothing(metering: Client) -> None:
    reading = _waiting()
    pages = [
        metering.get(path).content.decode() for path in ("/readings/", f"/readings/{reading.pk}/")
    ]
    for page in pages:
        forms = [form for form in page.split("<form") if 'name="text' in form]
        first = [re.search(r"<button[^>]*>", form) for form in forms]
        assert first, page
        assert all(one and ("disabled" in one[0] or "decline" in one[0]) for one in first)


def test_one_is_approved_and_several_declined_with_the_reason(metering: Client) -> None:
    first, second, third = (_waiting(f"100000{n}") for n in (1, 2, 3))
    metering.post("/readings/decide/", {"do": f"approve:{first.pk}"})
    several = {"do": "decline", "reading": [str(second.pk), str(third.pk)], "reason": "photo"}
    answer = metering.post("/readings/decide/", several)
    assert answer.status_code == 303
    decided = Reading.objects.filter(state__in=("approved", "declined"))
    states = dict(decided.values_list("pk", "state"))
    assert states == {first.pk: "approved", second.pk: "declined", third.pk: "declined"}
    other = {f"reason-{first.pk}": "other", "do": f"decline:{first.pk}"}
    metering.post("/readings/decide/", other)
    assert Reading.objects.get(pk=first.pk).state == "approved"


def test_the_index_of_the_photo_is_approved_in_place_of_the_one_given(metering: Client) -> None:
    reading = _waiting()
    assert metering.get(f"/readings/{reading.pk}/").status_code == 200
    metering.post(f"/readings/{reading.pk}/decide/", {"do": "approve", "index": "1215"})
    reading.refresh_from_db()
    assert (reading.state, reading.index) == ("approved", 1215)


def test_an_unknown_meter_is_named(metering: Client) -> None:
    meter = a_read_meter()
    reading = sent(None, 1215).readings.get()
    metering.post(f"/readings/{reading.pk}/decide/", {"do": "assign", "serial": "none 1"})
    metering.post(f"/readings/{reading.pk}/decide/", {"do": "assign", "serial": meter.serial})
    drain("reading.check")
    assert Reading.objects.get(pk=reading.pk).state == "approved"


def test_a_caller_is_asked_to_look_again_before_odd_figures_are_kept(metering: Client) -> None:
    meter = a_read_meter()
    given = {
        "source": "phone", "contract": "1000001", "serial": "", "index": "9000",
        "read_on": today().isoformat(), "name": "Fatima Bennis", "contact": "0612345678",
    }  # fmt: skip
    odd = metering.post("/readings/new/", given)
    assert (odd.status_code, "7800" in odd.content.decode()) == (422, True)
    assert metering.post("/readings/new/", given | {"confirmed": "on"}).status_code == 303
    reading = Reading.objects.get(meter=meter, state="received")
    assert (reading.source, reading.request is not None) == ("phone", True)
    again = metering.post("/readings/new/", given | {"confirmed": "on"})
    assert again.status_code == 422
    wrong = metering.post("/readings/new/", given | {"contract": "7", "name": ""})
    assert wrong.status_code == 422


def test_a_team_writes_an_index_down_without_a_letter(metering: Client) -> None:
    a_read_meter()
    given = {"source": "field", "contract": "1000001", "index": "1215"}
    given["read_on"] = today().isoformat()
    assert metering.post("/readings/new/", given).status_code == 303
    drain("reading.check")
    reading = Reading.objects.get(source="field")
    assert (reading.state, reading.request) == ("approved", None)


def test_rounds_are_added_and_changed(metering: Client) -> None:
    given = {"period": "2026-12", "sector": "S1", "service": ""}
    given |= {"opens_on": "2026-12-01", "closes_on": "2026-12-10"}
    assert metering.post("/readings/rounds/", given).status_code == 303
    assert metering.post("/readings/rounds/", given).status_code == 422
    row = Round.objects.get()
    wrong = metering.post(f"/readings/rounds/{row.pk}/", given | {"closes_on": "2026-11-10"})
    assert wrong.status_code == 422
    metering.post(f"/readings/rounds/{row.pk}/", given | {"closes_on": "2026-12-12"})
    assert str(Round.objects.get().closes_on) == "2026-12-12"
    assert "2026-12" in metering.get("/readings/rounds/").content.decode()


def test_the_file_for_billing_is_downloaded_and_again(metering: Client) -> None:
    reading = a_reading(a_read_meter(), state="approved", period="2026-11")
    answer = metering.post("/readings/handing-over/file/", {"period": "2026-11"})
    assert str(reading.pk) in answer.content.decode()
    export = ReadingExport.objects.get()
    again = metering.get(f"/readings/handing-over/{export.pk}/")
    assert again.content == answer.content
    assert export.made_by
    page = metering.get("/readings/handing-over/").content.decode()
    assert "2026-11" in page
    assert f"<bdi>{export.made_by.shown_name}</bdi>" in page
    assert f"<bdi>{export.made_by.username}</bdi>" not in page
    assert metering.post("/readings/handing-over/file/", {"period": "x"}).status_code == 303


def _addresses(reading: Reading, row: Round) -> list[tuple[str, str]]:
    """Return every address with the way in which it is asked for."""
    return [
        ("get", "/readings/"),
        ("get", "/readings/new/"),
        ("get", "/readings/rounds/"),
        ("get", f"/readings/rounds/{row.pk}/"),
        ("get", "/readings/handing-over/"),
        ("get", f"/readings/{reading.pk}/"),
        ("get", f"/readings/{reading.pk}/photo/"),
        ("get", "/readings/handing-over/1/"),
        ("post", "/readings/decide/"),
        ("post", f"/readings/{reading.pk}/decide/"),
        ("post", "/readings/handing-over/file/"),
    ]


@pytest.mark.parametrize("username", ["chafik", "dounia", "admin"])
def test_who_has_nothing_to_do_with_meters_is_refused(username: str) -> None:
    asked = _addresses(_waiting(), a_round())
    assert len(asked) == len(urlpatterns)
    client = _in(username)
    for way, address in asked:
        assert getattr(client, way)(address).status_code == 403, address
        assert getattr(Client(), way)(address).status_code in (302, 303), address


@pytest.mark.parametrize("username", ["amina", "ghita", "audit"])
def test_office_and_centre_see_and_do_not_decide(username: str) -> None:
    reading = _waiting()
    client = _in(username)
    page = client.get("/readings/").content.decode()
    assert "9000" in page
    assert "approve:" not in page
    assert client.get(f"/readings/{reading.pk}/").status_code == 200
    for address in ("/readings/decide/", f"/readings/{reading.pk}/decide/"):
        assert client.post(address, {"do": f"approve:{reading.pk}"}).status_code == 403
    period = {"period": "2026-12", "opens_on": "2026-12-01", "closes_on": "2026-12-10"}
    assert client.post("/readings/rounds/", period).status_code == 403
    assert Reading.objects.get(pk=reading.pk).state == "received"
    assert (client.get("/readings/new/").status_code == 403) == (username == "audit")


def test_the_list_costs_the_same_for_one_and_for_many(
    metering: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(8):
        a_reading(a_read_meter(f"20000{number}"))
    with django_assert_max_num_queries(22):
        assert metering.get("/readings/").status_code == 200
