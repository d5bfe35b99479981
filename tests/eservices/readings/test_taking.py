"""A reading from its request on: matched, one a period, checked, decided, answered."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from eservices.readings.deciding import (
    again_address,
    approve,
    assign,
    decide_many,
    decline,
    reading_to_send_again,
)
from eservices.readings.matching import match_meter
from eservices.readings.models import Reading
from eservices.readings.taking import AlreadyReadError, GivenReading, take_reading
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from tests.eservices.contracts.contracts import a_contract, a_meter
from tests.eservices.readings.readings import (
    a_read_meter,
    a_reading,
    a_round,
    reader,
    sent,
    today,
)
from tests.factories import drain, person

pytestmark = pytest.mark.django_db


def _codes(reading: Reading) -> list[str]:
    return [check["code"] for check in reading.checks]


def test_a_plausible_reading_is_approved_by_itself_and_ends_its_request() -> None:
    meter = a_read_meter()
    request = sent(meter, 1215)
    reading = request.readings.get()
    assert (reading.meter, reading.contract, reading.period) == (
        meter, meter.contract, f"{today():%Y-%m}",
    )  # fmt: skip
    assert (reading.state, reading.verdict) == ("approved", "plausible")
    assert (request.stage, request.outcome) == ("approved", "granted")
    assert _codes(reading) == ["as_usual", "no_photo"]


def test_an_equal_index_is_allowed() -> None:
    assert sent(a_read_meter(), 1200).readings.get().state == "approved"


def test_an_implausible_one_waits_for_staff() -> None:
    request = sent(a_read_meter(), 9000)
    reading = request.readings.get()
    assert (reading.state, reading.verdict, request.stage) == ("received", "implausible", "checked")
    approve(reading.pk, actor=reader())
    request.refresh_from_db()
    assert (request.stage, request.outcome) == ("approved", "granted")


def test_a_declined_one_is_answered_with_the_reason_and_the_way_to_send_again(
    mailoutbox: list[Any],
) -> None:
    meter = a_read_meter()
    request = sent(meter, 9000)
    reading = request.readings.get()
    with pytest.raises(NotAllowedError):
        decline(reading.pk, actor=reader(), reason="other")
    decline(reading.pk, actor=reader(), reason="photo", text="Trop sombre.")
    request.refresh_from_db()
    assert (request.stage, request.outcome) == ("declined", "refused")
    drain("request.tell")
    body = mailoutbox[-1].body
    assert "Trop sombre." in body
    assert "/readings/again/" in body
    token = again_address(reading).rstrip("/").rsplit("/", 1)[1]
    assert reading_to_send_again(token) == Reading.objects.get(pk=reading.pk)
    assert reading_to_send_again(token[:-1] + "x") is None
    again = sent(meter, 1215).readings.get()
    assert (again.state, again.replaces_id) == ("approved", reading.pk)


def test_one_a_meter_and_period_the_second_ends_with_the_reason() -> None:
    meter = a_read_meter()
    sent(meter, 1215)
    second = sent(meter, 1216)
    assert (second.stage, second.outcome) == ("closed", "no_action")
    assert Reading.objects.filter(meter=meter, period=f"{today():%Y-%m}").count() == 1


def test_an_unknown_meter_is_kept_for_staff_who_say_which_it_is() -> None:
    meter = a_read_meter()
    request = sent(None, 1215)
    reading = request.readings.get()
    assert (reading.meter, reading.claimed["contract"]) == (None, "999")
    assert "unknown_meter" in _codes(reading)
    with pytest.raises(NotAllowedError):
        approve(reading.pk, actor=reader())
    assign(reading.pk, meter, actor=reader())
    drain("reading.check")
    reading.refresh_from_db()
    assert (reading.meter, reading.state) == (meter, "approved")


def test_a_contract_number_alone_tells_a_stranger_nothing() -> None:
    meter = a_read_meter()
    first = sent(meter, 1215, answers={"serial": ""}).readings.get()
    second = sent(meter, 1215, answers={"serial": ""}).readings.get()
    assert (first.meter, second.meter) == (None, None)
    assert match_meter("1000001", service="water", trusted=True).meter == meter
    assert match_meter("1000001", serial="wm 1000001").meter == meter
    assert match_meter("1000002", serial="WM1000001").meter is None


def test_a_replaced_meter_is_flagged() -> None:
    contract = a_contract()
    old = a_meter(contract, "OLD1", last_read_on=today(), removed_on=today().replace(year=2020))
    assert "replaced" in _codes(sent(old, 125).readings.get())


def test_a_reading_outside_the_round_is_flagged_and_kept() -> None:
    meter = a_read_meter()
    a_round(opens=10, closes=20)
    reading = sent(meter, 1215).readings.get()
    assert (reading.state, _codes(reading)[0]) == ("received", "outside_window")


def test_several_are_decided_at_once_each_for_itself() -> None:
    first = sent(a_read_meter("1000001"), 9000).readings.get()
    second = sent(a_read_meter("1000002"), 9000).readings.get()
    approve(first.pk, actor=reader())
    found = decide_many([first.pk, second.pk], actor=reader(), approves=True)
    assert (found.done, list(found.problems)) == (1, [first.pk])
    with pytest.raises(ConflictError):
        approve(second.pk, actor=reader())


def test_others_decide_nothing() -> None:
    reading = sent(a_read_meter(), 9000).readings.get()
    for who in ("amina", "dounia"):
        with pytest.raises(NotAllowedError):
            approve(reading.pk, actor=person(who))


def test_staff_correct_the_index_that_the_photo_shows() -> None:
    reading = sent(a_read_meter(), 12150).readings.get()
    approve(reading.pk, actor=reader(), index=1215)
    reading.refresh_from_db()
    assert (reading.index, reading.state) == (1215, "approved")
    assert reading.events.get(kind="corrected").data == {"given": 12150, "index": 1215}


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one() -> None:
    meter = a_read_meter()

    def take(_n: int) -> str:
        match = match_meter("1000001", serial=meter.serial)
        try:
            take_reading(match, GivenReading(1215, today(), "portal"))
        except AlreadyReadError:
            return "already"
        finally:
            connection.close()
        return "taken"

    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(take, range(4)))
    assert found == ["already", "already", "already", "taken"]


def test_a_declined_reading_leaves_its_place() -> None:
    meter = a_read_meter()
    a_reading(meter, state="declined")
    take_reading(match_meter("1000001", serial=meter.serial), GivenReading(1215, today(), "portal"))
