"""The demo has customers with meters and bills, once however often it is made."""

import pytest

from config.demo_agency import ask_agency
from config.demo_bills import MONTHS, add_bills
from eservices.bills.models import Bill
from eservices.contracts.models import ImportRun, Meter
from eservices.requests.models import Request
from tests.factories import drain

pytestmark = pytest.mark.django_db


def test_the_demo_has_bills_of_which_some_are_to_be_paid() -> None:
    """None of its lines is refused."""
    for _time in range(2):
        add_bills()
    assert not ImportRun.objects.filter(refused__gt=0).exists()
    assert (Meter.objects.count(), Bill.objects.count()) == (3, 3 * MONTHS)
    assert Bill.objects.filter(remaining__gt=0).count() == 6
    assert Bill.objects.get(estimated=True).contract.number == "3100201"  # type: ignore[union-attr]  # it has one


def test_the_demo_asks_the_agency_once() -> None:
    add_bills()
    for _time in range(2):
        ask_agency(say=lambda _told: None)
        drain("agency.begin")
    stages = dict(Request.objects.values_list("service__code", "stage"))
    assert stages == {"pay_bill": "payment", "statement": "received"}
