"""Readings over the API: listed, written down, decided one by one and at once."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from eservices.readings.models import Reading
from tests.eservices.readings.readings import a_read_meter, a_reading, reader, sent, today
from tests.factories import drain

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]
ALL = "/api/v1/readings"


@pytest.fixture
def metering(api_as: Caller) -> APIClient:
    """A program of Badr, who reads meters."""
    reader()
    return api_as("badr")


def _entry(**more: Any) -> dict[str, Any]:
    return {"source": "field", "contract": "1000001", "index": 1215, "read_on": today()} | more


def test_readings_are_listed_with_why_they_wait(metering: APIClient) -> None:
    waiting = sent(a_read_meter(), 9000).readings.get()
    a_reading(a_read_meter("1000002"), state="approved")
    [row] = metering.get(ALL, {"state": "received"}).json()["readings"]
    told = (row["id"], row["contract"], row["meter"], row["index"], row["verdict"], row["photo"])
    facts = (str(waiting.pk), "1000001", "WM1000001", 9000, "implausible", False)
    assert told == facts
    assert "7800" in " ".join(check["words"] for check in row["checks"])
    [other] = metering.get(ALL, {"contract": "100 0002", "state": "approved"}).json()["readings"]
    assert other["contract"] == "1000002"
    assert metering.get(ALL, {"contract": "4711"}).json()["readings"] == []
    one = metering.get(f"{ALL}/{waiting.pk}").json()
    assert [event["kind"] for event in one["history"]] == ["received", "checked"]
    assert metering.get(f"{ALL}/{waiting.pk}/photo").status_code == 404


def test_one_is_approved_with_the_index_of_the_photo(metering: APIClient) -> None:
    waiting = sent(a_read_meter(), 9000).readings.get()
    told = metering.post(f"{ALL}/{waiting.pk}/approve", {"index": 1215}, format="json").json()
    assert (told["state"], told["index"]) == ("approved", 1215)
    assert metering.post(f"{ALL}/{waiting.pk}/approve").status_code == 409


def test_several_are_declined_each_for_itself(metering: APIClient) -> None:
    waiting = [sent(a_read_meter(f"100000{n}"), 9000).readings.get() for n in (1, 2)]
    done = a_reading(a_read_meter("1000003"), state="approved")
    ids = [str(one.pk) for one in (*waiting, done)]
    given = {"readings": ids, "decision": "decline", "reason": "photo"}
    told = metering.post(f"{ALL}/decisions", given, format="json").json()
    assert (told["done"], [one["id"] for one in told["problems"]]) == (2, [str(done.pk)])
    assert Reading.objects.filter(state="declined").count() == 2
    unknown = metering.post(f"{ALL}/decisions", given | {"reason": "mood"}, format="json")
    assert unknown.status_code == 400


def test_an_unknown_meter_is_named(metering: APIClient) -> None:
    meter = a_read_meter()
    address = f"{ALL}/{sent(None, 1215).readings.get().pk}/assign"
    assert metering.post(address, {"serial": "none"}, format="json").status_code == 403
    told = metering.post(address, {"serial": meter.serial.lower()}, format="json").json()
    assert told["meter"] == meter.serial


def test_a_reading_is_written_down_for_somebody(metering: APIClient) -> None:
    """What is odd is said first; one a meter and period."""
    a_read_meter()
    odd = metering.post(ALL, _entry(index=9000), format="json")
    assert (odd.status_code, list(odd.json()["error"]["fields"])) == (400, ["confirmed"])
    by_phone = _entry(index=9000, confirmed=True, source="phone", contact="0612345678")
    unnamed = metering.post(ALL, by_phone, format="json").json()
    assert list(unnamed["error"]["fields"]) == ["name"]
    told = metering.post(ALL, by_phone | {"name": "Fatima Bennis"}, format="json")
    assert (told.status_code, told.json()["source"]) == (201, "phone")
    assert told.json()["request"]
    again = metering.post(ALL, _entry(), format="json")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "not_possible")
    lost = metering.post(ALL, _entry(contract="7"), format="json")
    assert list(lost.json()["error"]["fields"]) == ["serial"]


def test_a_team_needs_no_letter(metering: APIClient) -> None:
    a_read_meter()
    told = metering.post(ALL, _entry(), format="json").json()
    drain("reading.check")
    assert metering.get(f"{ALL}/{told['id']}").json()["state"] == "approved"
    assert told["request"] is None


def test_who_only_sees_readings_decides_none(api_as: Caller) -> None:
    waiting = sent(a_read_meter(), 9000).readings.get()
    clerk = api_as("amina")
    assert clerk.get(f"{ALL}/{waiting.pk}").status_code == 200
    assert clerk.post(f"{ALL}/{waiting.pk}/approve").status_code == 403
    many = {"readings": [str(waiting.pk)], "decision": "approve"}
    assert clerk.post(f"{ALL}/decisions", many, format="json").status_code == 403
    waiting.refresh_from_db()
    assert waiting.state == "received"
