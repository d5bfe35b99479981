"""The demo's readings: one is approved by itself, one waits for a person."""

from datetime import date

import pytest
from django.utils import timezone

from config.demo_bills import add_bills
from config.demo_readings import add_readings
from eservices.readings.models import Reading
from tests.factories import drain

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", [1, 2, 14, 20, 21, 30])
def test_one_reading_waits_and_two_runs_make_no_more(
    day: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_given: date(2026, 11, day))
    add_bills()
    add_readings()
    add_readings()
    drain("reading.check")
    assert sorted(Reading.objects.values_list("state", flat=True)) == ["approved", "received"]
