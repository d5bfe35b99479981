"""A telephone number with a digit too few: nobody waits for a message that arrives nowhere."""

from typing import Any

import pytest
from django.test import Client

from tests.eservices.office import published_type
from tests.eservices.readings.readings import today

pytestmark = pytest.mark.django_db
SHORT = "06 61 22 33 4"
READING = {
    "contract": "1000001", "serial": "WM1000001", "energy": "water", "index": "1215",
    "name": "Fatima Bennis", "contact": SHORT, "key": "k" * 30,
}  # fmt: skip
FORMS = {
    "/portal/deposit/": {"subject": "Fuite", "message": "Ici", "name": "Fatima", "phone": SHORT},
    "/my/sign-in/": {"contact": SHORT},
    "/readings/send/": READING,
}


@pytest.mark.parametrize("address", FORMS)
def test_a_number_with_a_digit_too_few_is_told(client: Client, address: str, settings: Any) -> None:
    settings.SMS_URL = "file:///nowhere"
    given = FORMS[address] | {"read_on": today().isoformat()}
    answer = client.post(address, given)
    assert answer.status_code == 422
    assert "compte 10\u00a0chiffres" in answer.content.decode()


def test_nor_is_the_code_of_a_form_sent_there(client: Client, settings: Any) -> None:
    settings.SMS_URL = "file:///nowhere"
    published_type("complaint_water")
    leak = {"danger": "no", "problem": "leak", "description": "Ici", "where_leaks": "street"}
    client.post("/services/complaint_water/form/what/", leak)
    answer = client.post("/services/complaint_water/keep/", {"contact": SHORT})
    assert answer.status_code == 422
    assert "compte 10\u00a0chiffres" in answer.content.decode()


@pytest.mark.parametrize("typed", ["3100201", "٣١٠٠٢٠١", "2027-02-30"])
def test_a_contract_s_number_or_a_day_is_no_telephone(
    client: Client, typed: str, settings: Any
) -> None:
    settings.SMS_URL = "file:///nowhere"
    assert client.post("/my/sign-in/", {"contact": typed}).status_code == 422
    abroad = client.post("/my/sign-in/", {"contact": "33142685300"})
    assert abroad.status_code == 303
