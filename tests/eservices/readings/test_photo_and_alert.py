"""The photo beside the index, reminders, and the alert on unusual use."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from eservices.bills.models import Bill
from eservices.contracts.models import ContractEvent
from eservices.readings.history import months_of, uses_of
from eservices.readings.matching import match_meter
from eservices.readings.models import Round
from eservices.readings.reminding import queue_reminders, wanting
from eservices.readings.taking import GivenReading, take_reading
from eservices.readings.windows import window_for
from tests.eservices.contracts.contracts import a_contract, a_meter
from tests.eservices.readings.readings import a_read_meter, a_reading, a_round, sent, today
from tests.factories import drain
from tests.ocr.dials import Dial, jpeg

pytestmark = pytest.mark.django_db


def _photo(figures: str, **more: Any) -> list[tuple[str, str, bytes]]:
    return [("photo", "compteur.jpg", jpeg(Dial(figures, "27", angle=11, **more)))]


def test_a_photo_that_shows_the_same_index_approves_it() -> None:
    reading = sent(a_read_meter(), 1215, files=_photo("01215")).readings.get()
    assert (reading.state, reading.photo_index) == ("approved", "01215")
    assert reading.checks[-1] == {"code": "photo_same"}


def test_a_photo_that_shows_another_index_goes_to_staff() -> None:
    reading = sent(a_read_meter(), 1215, files=_photo("01216")).readings.get()
    assert (reading.state, reading.verdict) == ("received", "implausible")
    assert reading.checks[-1] == {"code": "photo_differs", "seen": "01216"}


def test_a_turning_wheel_goes_to_staff() -> None:
    photo = _photo("01215", turned=(0.0, 0.0, 0.0, 0.5, 0.5))
    reading = sent(a_read_meter(), 1215, files=photo).readings.get()
    assert (reading.state, reading.verdict, reading.photo_index) == ("received", "doubtful", "")


def test_unusual_use_is_told_once(mailoutbox: list[Any]) -> None:
    meter = a_read_meter()
    take_reading(
        match_meter("1000001", serial=meter.serial),
        GivenReading(1238, today(), "field", contact="fatima@example.ma"),
    )
    drain("reading.check")
    assert [event.kind for event in ContractEvent.objects.all()] == []
    drain("reading.warn")
    drain("reading.warn")
    told = ContractEvent.objects.get(contract=meter.contract, kind="unusual_use")
    assert (told.data["use"], told.data["expected"]) == (38, 15)
    assert len(mailoutbox) == 1
    assert "38" in mailoutbox[0].body


def test_usual_use_is_no_alert(mailoutbox: list[Any]) -> None:
    sent(a_read_meter(), 1216)
    drain("reading.warn")
    assert not ContractEvent.objects.filter(kind="unusual_use").exists()


def test_who_has_not_sent_is_reminded_once_before_the_end(mailoutbox: list[Any]) -> None:
    row = a_round(closes=2, sector="S1")
    done = a_read_meter("1000001", email="done@example.ma")
    a_reading(done, period=row.period)
    a_read_meter("1000002", email="late@example.ma", language="ar")
    a_read_meter("1000003", email="far@example.ma", sector="S2")
    a_read_meter("1000004")
    closed = a_read_meter("1000005", email="closed@example.ma", status="closed")
    assert closed.contract.email
    for _time in range(2):
        queue_reminders()
        for _step in range(4):
            drain("reading.remind")
    assert [mail.to for mail in mailoutbox] == [["late@example.ma"]]
    assert "1000002" in mailoutbox[0].body
    assert "/readings/send/" in mailoutbox[0].body
    assert ContractEvent.objects.filter(kind="reading_reminded").count() == 1


def test_a_round_far_from_its_end_reminds_nobody() -> None:
    a_round(closes=20)
    queue_reminders()
    assert Round.objects.get().reminded_at is None


def test_the_round_of_a_sector_stands_before_that_of_everywhere_else() -> None:
    period = f"{today():%Y-%m}"
    everywhere = a_round(period, opens=-1, closes=1)
    a_round(period, opens=3, closes=5, sector="S1")
    assert window_for("S2", "water").round == everywhere
    own = window_for("S1", "water")
    assert (own.open, own.opens_on) == (False, today() + timedelta(days=3))
    assert not wanting(everywhere).filter(sector="S1").exists()


def test_use_is_spread_over_the_months() -> None:
    meter = a_read_meter()
    assert sum(use.amount for use in uses_of(meter)) == 1200 - (1200 - 195)
    found = months_of(meter, until=today(), count=12)
    assert len(found) == 12
    assert any(use for _month, use in found)


def test_a_smaller_index_has_turned_over_only_near_the_end() -> None:
    meter = a_meter(a_contract("1000009"), last_index=20, last_read_on=today())
    a_reading(meter, index=99_990, state="exported", read_on=today() - timedelta(days=30))
    odd = today() - timedelta(days=60)
    a_reading(meter, index=99_995, state="exported", read_on=odd, period="2020-01")
    assert [use.amount for use in uses_of(meter)] == [30]


def test_bills_tell_of_use_too() -> None:
    contract = a_contract("1000009")
    meter = a_meter(contract, last_read_on=today())
    day = today() - timedelta(days=60)
    Bill.objects.create(
        number="F1", contract=contract, service="water", period_from=day,
        period_to=day + timedelta(days=29), issued_on=today(), previous_index=90, index=120,
        total=100, billed=100, remaining=100, made_at=timezone.now(), changed_at=timezone.now(),
    )  # fmt: skip
    assert [(use.days, use.amount) for use in uses_of(meter)] == [(30, 30)]
