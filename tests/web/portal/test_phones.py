"""A telephone number with a digit too few: nobody waits for a message that arrives nowhere."""

from typing import Any

import pytest
from django.test import Client

from registry.models.letters import Letter
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


@pytest.mark.parametrize("typed", ["123", "١٢٣", "555555", "bientôt", "0", "06123 (mon fils)"])
def test_what_is_no_telephone_is_told_and_can_be_corrected_or_left_out(
    client: Client, typed: str
) -> None:
    given = {"subject": "Fuite", "message": "Ici", "name": "Fatima"}
    answer = client.post("/portal/deposit/", given | {"phone": typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert typed in page
    assert "0612345678" in page
    assert not Letter.objects.exists()
    assert client.post("/portal/deposit/", given | {"phone": ""}).status_code == 303


@pytest.mark.parametrize(
    "typed",
    [
        "0612345678 / 0523341212",
        "0612345678 0523341212",
        "0523341212/13",
        "06 12 34 56 78 (mon fils)",
        "+33 1 42 68 53 00",
        "0034 612 345 678",
        "٠٦١٢٣٤٥٦٧٨",
    ],
)
def test_several_numbers_words_beside_them_and_numbers_from_abroad_are_taken(
    client: Client, typed: str
) -> None:
    given = {"subject": "Fuite", "message": "Ici", "name": "Fatima", "phone": typed}
    assert client.post("/portal/deposit/", given).status_code == 303
    assert Letter.objects.get().parties.get().phone == typed


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
