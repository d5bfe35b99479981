"""What a team reads: the day on which it was read counts, and each meter gets its own index."""

from datetime import timedelta

import pytest
from django.utils import timezone

from eservices.readings.entering import Entry, enter
from eservices.readings.field_readings import save_index
from eservices.readings.matching import match_meter
from eservices.readings.models import Reading
from eservices.readings.taking import reading_of
from eservices.relations.models import WorkOrder
from tests.eservices.contracts.contracts import a_contract, a_meter
from tests.eservices.office import opened
from tests.eservices.readings.readings import a_reading, a_round, reader, today
from tests.eservices.relations.field import enter as sheet
from tests.eservices.relations.field import ordered

pytestmark = pytest.mark.django_db


def sent_team() -> WorkOrder:
    """Return an order of a team that looks at the water meter of contract 1000001."""
    answers = {
        "contract": "1000001", "energy": "water", "problem": "fast", "when": "any",
        "place": {"text": "Settat"},
    }  # fmt: skip
    return ordered(request=opened("meter_check", answers=answers, channel="counter"))


def ended(order: WorkOrder) -> None:
    """End an order; its job takes the indexes, and is harmless to repeat."""
    sheet(order, "end", done=True, remark="")
    for _twice in range(2):
        save_index(str(order.pk), None)


def test_each_meter_gets_the_index_that_its_serial_names() -> None:
    """A team that exchanges a meter writes the last index of one and the first of the other."""
    old = a_meter(a_contract(), "OLD-1")
    order = sent_team()
    sheet(order, "index", value="4711", serial="old 1")
    sheet(order, "index", value="3", serial="NEW-1")  # not yet a meter of the contract
    ended(order)
    reading = Reading.objects.get()
    assert (reading.meter, reading.index, reading.source) == (old, 4711, "field")


def test_both_meters_are_read_where_both_are_known() -> None:
    contract = a_contract()
    a_meter(contract, "OLD-1")
    a_meter(contract, "NEW-1")
    order = sent_team()
    sheet(order, "index", value="4711", serial="OLD-1")
    sheet(order, "index", value="12", serial="NEW-1")
    sheet(order, "index", value="3", serial="NEW-1")
    ended(order)
    rows = Reading.objects.order_by("meter__serial").values_list("meter__serial", "index")
    assert list(rows) == [("NEW-1", 3), ("OLD-1", 4711)]


def test_what_a_team_reads_beside_a_reading_stands_in_its_history() -> None:
    meter = a_meter(a_contract(), "WM-1")
    standing = a_reading(meter, index=9000)
    order = sent_team()
    sheet(order, "index", value="1215,4")
    ended(order)
    assert Reading.objects.get() == standing
    told = standing.events.get(kind="read_by_team")
    assert (told.data["index"], told.data["order"]) == (1215, str(order.pk))


def test_a_sheet_that_comes_in_the_next_month_is_of_the_month_in_which_was_read() -> None:
    before = today().replace(day=1) - timedelta(days=1)
    meter = a_meter(a_contract(), "WM-1")
    order = sent_team()
    sheet(order, "index", value="1215", made_at=timezone.now() - (today() - before))
    ended(order)
    reading = Reading.objects.get()
    assert (reading.period, reading.read_on) == (f"{before:%Y-%m}", before)
    assert reading_of(match_meter("1000001", serial=meter.serial)) is None


def test_a_team_that_read_within_the_round_is_not_outside_of_it() -> None:
    meter = a_meter(a_contract(), "WM-1")
    row = a_round("2026-10", opens=-20, closes=-2)
    a_round("2026-12", opens=-1, closes=9)
    read_on = today() - timedelta(days=5)
    match = match_meter("1000001", serial=meter.serial)
    reading, _number = enter(match, Entry("field", 1215, read_on), actor=reader(), language="fr")
    assert (reading.period, reading.checks) == (row.period, [])
    assert reading_of(match, source="field", read_on=read_on) == reading
    assert reading_of(match) is None
