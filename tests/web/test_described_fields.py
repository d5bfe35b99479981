"""What a field says of help and errors is there for whoever does not see it."""

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "given"),
    [("/bills/duplicate/", {}), ("/follow/", {}), ("/portal/deposit/", {})],
)
def test_every_name_of_a_description_leads_to_one(path: str, given: dict[str, str]) -> None:
    page = Client().post(path, given).content.decode()
    named = {one for ids in re.findall(r'aria-describedby="([^"]+)"', page) for one in ids.split()}
    assert named
    assert named - set(re.findall(r' id="([^"]+)"', page)) == set()


def test_a_field_names_its_help_and_then_its_error() -> None:
    page = Client().post("/bills/duplicate/", {}).content.decode()
    assert 'aria-describedby="id_contract_help id_contract_error"' in page
