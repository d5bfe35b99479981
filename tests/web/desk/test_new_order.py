"""The form of a new work order, over HTTP."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from eservices.kinds import EserviceJob
from eservices.relations.models import WorkOrder
from jobs.models import Job
from tests.eservices.relations.field import team

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
NEW = "/work-orders/new/"


def _filled(page: str = "", **more: Any) -> dict[str, Any]:
    """A form for today, with the id that its page brought."""
    brought = re.search(r'name="order_id" value="([^"]+)"', page)
    given = {"planned_on": timezone.localdate().isoformat(), "what": "Vanne"}
    return given | ({"order_id": brought[1]} if brought else {}) | more


def test_an_order_that_is_clicked_twice_is_one(browser: Browser) -> None:
    crew, client = team(), browser("dounia")
    given = _filled(client.get(NEW).content.decode(), team=crew.pk, dangerous="on")
    answers = [client.post(NEW, given) for _click in range(2)]
    order = WorkOrder.objects.get()
    assert {answer["Location"] for answer in answers} == {f"/work-orders/{order.pk}/"}
    assert Job.objects.filter(kind=EserviceJob.DANGER_ALARM).count() == 1
    browser("amina").post(NEW, given)
    assert WorkOrder.objects.get() == order


def test_a_form_changed_after_its_order_was_made_keeps_what_is_typed(browser: Browser) -> None:
    crew, client = team(), browser("dounia")
    given = _filled(client.get(NEW).content.decode(), team=crew.pk)
    client.post(NEW, given)
    order = WorkOrder.objects.get()
    changed = given | {"what": "Poser un compteur"}
    told = client.post(NEW, changed)
    page = told.content.decode()
    assert told.status_code == 409
    assert order.number in page
    assert 'value="Poser un compteur"' in page
    assert WorkOrder.objects.get() == order
    again = _filled(page, team=crew.pk, what=changed["what"])
    assert client.post(NEW, again).status_code == 303
    assert set(WorkOrder.objects.values_list("what", flat=True)) == {"Vanne", "Poser un compteur"}


def test_coordinates_are_read_as_written_and_half_a_place_is_refused(browser: Browser) -> None:
    client = browser("dounia")
    given = _filled(team=team().pk)
    for wrong in (
        {"latitude": "33,97"},
        {"longitude": "-6.8"},
        {"latitude": "x", "longitude": "1"},
        {"latitude": "33." + "9" * 40, "longitude": "-6." + "8" * 40},
    ):
        refused = client.post(NEW, given | wrong)
        assert refused.status_code == 422, wrong
        assert all(f'value="{typed}"' in refused.content.decode() for typed in wrong.values())
    assert not WorkOrder.objects.exists()
    client.post(NEW, given | {"latitude": "٣٣٫٩٧", "longitude": "-6,85"})
    order = WorkOrder.objects.get()
    assert (order.latitude, order.longitude) == (Decimal("33.97"), Decimal("-6.85"))
